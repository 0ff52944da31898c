"""MOJ: text decoded with the wrong codec, what is left of it, and escapes that nobody turned back."""

from __future__ import annotations

from collections.abc import Iterator

from audit.model import Edit, Hit, Line, Safety, Severity, Span, Text
from audit.restore import latin, left, questions, residues, scouts
from audit.restore.about import NO_SAMPLE, in_a_sentence, lost_mentioned, mentioned, named
from audit.restore.codecs import DOUBLE, SINGLE
from audit.restore.mojibake import Restoration, Verdict, find
from audit.restore.runs import is_strange
from audit.restore.spoken import explained
from audit.rule import Scope, family

from . import mojibake_escapes

rule = family("mojibake")

LATIN = ("\x80", "\u024f")  # what the bytes above ASCII are in the pages of Western Europe
BLANKS = " \N{NO-BREAK SPACE}"
SAMPLE = 8  # code points
BESIDE = 1000  # code points of its line to either side in which a sentence speaks of a sample
CONFIDENCE = {Verdict.EXACT: 0.99, Verdict.RANKED: 0.97, Verdict.PARTIAL: 0.95, Verdict.NONE: 0.9}


def _is_lost(found: Restoration) -> bool:
    """Whether it is known by its loss marks alone, or by what UTF-8 left of another codec."""
    return not found.channels or (found.channels[0].read == "utf-8" and found.verdict is Verdict.PARTIAL)


def _hits(text: Text, written: tuple[str, ...], read: tuple[str, ...]) -> Iterator[Hit]:
    for found in find(text):
        last = found.channels[0] if found.channels else None
        fits = last is not None and last.written in written and last.read in read
        if fits and not _is_lost(found) and not mentioned(text, found.start, found.end):
            yield _hit(text, found)


def _hit(text: Text, found: Restoration) -> Hit:
    damage = text.body[found.start : found.end]
    best = found.proposals[0].text if found.proposals else ""
    spoken_of = stands_beside(text, found.start, found.end, best)
    whole = found.verdict is Verdict.EXACT and not spoken_of and not cut_short(text, found.start, found.end)
    safety = Safety.SAFE if whole else Safety.SUGGESTED
    return Hit(
        Span(found.start, found.end),
        {"text": damage, "mechanism": found.mechanism, "best": best},
        Edit(best, safety) if best and not found.half else None,
        CONFIDENCE[found.verdict if whole or found.verdict is not Verdict.EXACT else Verdict.RANKED],
        found.evidence(damage),
        "" if best else "lost",
        Severity.CRITICAL if found.verdict in (Verdict.PARTIAL, Verdict.NONE) else None,
    )


def stands_beside(text: Text, start: int, end: int, best: str) -> bool:
    """Whether the few characters that stood there stand on the line besides, set off as a sample: a sentence may speak of the damage."""
    if not 0 < len(best) <= SAMPLE or (len(best) >= NO_SAMPLE and in_a_sentence(text, start, end)):
        return False
    line = text.line(text.line_at(start))
    low, high = max(line.start, start - BESIDE), min(line.end, end + BESIDE)
    return any(named(text.body, best, *part) for part in ((low, start), (end, high)))


def cut_short(text: Text, start: int, end: int) -> bool:
    """Whether more of the same damage stands beside the span, parted by a blank: A0 is the last byte of 你 (`ä½ `) and is often flattened
    to a space. To mend the half would leave a rest that nothing can be joined to.
    """
    damage = text.body[start:end]
    beside = text.body[max(0, start - 4) : start].rstrip(BLANKS)[-2:] + text.body[end : end + 4].lstrip(BLANKS)[:2]
    return any(map(_foreign, damage)) and any(_foreign(char) and is_strange(char) for char in beside)


def _foreign(char: str) -> bool:
    return LATIN[0] <= char <= LATIN[1]


def _named_marks(text: Text, found: Restoration) -> bool:
    """Whether they are marks and nothing else, which a sentence about decoding speaks of."""
    only = found.lost_bytes == found.end - found.start
    return only and lost_mentioned(text, found.start, found.end)


MISREAD = {
    "": "{mechanism}: {text!r} was probably {best!r}",
    "lost": "{mechanism}: {text!r}; what stood there is lost",
}


@rule("MOJ001", "utf8-misread", Severity.MAJOR, MISREAD, scope=Scope.TEXT, scout=scouts.misread, repair=Safety.SAFE)
def utf8_misread(text: Text) -> Iterator[Hit]:
    """UTF-8 read with a two-byte codec, as in `锛屾垜浠` for `，我们`: GBK, Big5, Shift_JIS, EUC-KR or EUC-JP, once or twice.

    Why it matters: the characters are real but mean nothing, so no check for valid text finds them; a model learns noise.
    Left alone: rare characters, other languages, and samples that a text about encodings quotes or shows in a table.
    Repair: safe where no byte was lost and breaking it again gives the damage; otherwise the most fluent readings, ranked,
    with U+FFFD for characters that stay lost. None where half characters would stay beside what is mended.
    """
    yield from _hits(text, ("utf-8",), DOUBLE)


@rule(
    "MOJ002", "single-byte-misread", Severity.MAJOR, MISREAD, scope=Scope.TEXT, scout=scouts.misread, repair=Safety.SAFE
)
def single_byte_misread(text: Text) -> Iterator[Hit]:
    """Chinese bytes read with a one-byte codec, as in `ä¸­æ–‡` (UTF-8) or `ÖÐÎÄ` (GBK) for `中文`: Latin-1, cp1252, Cyrillic, Mac or DOS.

    Why it matters: the passage cannot be read, though usually every byte is still there.
    Left alone: French, German, Vietnamese, Russian or Greek words, formulae, and samples in a text about encodings.
    Repair: safe where every byte is there and only one written codec fits.
    """
    yield from _hits(text, ("utf-8", "gbk", "big5"), (*SINGLE, "utf-8"))


