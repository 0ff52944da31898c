"""The help pages and the parser's complaints, in the language spoken.

English help stands beside each option; the catalogue has the other languages under `help.<command>.<parameter>`, what the
command does under `about`. The parser speaks English: its sentences are known by their form and said in other words.
"""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

from typer.core import TyperCommand, TyperGroup

from audit.catalogue import LANGUAGES, language, table
from audit.commands.values import lighten
from audit.report.layout import cells, indented, padded, wrapped
from audit.words import label, say

WIDEST, LEAST = 100, 40  # columns of a help page
COLUMN = 34  # the widest names that leave their explanation on the same line
COMMON = (
    (f"--lang [{'|'.join((*LANGUAGES, 'auto'))}]", "lang", "The language of report, messages and help."),
    ("--help", "help", "Show this page."),
)


NAMES = re.compile(r"(-\S+(?:,? (?:/ )?-\S+)*) ?(.*)")  # of an option, and what it takes


class Command(TyperCommand):
    """A command whose help page is ours, and that starts fast."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer does it, plain values without its validator."""
        for param in self.get_params(ctx):
            lighten(param)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the page."""
        formatter.write("\n".join(page(self, ctx)) + "\n")


class Group(TyperGroup):
    """The program, whose help page is ours, and that starts fast."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As a command does it."""
        for param in self.get_params(ctx):
            lighten(param)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the page."""
        formatter.write("\n".join(page(self, ctx)) + "\n")


def page(command: Any, ctx: Any) -> Iterator[str]:
    """The lines of a command's help page."""
    width = max(min(shutil.get_terminal_size().columns, WIDEST), LEAST)
    name = command.name if ctx.parent else "jiaokan"
    yield usage(command, ctx)
    yield ""
    for paragraph in said(name, "about", inspect.cleandoc(command.help or "")).split("\n\n"):
        yield from indented(" ".join(paragraph.split("\n")), width, "  ")
        yield ""
    params = [param for param in command.params if param.name != "help"]
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    if arguments:
        yield from section("arguments", [row(param, name, ctx) for param in arguments], width)
    common = [
        (names, with_default(said("common", key, words), key == "lang" and "auto")) for names, key, words in COMMON
    ]
    yield from section("options", [*(row(param, name, ctx) for param in options), *common], width)
    commands = getattr(command, "commands", {})
    if commands:
        rows = [(one.name, summary(one)) for one in commands.values()]
        yield from section("commands", rows, width)


def usage(command: Any, ctx: Any) -> str:
    """How the command is called, in a line."""
    arguments = {param.name: param for param in command.params if param.param_type_name == "argument"}
    words = []
    for piece in command.collect_usage_pieces(ctx):
        param = arguments.get(piece.strip("[]{}."))
        shown = argument(param) if param else metavar(piece)
        words.append(shown if param is None or param.required else say("optional", words=shown))
    return say("usage", command=" ".join([ctx.command_path, *words]))


def summary(command: Any) -> str:
    """The first sentence about a command."""
    return said(command.name, "about", inspect.cleandoc(command.help or "")).split("\n", 1)[0]


def said(command: str, name: str, english: str) -> str:
    """The help of a parameter in the language spoken."""
    return table(language()).get(f"help.{command}.{name}", english)


def row(param: Any, command: str, ctx: Any) -> tuple[str, str]:
    """A parameter's names with what it takes, and its help."""
    if param.param_type_name == "argument":
        names = argument(param)
    else:
        match = NAMES.fullmatch(param.get_help_record(ctx)[0])
        assert match is not None
        shown, taken = match.groups()
        names = f"{shown} {metavar(taken)}".rstrip()
    words = said(command, param.name, param.help or "")
    if param.required:
        return names, words + say("required")
    return names, with_default(words, getattr(param.default, "value", param.default))


def argument(param: Any) -> str:
    """What stands for an argument: its words where it takes no others."""
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(one.value) for one in kind)
    return metavar(param.name)


def metavar(word: str) -> str:
    """What stands for a value, in the language spoken; the parser has it in brackets or as a name."""
    if word.strip("[]<>").count("|"):
        return f"[{word.strip('[]<>')}]"
    return (
        label("metavar", word.strip("{}<>.").lower()) if word[:1] in "{<" or word.islower() else label("metavar", word)
    )


def with_default(words: str, value: object) -> str:
    """The help with what holds where the option is not given."""
    return words if value is None or value is False else words + say("default", value=value)


def section(name: str, rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    """A heading and two columns."""
    yield say(f"section.{name}")
    column = min(max(cells(names) for names, _ in rows), COLUMN) + 4
    for names, words in rows:
        lines = wrapped(words, width - column)
        if cells(names) + 4 > column:
            yield f"  {names}"
        else:
            yield padded(f"  {names}", column) + lines.pop(0)
        yield from (" " * column + line for line in lines)
    yield ""


@cache
def forms() -> list[tuple[re.Pattern[str], str]]:
    """The parser's sentences as patterns, with what to say instead; those that say more come first."""
    prefix = "parser."
    group = [(key.removeprefix(prefix), words) for key, words in table(language()).items() if key.startswith(prefix)]
    group.sort(key=lambda pair: -len(pair[0]))
    return [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(key))), words) for key, words in group]


def complaint(english: str) -> str:
    """What the parser says, in the language spoken; what is not known stays English."""
    english = " ".join(line.strip() for line in english.split("\n")).strip()
    english = english.replace(": Value error, ", ": ")  # the validator's own words
    if language() == "en":
        return english
    for form, words in forms():
        match = form.fullmatch(english)
        if match:
            parts = {name: complaint(part) for name, part in match.groupdict().items()}
            return words.format(**parts)
    return english
