"""Settings in layers: defaults, presets, `jiaokan.toml` or `[tool.jiaokan]` in `pyproject.toml`; and where each came from.

The nearest such file above the working folder counts. What a layer says takes the place of what the one below says; tables
are laid over each other key by key, and lists of overrides and budgets are joined.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from audit.config import EXTENDS, Config, parse, renamed
from audit.errors import AuditError, nearest
from audit.words import Phrase, cause

PRESETS = Path(__file__).with_name("presets")
NAMES = ("jiaokan.toml", "pyproject.toml")
JOINED = ("overrides", "budgets")
LAID_OVER = ("severity", "gate", "grade")
Origins = dict[str, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force; `origins` says of each, by dotted name, where it was said. What is missing there is a default."""

    config: Config
    origins: Origins
    file: Path | None


def load_config(path: Path | None = None, start: Path | None = None) -> Config:
    """The configuration in `path`, or in the nearest file above `start` (the working folder), or the defaults.

    Raises AuditError for a file that cannot be read, is no TOML, or holds an unknown key or a wrong value.
    """
    return load(path, start).config


def load(path: Path | None = None, start: Path | None = None) -> Loaded:
    """As `load_config`, with the places."""
    file = path or find_config(start or Path.cwd())
    if file is None:
        return Loaded(Config(), {}, None)
    text, own = read_table(file)
    table: dict[str, Any] = {}
    origins: Origins = {}
    places = {key: f"{shown(file)}:{line}" for key, line in lines(text, own)} | {"*": shown(file)}
    for name in extended(own, places.get(EXTENDS, places["*"])):
        lay(table, origins, preset(name), dict.fromkeys(["*"], f"preset {name}"))
    own = renamed({key: value for key, value in own.items() if key != EXTENDS}, places["*"])
    lay(table, origins, own, places)
    try:
        config = parse(table, "")
    except AuditError as error:
        raise placed(error, origins | {"": places["*"]}) from error
    return Loaded(msgspec.structs.replace(config, root=str(file.resolve().parent), file=str(file)), origins, file)


def placed(error: AuditError, origins: Origins) -> AuditError:
    """What is wrong with a setting, beginning with the file and the line that say it."""
    values = error.values
    told = values["error"].values if isinstance(values.get("error"), Phrase) else values
    inside = str(values["origin"]).removeprefix(": ")
    name = ".".join(part for part in (inside, told.get("name", told.get("key", ""))) if part)
    place = place_of(origins, name)
    return AuditError(error.args[0], **{**values, "origin": f"{place}: {inside}" if inside else place})


def place_of(origins: Origins, name: str) -> str:
    """Where a setting was said, by its dotted name, or what it is part of; "" is the file."""
    while name not in origins:
        name = name.rpartition(".")[0]
    return origins[name]


def said_at(config: Config, where: str, word: str) -> str:
    """The place in the file of settings that has this word in the setting `where`, or the empty string."""
    if not config.file:
        return ""
    text, own = read_table(Path(config.file))
    group, _, number = where.rstrip("]").partition("[")
    value = own.get(group)
    value = value[int(number) - 1] if number and isinstance(value, list) and int(number) <= len(value) else value
    if not isinstance(value, (list, Mapping)) or (not number and word not in value):
        return ""
    found = dict(lines(text, own))
    line = found.get(f"{where}.{word}", found.get(where))
    return f"{shown(Path(config.file))}:{line}" if line else shown(Path(config.file))


def shown(file: Path) -> str:
    """A file as people call it: from the working folder, if it lies there."""
    path = os.path.relpath(file)
    return file.as_posix() if path.startswith("..") else Path(path).as_posix()


def extended(table: Mapping[str, Any], origin: str) -> Sequence[str]:
    """The presets that a file builds on; AuditError for one that there is not."""
    names = table.get(EXTENDS, ())
    names = [names] if isinstance(names, str) else names
    known = preset_names()
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise AuditError(
            "{origin}: extends = {value!r}; it is one of {known}{hint}",
            origin=origin,
            value=names,
            known=", ".join(known),
            hint="",
        )
    for name in names:
        if name not in known:
            raise AuditError(
                "{origin}: extends = {value!r}; it is one of {known}{hint}",
                origin=origin,
                value=name,
                known=", ".join(known),
                hint=nearest(name, known),
            )
    return names


def preset_names() -> list[str]:
    """The presets that come with the program."""
    return sorted(file.stem for file in PRESETS.glob("*.toml"))


def preset(name: str) -> dict[str, Any]:
    """The settings of a preset."""
    return tomllib.loads((PRESETS / f"{name}.toml").read_bytes().decode("utf-8"))


def lay(table: dict[str, Any], origins: Origins, layer: Mapping[str, Any], places: Mapping[str, str]) -> None:
    """Lays a layer over the table, in place."""
    for key, value in layer.items():
        if key in JOINED and isinstance(value, list):
            first = len(table.get(key, [])) + 1
            table[key] = [*table.get(key, []), *value]
            for number in range(len(value)):
                origins[f"{key}[{first + number}]"] = places.get(f"{key}[{number + 1}]", places["*"])
        elif key in LAID_OVER and isinstance(value, dict):
            table[key] = {**table.get(key, {}), **value}
            origins.update({f"{key}.{inner}": places.get(f"{key}.{inner}", places["*"]) for inner in value})
        else:
            table[key] = value
            origins[key] = places.get(key, places["*"])


def lines(text: str, table: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The line of each setting of a file, by dotted name; a look at the form only, for people to find it."""
    group, counts = "", dict.fromkeys(JOINED, 0)
    for number, line in enumerate(text.split("\n"), 1):
        if head := re.match(r"\s*\[\[?(?:tool\.jiaokan\.?)?([\w.-]*)\]\]?", line):
            group = head[1]
            if group in counts:
                counts[group] += 1
                yield f"{group}[{counts[group]}]", number
        elif (pair := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)) and group not in JOINED:
            name = next(iter(renamed({pair[1]: None}, "")))
            yield f"{group}.{name}" if group else name, number
            if not group and isinstance(table.get(name), dict):
                yield from ((f"{name}.{inner}", number) for inner in table[name])


def find_config(start: Path) -> Path | None:
    """The nearest `jiaokan.toml`, or `pyproject.toml` with a `[tool.jiaokan]` table, at or above a folder."""
    for folder in (start, *start.parents):
        if (folder / NAMES[0]).is_file():
            return folder / NAMES[0]
        project = folder / NAMES[1]
        if project.is_file() and b"tool.jiaokan" in project.read_bytes():
            return project
    return None


def read_table(file: Path) -> tuple[str, Mapping[str, Any]]:
    """The text of a file and its settings table."""
    try:
        text = file.read_bytes().decode("utf-8-sig")  # editors of Windows put a mark in front
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AuditError("{file}: the configuration cannot be read: {error}", file=file, error=cause(error)) from error
    if file.name == "pyproject.toml":
        table = table.get("tool", {}).get("jiaokan", {})
    return text, table
