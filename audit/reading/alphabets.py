"""What the bytes of a page of letters are: the character of each, the class it has in a language, how it stands in words."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, INVALID, archive

UNUSUAL = 27 * BIT  # C1 controls: nobody writes them
RARE = 8 * BIT  # one of some two hundred signs that the language hardly uses
CEDILLAS = dict(zip("şţŞŢ", "șțȘȚ", strict=True))  # Romanian, before and after Unicode told them apart
OPENING = frozenset("¡¿")  # never behind a letter
RAISED = frozenset("ªº¹²³")  # never but behind a letter, a digit, or ...
CLOSING = frozenset(")]}>")
APART = frozenset("®©§€×")  # never before a letter
ACCENTS = frozenset("´¨¸¯ˇ˘˛˝˙")  # without a letter: nobody writes them
ACCENT = 20 * BIT
NO_BREAK = "\u00a0"
SIGNS = frozenset("‘’‚“”„…–—«»·×°§©®€")  # stand between words in every language
SIGN = 6 * BIT
NO_BREAK_COST = 2 * BIT  # beyond a blank: a text that has one has many
FIRST = (
    6  # class of a language's first own letter; below are blanks, digits, marks, capitals, small letters, all others
)
BLANK_CLASS, DIGIT_CLASS, MARK_CLASS, CAPITAL_CLASS, SMALL_CLASS, OTHER_CLASS = range(FIRST)

# how a character stands in words, as bits
IS_ALPHABETIC, IS_OPENING, IS_BARE, IS_RAISED, IS_APART, IS_LETTER, IS_HIGH, IS_SIGN = (1 << bit for bit in range(8))


@cache
def alphabet(codec: str) -> str:
    """The 256 characters of a page; U+FFFF where a byte means nothing."""
    return bytes(range(256)).decode(codec, "replace").replace("\ufffd", "\uffff")


@cache
def letters_of(codec: str) -> NDArray[np.uint32]:
    """The code point of each byte of a page; U+FFFF where a byte means nothing."""
    return np.frombuffer(alphabet(codec).encode("utf-32-le"), dtype=np.uint32)


@cache
def undefined(codec: str) -> NDArray[np.bool_]:
    """Which bytes of a page mean nothing."""
    return np.equal(letters_of(codec), 0xFFFF)


@cache
def _manner(char: str) -> int:
    raised = char in RAISED
    return (
        IS_ALPHABETIC * (char.isalpha() and not raised)
        | IS_OPENING * (char in OPENING)
        | IS_BARE * (not char.isalnum() and char not in CLOSING)
        | IS_RAISED * raised
        | IS_APART * (char in APART)
        | IS_LETTER * (char.isalpha() and char.isascii())
        | IS_HIGH * (char.isalpha() and not char.isascii())
        | IS_SIGN * (char in SIGNS)
    )


@cache
def manners(codec: str) -> NDArray[np.uint8]:
    """How each byte of a page stands in words."""
    return np.array([_manner(char) for char in alphabet(codec)], dtype=np.uint8)


@cache
def _plain(char: str) -> tuple[int, int]:
    """Class and cost within it of a character that is no letter of the language."""
    if not char.isascii():
        return _unusual(char)
    if char.isspace() or char < " ":
        return BLANK_CLASS, max(0, int(archive()["ascii"][ord(char)]) - 3 * BIT)
    if char.isdigit():
        return DIGIT_CLASS, 3 * BIT
    if char.isalpha():
        return (CAPITAL_CLASS if char.isupper() else SMALL_CLASS), 4 * BIT
    return MARK_CLASS, 3 * BIT


def _unusual(char: str) -> tuple[int, int]:
    """The same of a character outside ASCII."""
    if char == "\uffff":
        return OTHER_CLASS, INVALID
    if char == NO_BREAK:
        return BLANK_CLASS, NO_BREAK_COST
    if char in SIGNS:
        return MARK_CLASS, SIGN
    if char in ACCENTS:
        return OTHER_CLASS, ACCENT
    return OTHER_CLASS, UNUSUAL if "\x80" <= char < NO_BREAK else RARE


@cache
def _plain_bytes(codec: str) -> NDArray[np.uint16]:
    """Class and cost of each byte of a page, without regard to a language; shape (2, 256)."""
    return np.array([_plain(char) for char in alphabet(codec)], dtype=np.uint16).T


@cache
def classes(codec: str, language: str) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Class of each byte of a page in the language's table, and what the byte costs within its class."""
    letters = archive()[f"letters_{language}"]
    order = np.argsort(letters)
    codes = letters_of(codec)
    if language == "ro":
        codes = np.array([ord(CEDILLAS.get(char, char)) for char in alphabet(codec)], dtype=np.uint32)
    place = np.searchsorted(letters, codes, sorter=order).clip(max=len(order) - 1)
    own = letters[order[place]] == codes
    kinds, inner = _plain_bytes(codec)
    return np.where(own, FIRST + order[place], kinds).astype(np.uint8), np.where(own, 0, inner).astype(np.uint16)
