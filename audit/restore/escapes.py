"""Characters that a program wrote as escapes and none turned back: what they stand for. Deterministic, both ways."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from audit.language.patterns import regex

UNICODE = regex(
    r"(?:\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{4,5}\}|\\U000[0-9A-Fa-f]{5}|%u[0-9A-Fa-f]{4}|\\x\{[0-9A-Fa-f]{3,5}\}|&?#?\\u[0-9A-Fa-f]{4};?)+"
)
BEGINNING = regex(r"\\[uUx0-3]|%u")  # of any of them: code and formulas are full of backslashes
UNIT = regex(r"\\U([0-9A-Fa-f]{8})|\\[ux]\{([0-9A-Fa-f]{3,5})\}|(?:\\u|%u)([0-9A-Fa-f]{4})")
BYTES = regex(r"(?:\\x[0-9A-Fa-f]{2}){2,}|(?:\\[0-3][0-7]{2}){2,}")
REFERENCE = regex(r"(?:(?:&amp;|[&＆])?#[xX][0-9A-Fa-f]{2,5}[;；]|(?:&amp;|[&＆])#[0-9]{2,6}[;；])+")
PERCENT = regex(r"(?:%[0-9A-Fa-f]{2}){2,}")
BYTE = regex("=[0-9A-F]{2}")
QUOTED = regex(r"(?:=[0-9A-F]{2}(?:=\r?\n)?){2,}")
CODECS = ("utf-8", "gb18030", "big5")
FIVE = regex("[23][0-9A-Fa-f]{4}")
RARE_HAN = range(0x20000, 0x33480)
URL_BODY = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%")


class Escaped(NamedTuple):
    """An escaped stretch, what it stands for, and the codec of its bytes ("" where code points were named)."""

    start: int
    end: int
    text: str
    codec: str


def unicode_escapes(body: str, start: int, end: int) -> Iterator[Escaped]:
    r"""Code points by number, as in `\u4e2d`; surrogates in pairs."""
    if not BEGINNING.search(body, start, end):
        return
    for match in UNICODE.finditer(body, start, end):
        points = [int("".join(unit), 16) for unit in UNIT.findall(match[0])]
        data = b"".join(
            point.to_bytes(2, "big") if point < 0x10000 else chr(point).encode("utf-16-be")
            for point in points
            if point < 0x110000
        )
        text = data.decode("utf-16-be", "replace")
        if _readable(text):
            yield Escaped(match.start(), match.end(), text, "")
    for match in BYTES.finditer(body, start, end):
        units = re.findall(r"\\x([0-9A-Fa-f]{2})", match[0])
        data = bytes(int(unit, 16) for unit in units) or bytes(int(unit, 8) & 255 for unit in match[0].split("\\")[1:])
        yield from _decoded(match, data)


def references(body: str, start: int, end: int) -> Iterator[Escaped]:
    """Numeric character references, as in `&#20013;`, also with their `&` lost or escaped."""
    for match in REFERENCE.finditer(body, start, end):
        units = re.findall(r"#([xX]?[0-9A-Fa-f]+)[;；]", match[0])
        text = "".join(html.unescape(f"&#{unit};") for unit in units)
        if _readable(text) or all("\u2000" <= char <= "\u206f" for char in text):
            yield Escaped(match.start(), match.end(), text, "")


def percent(body: str, start: int, end: int) -> Iterator[Escaped]:
    """Percent-encoded bytes outside of addresses."""
    for match in PERCENT.finditer(body, start, end):
        if not _in_address(body, start, match.start()):
            yield from _decoded(match, bytes.fromhex(match[0].replace("%", "")))


def quoted_printable(body: str, start: int, end: int) -> Iterator[Escaped]:
    """Quoted-printable bytes of a mail, over its soft line breaks."""
    for match in QUOTED.finditer(body, start, end):
        whole = re.sub(r"=\r?\n", "", match[0])
        yield from _decoded(match, bytes.fromhex(whole.replace("=", "")))


def _decoded(match: re.Match[str], data: bytes) -> Iterator[Escaped]:
    for codec in CODECS:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _readable(text) and (codec == "utf-8" or len(text) > 1):
            yield Escaped(match.start(), match.end(), text, codec)
            return


def _readable(text: str) -> bool:
    """Whether these are characters of East Asian text, at least half of them."""
    known = sum(
        "\u3000" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7a3"
        or "\uff00" <= char <= "\uffee"
        or char in "“”‘’…—·"
        or char >= "\U00020000"
        for char in text
    )
    return known * 2 >= len(text) > 0


def _in_address(body: str, first: int, at: int) -> bool:
    """Whether the characters before belong to a URL, a path or a query."""
    back = at
    while back > first and body[back - 1] in URL_BODY:
        back -= 1
    token = body[back:at]
    return "/" in token or "=" in token or "." in token or "?" in token


def may_be_longer(body: str, escaped: Escaped) -> bool:
    r"""Whether the last four digits and the one behind them may name a rare Han character, as in `\u29b80`; four name an odd sign."""
    match = FIVE.match(body, max(escaped.end - 4, escaped.start))
    return match is not None and int(match[0], 16) in RARE_HAN and not _readable(escaped.text[-1])


def in_code(body: str, escaped: Escaped) -> bool:
    """Whether a range of characters stands about it, as in a pattern."""
    return body[max(0, escaped.start - 1) : escaped.start] in ("[", "-", "\\", "^") or body[
        escaped.end : escaped.end + 1
    ] in ("]", "-")
