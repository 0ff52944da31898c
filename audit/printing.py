"""Text that a terminal or a page can show, whatever characters it holds."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence

BIDI_AND_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: str) -> str:
    r"""The text with undecodable bytes as `\x9b` and controls, private and invisible characters as `<U+200B>`.

    >>> printable("a\x00b\u200b")
    'a<U+0000>b<U+200B>'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in " \t\n\u3000" else escape(char) for char in text)


def spelled(words: str) -> str:
    r"""A file's name, or words with such names among them, on one line.

    >>> spelled("a\nb.txt")
    'a<U+000A>b.txt'
    """
    return printable(words).replace("\n", "<U+000A>")


def common(paths: Sequence[str]) -> str:
    """The folder that all of several files are in, with a slash behind it; empty where there is none.

    >>> common(["texts/spring/a.txt", "texts/spring/b/c.txt"]), common(["texts/a.txt"])
    ('texts/spring/', '')
    """
    shared = os.path.commonprefix(paths) if len(paths) > 1 else ""  # noqa: RUF071 - it is cut at a slash
    return shared[: shared.rfind("/") + 1]


def escape(char: str) -> str:
    """One character by name."""
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"<U+{code:04X}>" if unicodedata.category(char) in BIDI_AND_INVISIBLE else char
