"""Sentences that are kept in a table and said in the language of whoever reads the summary."""

from __future__ import annotations

from typing import Any

import msgspec

from audit.catalogue import speaking
from audit.printing import printable
from audit.words import Phrase


def kept(words: str) -> str | None:
    """A sentence with its values as JSON; None for words that are said as they are."""
    return msgspec.json.encode(plain(words)).decode("utf-8") if isinstance(words, Phrase) else None


def plain(value: Any) -> Any:
    """A sentence as a list of itself and its values, numbers as they are, all else as text."""
    if isinstance(value, Phrase):
        return [value.sentence, {name: plain(one) for name, one in value.values.items()}]
    return value if value is None or isinstance(value, (bool, int, float)) else printable(str(value))


def again(raw: str | None, words: str) -> str:
    """The sentence; what it is in English by itself, another language where it is put into other words."""
    with speaking("en"):
        return words if raw is None else made(msgspec.json.decode(raw))


def made(value: Any) -> Any:
    """What `plain` was made of."""
    if not isinstance(value, list):
        return value
    sentence, values = value
    return Phrase(sentence, **{name: made(one) for name, one in values.items()})
