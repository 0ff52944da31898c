"""`jiaokan config`: the settings in force and where each comes from."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.commands.tongue import settle, tongue
from audit.report.layout import cells

if TYPE_CHECKING:
    from audit.config import Config
    from audit.gate.layers import Loaded

OPTIONS = {"gitignore": "--no-gitignore", "cache": "--no-cache"}  # whose names say what they take away
COLUMN = 44  # cells that a setting takes before its origin


def config(
    path: Annotated[
        str | None, typer.Argument(help="A file whose own settings are wanted, overrides included.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Print the settings in force, and where each comes from: default, preset, or the line of a file."""
    from audit.gate.layers import load  # noqa: PLC0415 - help needs no settings

    loaded = load(config)
    settle(loaded.config.lang)
    show(loaded, [path] if path else [])


def show(loaded: Loaded, paths: Sequence[str]) -> None:
    """Prints the settings, and which overrides are for these files. Raises AuditError for a rule that does not exist."""
    from audit.gate.effective import check_words  # noqa: PLC0415 - as above
    from audit.registry import load_rules  # noqa: PLC0415

    check_words(load_rules()[0], loaded.config)
    for setting, origin in [*settings(loaded), *(row for path in paths for row in here(loaded, path))]:
        gap = " " * max(COLUMN - cells(setting), 2)
        sys.stdout.write(f"{setting}{gap}# {origin}\n")


def show_flagged(loaded: Loaded, config: Config, given: Iterable[str], paths: Sequence[str]) -> int:
    """Prints the settings with the options of the command line laid over them; the exit code. `given` are those that were."""
    origins = loaded.origins | {
        name.replace("_", "-"): OPTIONS.get(name, f"--{name.replace('_', '-')}") for name in given
    }
    for name, option in (("overrides", "--gate"), ("budgets", "--budget")):
        first, last = (len(getattr(one, name)) for one in (loaded.config, config))
        origins |= {f"{name}[{number}]": option for number in range(first + 1, last + 1)}
    show(replace(loaded, config=config, origins=origins), paths)
    return 0


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
        elif name == "lang" and (chosen := tongue()):
            yield f"{name} = {toml(chosen[0])}", chosen[1]
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
