"""The languages that the program speaks, and everything it says in those other than English.

English stands where it is said: by key in `english.py`, in a rule's declaration and docstring, beside an option or an
error. An English sentence may therefore be its own key. Every other language is data: `<language>.toml` here holds the
frame, `pages/<kind>.toml` beside a rule's module what the rule says (`audit.pages`). Tables are read when first asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
SENTENCES = "sentences"  # the group whose keys are whole English sentences

_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language spoken now."""
    return _language.get()


def speak(name: str) -> None:
    """Speaks this language from now on."""
    _language.set(name)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speaks this language for a while.

    >>> with speaking("zh"):
    ...     language()
    'zh'
    >>> language()
    'en'
    """
    token = _language.set(name)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def table(name: str) -> Mapping[str, str]:
    """What a language says, by key; `[column] kind` in the file is `column.kind`. English says all of it elsewhere."""
    if name == "en":
        return {}
    file = Path(__file__).with_name(f"{name}.toml")
    return dict(flat("", tomllib.loads(file.read_bytes().decode("utf-8"))))


def flat(prefix: str, group: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The entries of a group with their whole keys."""
    for key, value in group.items():
        if isinstance(value, str):
            yield prefix + key, value
        else:
            yield from flat("" if key == SENTENCES else f"{prefix}{key}.", value)