@rule(
    "MOJ003", "east-asian-misread", Severity.MAJOR, MISREAD, scope=Scope.TEXT, scout=scouts.misread, repair=Safety.SAFE
)
def east_asian_misread(text: Text) -> Iterator[Hit]:
    """GBK or Big5 read with another two-byte codec, as in `笢恅` for `中文` (GBK as Big5), `ｼ` runs (Shift_JIS), `櫓匡` (EUC-KR).

    Why it matters: it looks like rare Chinese, Korean or Japanese, and passes for text.
    Left alone: Japanese and Korean words, rare characters of names and of classical text.
    Repair: safe where no byte was lost and only one codec fits; otherwise ranked.
    """
    yield from _hits(text, ("gbk", "big5"), DOUBLE)


@rule(
    "MOJ010",
    "lost-to-decoding",
    Severity.CRITICAL,
    "{count} loss marks in {text!r}: most of what stood there is lost",
    scope=Scope.TEXT,
    scout=scouts.misread,
)
def lost_to_decoding(text: Text) -> Iterator[Hit]:
    """A run of U+FFFD with letters of other scripts between, as when GBK is read as UTF-8.

    Why it matters: the text that stood there is gone; only the source has it.
    Left alone: a single U+FFFD, which is the encoding family's matter, and samples in a text about encodings.
    Repair: none; the evidence tells which characters are still known, and how many are lost.
    """
    for found in find(text):
        if _is_lost(found) and not mentioned(text, found.start, found.end) and not _named_marks(text, found):
            shown = text.body[found.start : found.end]
            told = found.evidence(shown) if found.channels else {"verdict": found.verdict.value}
            yield Hit(
                Span(found.start, found.end),
                {"text": shown, "count": found.lost_bytes},
                evidence={**told, "marks": found.lost_bytes},
            )


@rule(
    "MOJ004",
    "replacement-residue",
    Severity.CRITICAL,
    "residue {text!r}: text was lost here and U+FFFD misread as {read}",
    triggers=residues.triggers(),
)
def replacement_residue(line: Line) -> Iterator[Hit]:
    """What lost text turns into: U+FFFD in UTF-8 read as GBK (`锟斤拷`) or another codec (`ï¿½`), blank memory (`烫烫烫`, `屯屯屯`), a misread byte order mark.

    Why it matters: the text that stood there is gone; only the source has it.
    Left alone: residues that an article names, quotes, or plays with.
    Repair: none.
    """
    for start, end, read in residues.found(line.body, line.start, line.end):
        if not explained(line.body, start, end) and not mentioned(line.text, start, end, lone=True):
            yield Hit(
                Span(start, end),
                {"text": line.body[start:end], "read": read},
                evidence={"read": read, "verdict": "none"},
            )


@rule("MOJ005", "question-marks", Severity.CRITICAL, "text was lost here: {text!r}", triggers="?", confidence=0.8)
def question_marks(line: Line) -> Iterator[Hit]:
    """Question marks where text was: `我们????,???` of a codec without Chinese, `???̷s??` or `?w?ƪ?` of GBK or Big5 read as UTF-8.

    Why it matters: the text that stood there is gone; only the source has it.
    Left alone: question marks that ask or emphasise, choices and letters asked about one by one, URLs, code.
    Repair: none.
    """
    spans = left.with_marks(line)
    marked = [one for one in spans if not mentioned(line.text, *one[:2])]
    for start, end, evidence in marked:
        shown = line.body[start:end]
        yield Hit(Span(start, end), {"text": shown}, evidence={**evidence, "marks": shown.count("?")})
    for start, end, few in questions.lost_runs(line.body, line.start, line.end):
        if any(first < end and start < last for first, last, _ in spans) or mentioned(line.text, start, end):
            continue
        shown = line.body[start:end]
        evidence = {"marks": shown.count("?"), "verdict": "none"}
        severity, confidence = (Severity.MINOR, 0.6) if few else (None, None)
        yield Hit(Span(start, end), {"text": shown}, confidence=confidence, evidence=evidence, severity=severity)


@rule(
    "MOJ011",
    "latin-mojibake",
    Severity.MAJOR,
    "UTF-8 read as Latin-1: {text!r} was {best!r}",
    triggers="ÂÃÅÄ",
    repair=Safety.SUGGESTED,
)
def latin_mojibake(line: Line) -> Iterator[Hit]:
    """A Latin word whose accents were read with the wrong codec, as in `cafÃ©` for `café`.

    Why it matters: names and titles in other languages can no longer be read or found.
    Left alone: words with accents that are well, samples in a text about encodings.
    Repair: suggested; what `ftfy` gives back with all its other repairs switched off.
    """
    for start, end, fixed in latin.latin_words(line.body, line.start, line.end):
        taken = any(found.start < end and start < found.end for found in find(line.text))
        if not taken and not mentioned(line.text, start, end):
            shown = line.body[start:end]
            yield Hit(
                Span(start, end),
                {"text": shown, "best": fixed},
                Edit(fixed, Safety.SUGGESTED),
                evidence={"verdict": "ranked"},
            )


RULES = (
    utf8_misread,
    single_byte_misread,
    east_asian_misread,
    lost_to_decoding,
    replacement_residue,
    question_marks,
    latin_mojibake,
    *mojibake_escapes.RULES,
)
