"""The plain values of a command line, read without typer's validator: loading that takes as long as loading numpy."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args, get_origin

NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)
DEMANDS = ("parser", "min", "max", "exists", "resolve_path", "writable", "allow_dash", "path_type")


class NotPlain(Exception):  # noqa: N818 - no error: typer reads such a value, and says what is wrong with it
    """A value that is left to typer."""


def of_text(value: Any) -> str:
    """Text is what it is."""
    if not isinstance(value, str):
        raise NotPlain
    return value


def of_switch(value: Any) -> bool:
    """A switch is on or off."""
    if not isinstance(value, bool):
        raise NotPlain
    return value


def of_path(value: Any) -> Path:
    """Any text is a path, but not to what may not be read."""
    path = value if isinstance(value, Path) else Path(of_text(value))
    if path.exists() and not os.access(path, os.R_OK):
        raise NotPlain
    return path


def of_number(value: Any) -> float:
    """A number that everyone writes so."""
    if type(value) is float:
        return value
    if not NUMBER.fullmatch(of_text(value)):
        raise NotPlain
    return float(value)


def of_choice(names: type[Enum]) -> Callable[[Any], Enum]:
    """One of these names, spelled as they are."""

    def choose(value: Any) -> Enum:
        if isinstance(value, names):
            return value
        known = {member.value: member for member in names}
        if of_text(value) not in known:
            raise NotPlain
        return known[value]

    return choose


def of_list(one: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    """Several values, each read by `one`."""

    def each(value: Any) -> list[Any]:
        if one is None or not isinstance(value, tuple | list):
            raise NotPlain
        return [one(item) for item in value]

    return one and each


def reader(annotation: Any) -> Callable[[Any], Any] | None:
    """What reads a value of this type; None for types that are left to typer."""
    if get_origin(annotation) is list:
        return of_list(reader(get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return of_choice(annotation)
    return {bool: of_switch, str: of_text, Path: of_path, float: of_number}.get(annotation)


def lighten(param: Any) -> None:
    """Has the parameter read plain values itself; all others, and all faults, are typer's as before.

    Does nothing where typer is of a version that has no such validator.
    """
    described = getattr(param, "type_descriptor", None)
    if described is None or getattr(param, "_runtime_param", 0) is not None:
        return
    read = reader(described.annotation)
    if read is None or any(getattr(described.parameter_info, name, None) for name in DEMANDS):
        return
    thorough = param.get_runtime_param

    def coerce(value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        try:
            return read(value)
        except NotPlain:
            param._runtime_param = None  # noqa: SLF001 - where typer keeps what reads the value
            return thorough().coerce(value, param=param, ctx=ctx)

    param._runtime_param = SimpleNamespace(coerce=coerce)  # noqa: SLF001 - as above
