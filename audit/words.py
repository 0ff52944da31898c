"""What the program says, apart from what it does: `say` fills the words of a key in the language spoken now.

Rules bring their own messages; this is the frame around them. `audit.catalogue` holds it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Self

from audit.catalogue import language, table
from audit.catalogue.english import ENGLISH

ONE = (1, "1")


def say(key: str, /, **values: Any) -> str:
    """The words of `key`, filled. An English sentence may be its own key.

    >>> say("promise", promised=15, found=14, usable=12)
    '15 entries promised, 14 found, 12 to publish or edit.'
    >>> say("{path}: no such file", path="a.txt")
    'a.txt: no such file'

    Of one thing, `key.one` is said where there is such a key.

    >>> say("html.repairs", count=1), say("html.repairs", count=2)
    ('1 safe repair', '2 safe repairs')
    """
    if values.get("count") in ONE and f"{key}.one" in ENGLISH:
        key = f"{key}.one"
    words = table(language()).get(key, ENGLISH.get(key, key))
    return words.format(**values) if values else words


def label(group: str, name: str) -> str:
    """What a name of the program's own is called: a kind, a severity, an action, a key of evidence.

    >>> label("kind", "byte-shift"), label("evidence", "lost_bytes")
    ('byte-shift', 'lost bytes')
    """
    key = f"{group}.{name}"
    return table(language()).get(key, ENGLISH.get(key, name.replace("_", " ")))


def listing(items: Iterable[object]) -> str:
    """Items in a row, parted as the language parts them.

    >>> listing(["a", "b"])
    'a, b'
    """
    return say("list.comma").join(map(str, items))


class Phrase(str):
    """An English sentence, or a key, that is said in the language spoken when it is put into other words.

    >>> reason = Phrase("cannot be read: {reason}", reason="no access")
    >>> reason, f"{reason}"
    ('cannot be read: no access', 'cannot be read: no access')
    """

    __slots__ = ("sentence", "values")
    sentence: str
    values: Mapping[str, Any]

    def __new__(cls, sentence: str, /, **values: Any) -> Self:
        """The sentence with the values that fill it."""
        words = ENGLISH.get(sentence, sentence)
        made = super().__new__(cls, words.format(**values) if values else words)
        made.sentence, made.values = sentence, values
        return made

    def __format__(self, spec: str) -> str:
        return format(say(self.sentence, **self.values), spec)


def cause(error: Exception) -> Phrase:
    """Why something failed, in words; those of the system and of other people's programs stay as they are, if unknown."""
    said = error.args[0] if error.args else None
    if isinstance(said, Phrase):
        return said
    if isinstance(error, io.UnsupportedOperation):  # a standard stream that was closed: `>&-`
        return Phrase("it is closed")
    return Phrase(getattr(error, "strerror", None) or str(error) or type(error).__name__)
