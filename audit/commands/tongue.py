"""Which language to speak: `--lang`, else JIAOKAN_LANG, else `lang` in the settings, else the locale's."""

from __future__ import annotations

import locale
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.catalogue import LANGUAGES, speak
from audit.errors import AuditError, nearest

AUTO = "auto"
OPTION, VARIABLE = "--lang", "JIAOKAN_LANG"
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts


@dataclass(slots=True)
class Choice:
    """Who chose the language: the command line, the environment, or nobody yet."""

    option: str = AUTO
    variable: str = AUTO


CHOICE = Choice()


def take(arguments: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The arguments without `--lang`, which may stand anywhere; speaks the language that it or the environment asks for.

    Raises AuditError for a language that is not spoken.
    """
    rest: list[str] = []
    option = AUTO
    left = iter(arguments)
    speak(of_locale(environ))
    for argument in left:
        name, given, value = argument.partition("=")
        if argument == "--":
            rest += [argument, *left]
        elif name == OPTION:
            option = value if given else next(left, "")
        else:
            rest.append(argument)
    CHOICE.option, CHOICE.variable = known(option, OPTION), known(environ.get(VARIABLE) or AUTO, VARIABLE)
    settle()
    return rest


def known(name: str, origin: str) -> str:
    """The name, if it is a language or `auto`; else AuditError."""
    names = (*LANGUAGES, AUTO)
    if name not in names:
        raise AuditError(
            "{origin} {value!r}; it is one of {known}{hint}",
            origin=origin,
            value=name,
            known=", ".join(names),
            hint=nearest(name, names),
        )
    return name


def settle(setting: str = AUTO) -> None:
    """Speaks what was chosen, once the settings are read."""
    chosen = next((name for name in (CHOICE.option, CHOICE.variable, setting) if name != AUTO), None)
    if chosen:
        speak(chosen)


def tongue() -> tuple[str, str] | None:
    """The language that the command line or the environment asks for, and which of them; None if neither does."""
    asked = ((CHOICE.option, OPTION), (CHOICE.variable, VARIABLE))
    return next(((name, origin) for name, origin in asked if name != AUTO), None)


def of_locale(environ: Mapping[str, str]) -> str:
    """The language of the locale; English for all that are not spoken."""
    name = next((environ[variable] for variable in LOCALE if environ.get(variable)), None)
    if name is None:
        name = locale.getlocale()[0] or ""  # Windows keeps it elsewhere
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def of_machines() -> str:
    """The language of formats that programs read: English, unless the command line asks for another."""
    return "en" if CHOICE.option == AUTO else CHOICE.option
