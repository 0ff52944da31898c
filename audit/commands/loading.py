"""The commands by name; a command's module is imported when the command is called or its help is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer

from audit.commands.usage import Command, Group
from audit.docstring import docstring

HOMES = {  # command: module below `audit.commands`, and the function where its name is another
    "check": ("check", "check"),
    "rules": ("rules", "list_rules"),
    "explain": ("explain", "explain"),
    "init": ("init", "init"),
    "config": ("config", "config"),
    "baseline": ("baseline", "baseline"),
    "fix": ("fix", "fix"),
    "undo": ("undo", "undo"),
    "encodings": ("encodings", "encodings"),
    "convert": ("convert", "convert"),
    "scan": ("scan", "scan"),
    "apply": ("apply", "apply"),
    "lsp": ("lsp", "lsp"),
    "cache": ("cache", "cache"),
}


class Commands(Mapping[str, Any]):
    """The commands, each made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            module, function = HOMES[name]
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            made = getattr(import_module(f"audit.commands.{module}"), function)
            alone.command(name, cls=Command, help=docstring(made))(made)
            self._made[name] = typer.main.get_command(alone)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(HOMES)

    def __len__(self) -> int:
        return len(HOMES)


class Program(Group):
    """The program, which knows its commands by name before it loads them."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.commands = Commands()  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help page."""
        del ctx
        return list(self.commands)
