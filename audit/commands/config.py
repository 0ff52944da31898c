"""`jiaokan config`: the settings in force and where each comes from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.commands.tongue import settle
from audit.report.layout import cells

if TYPE_CHECKING:
    from audit.gate.layers import Loaded

COLUMN = 44  # cells that a setting takes before its origin


def config(
    path: Annotated[
        str | None, typer.Argument(help="A file whose own settings are wanted, overrides included.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Print the settings in force, and where each comes from: default, preset, or the line of a file."""
    from audit.gate.effective import check_words  # noqa: PLC0415 - help needs no settings
    from audit.gate.layers import load  # noqa: PLC0415
    from audit.registry import load_rules  # noqa: PLC0415

    loaded = load(config)
    settle(loaded.config.lang)
    check_words(load_rules()[0], loaded.config)
    for setting, origin in [*settings(loaded), *(here(loaded, path) if path else ())]:
        gap = " " * max(COLUMN - cells(setting), 2)
        sys.stdout.write(f"{setting}{gap}# {origin}\n")


def settings(loaded: Loaded) -> Iterator[tuple[str, str]]:
    """Each setting as TOML, and its origin."""
    import msgspec  # noqa: PLC0415 - as above

    from audit.config import INTERNAL  # noqa: PLC0415
    from audit.gate.layers import LAID_OVER  # noqa: PLC0415
    from audit.words import say  # noqa: PLC0415

    default = say("default settings")
    for name, value in msgspec.to_builtins(loaded.config).items():
        if name in INTERNAL:
            continue
        if name in LAID_OVER:
            for inner, one in value.items():
                yield f"{name}.{inner} = {toml(one)}", loaded.origins.get(f"{name}.{inner}", default)
        elif value and isinstance(value, (list, tuple)) and isinstance(value[0], dict):
            for number, one in enumerate(value, 1):
                shown = ", ".join(
                    f"{key} = {toml(part)}" for key, part in one.items() if part not in ("", None, [], {})
                )
                yield f"{name}[{number}]: {shown}", loaded.origins.get(f"{name}[{number}]", default)
        else:
            yield f"{name} = {toml(value)}", loaded.origins.get(name, default)


def here(loaded: Loaded, path: str) -> Iterator[tuple[str, str]]:
    """The overrides that name a file, the one that counts most last."""
    from audit.gate.rules import concerns  # noqa: PLC0415 - as above

    for number, one in enumerate(loaded.config.overrides, 1):
        if concerns(one.paths, path, loaded.config.root):
            name = f"overrides[{number}]"
            yield f"{path}: {name}", loaded.origins.get(name, "")


def toml(value: Any) -> str:
    """A value as TOML has it.

    >>> toml(["a", 1.5, True]), toml({"a": "b"})
    ('["a", 1.5, true]', '{ a = "b" }')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f"{value}"
