"""Mojibake of Latin letters (`cafÃ©`), left to `ftfy` with everything switched off that would touch anything else."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.patterns import regex

# A word with the traces of UTF-8 read as Latin-1: a lead letter with a sign behind it. No Han character, no space.
WORD = regex(
    r"[A-Za-zÀ-ÿ'\u2019\-]{0,40}[ÂÃÅÄ][\x80-\xbf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122][A-Za-z\x80-\xff'\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122\-]*"
)
LONGEST = 40  # letters of a word before its first accent


def latin_words(body: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Damaged words and what they were."""
    from ftfy import TextFixerConfig, fix_encoding  # noqa: PLC0415  (a tenth of a second to import, rarely needed)

    config = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        restore_byte_a0=False,
        replace_lossy_sequences=False,
        decode_inconsistent_utf8=False,
        fix_c1_controls=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    for match in WORD.finditer(body, start, end):
        first = match.start()
        while first > max(start, match.start() - LONGEST) and (body[first - 1].isascii() and body[first - 1].isalpha()):
            first -= 1
        word = body[first : match.end()]
        fixed = fix_encoding(word, config=config)
        if fixed != word and len(fixed) < len(word) and any("\xc0" <= char <= "\u024f" for char in fixed):
            yield first, match.end(), fixed
