"""Marks, letters and blanks injected into sentences that read well without them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audit.language import scouts
from audit.language.code import in_code
from audit.language.patterns import regex
from audit.language.spots import flanks, member, places
from audit.model import Codes, Edit, Hit, Line, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

from .noise_beside import FULL_STOPS, IN_WORD, STOP, alone, joined, paired, stopped
from .noise_blanks import RULES as BLANKS
from .noise_spacing import RULES as SPACING
from .noise_web import RULES as WEB

rule = family("noise")

HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
IS_HAN = regex(HAN)
STRAY = ".`'\N{FULLWIDTH FULL STOP}\N{FULLWIDTH GRAVE ACCENT}\N{FULLWIDTH APOSTROPHE}\N{ACUTE ACCENT}"
INJECTED = ".`'"  # what the sites put in; its wide kin also comes from typing
NUMERALS = "〇○零一二三四五六七八九十百千萬万點点"
RARE = 20_000
CLOSING = {"“": "”", "「": "」", "『": "』", "‘": "’", '"': '"'}
QUOTE = regex(r"[“”「」『』‘’\"]")
X_FOR_QUOTE = regex(
    r"(?P<open>[“「『‘\"])(?P<quoted>[\u3400-\u9fff、·0-9]{1,20})(?P<mark>[xX×])(?=[\u3400-\u9fff，。；、,;])"
)
TERM = 8  # code points of a quoted term, which a mark far behind it does not close
NOT_QUOTED = regex(r"[光线線轴軸型射片]")
PURPOSE = regex(
    r"(?:为了?|為了?)"
    r"(?:提高|加强|加強|增强|增強|促[进進]|保障|确保|確保|[满滿]足|推[动動]|丰富|豐富|[实實][现現]|做好|改善|[扩擴]大)"
    r"(?P<whose>[\u3400-\u9fff]{2,24})"
)
AIMS = "了提加增促保确確满滿推丰豐实實做改扩擴"
BOUNDARY = regex(r"[。，,；;！!\n]")
NOUN = regex(r"[\u3400-\u9fff]{2,8}(?=[，,])")
NOT_OWNED = regex(r"是|(?:目|有|[实實][际際])的\Z")  # in 30 M of clean text 目的 alone ends a purpose


@rule(
    "NOI001",
    "stray-mark",
    Severity.MINOR,
    "stray {mark!r} behind 的",
    scope=Scope.TEXT,
    scout=scouts.between_han(STRAY, behind=True),
    repair=Safety.SAFE,
    confidence=0.95,
)
def stray_mark(text: Text) -> Iterator[Hit]:
    """A mark put between 的 and the next word against copying: ``新的.水平``, ``目的`要求``, ``的'生命``.

    Why it matters: one such mark stands in each article of the sites that do this; it splits words for every search and model.
    Left alone: code spans and quotations (the mark has a partner in its paragraph), a full stop in text that uses `.` as one, curly quotes, quotations in `so'; in a line without any other full stop it is a remark.
    Repair: the mark is deleted. Safe where nothing else can be meant: both neighbours are Han, the mark is alone in its paragraph
    and stands behind Han nowhere in the text but behind 的 (a backtick or apostrophe: nowhere at all); otherwise suggested.
    """
    for mark in STRAY:
        spots = _between_han(text, mark)
        if not len(spots):
            continue
        behind = spots[text.codes[spots - 1] == ord("的")].tolist()
        elsewhere = len(spots) - len(behind)
        own = mark in INJECTED and not elsewhere and not _used(text, mark, behind)
        wholes = joined(text, behind) if own else [False] * len(behind)
        for at, whole in zip(behind, wholes, strict=True):
            if elsewhere > len(behind) or in_code(text, at, at + 1):
                continue
            single = alone(text, at, mark, spots)
            if not single and mark not in FULL_STOPS:
                continue
            proven = single and whole
            if paired(text.body, at):
                continue
            stop = mark in FULL_STOPS and not proven and not stopped(text, at)
            yield Hit(
                Span(at, at + 1),
                {"mark": mark},
                edit=Edit("", Safety.SAFE if proven and not stop else Safety.SUGGESTED),
                confidence=0.4 if stop else 0.97 if proven else 0.6,
                severity=Severity.INFO if stop else None,
                evidence={"alone_in_paragraph": single, "between_han_elsewhere": elsewhere},
            )


def _between_han(text: Text, mark: str) -> Offsets:
    codes, spots = text.codes, places(text, mark)
    if not len(spots):
        return spots
    spots = spots[(spots > 0) & (spots + 1 < len(codes))]
    return spots[_han(codes[spots - 1]) & _han(codes[spots + 1])]


def _han(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= 0x3400) & (codes <= 0x9FFF)


def _used(text: Text, mark: str, behind: list[int]) -> bool:
    """Whether the text has the mark for a use of its own: a full stop behind Han but for numerals, another one anywhere."""
    at = places(text, mark)
    if mark in FULL_STOPS:
        before = text.codes[np.maximum(at - 1, 0)]
        at = at[_han(before) & ~member(before, NUMERALS)]
    return len(at) > len(behind)


@rule(
    "NOI002",
    "letter-for-quote",
    Severity.MAJOR,
    "{mark!r} stands where the closing quote was",
    triggers=("xX×", '“「『‘"'),
    by_line=True,
    repair=Safety.SUGGESTED,
)
def letter_for_quote(line: Line) -> Iterator[Hit]:
    """A letter x where a closing quotation mark was lost, as in `“五一x娱乐比赛`.

    Why it matters: a quotation is never closed, and a word has a letter in it.
    Left alone: quotations that are closed further on, `x轴`, `X光`, masks (`xx`), products.
    Repair: the closing mark that fits the opening one; suggested.
    """
    for match in X_FOR_QUOTE.finditer(line.body, line.start, line.end):
        opening = match["open"]
        closing = CLOSING[opening]
        following = QUOTE.search(line.body, match.end(), line.end)
        apart = following is not None and STOP.search(line.body, match.end(), following.start() - 1) is not None
        closed = following is not None and following[0] == closing != opening
        if closed and not (apart and len(match["quoted"]) <= TERM):
            continue
        if opening == closing and line.body.count(opening, line.start, line.end) % 2 == 0:
            continue
        if NOT_QUOTED.match(line.body, match.end()) or in_code(line.text, *match.span()):
            continue
        seen = {"opened": opening + match["quoted"]}
        yield Hit(Span(*match.span("mark")), {"mark": match["mark"]}, edit=Edit(closing), evidence=seen)


@rule(
    "NOI003",
    "stray-comma",
    Severity.MINOR,
    "a comma parts {whose!r} from {what!r}",
    scope=Scope.TEXT,
    by_line=True,
    repair=Safety.SUGGESTED,
    confidence=0.8,
)
def stray_comma(text: Text) -> Iterator[Hit]:
    """A comma between 的 and the noun it belongs to, in a purpose: `为了提高管理人员的，业务水平，工会…`.

    Why it matters: the purpose loses its noun and the sentence its sense.
    Left alone: `…的，` as the legal form "who(ever) does", predicates (`是…的，`), `为了达到目的，`.
    Repair: the comma is deleted; suggested.
    """
    body = text.body
    purposes = np.sort(np.concatenate([flanks(text, mark, "", AIMS) for mark in "为為"]))
    if not len(purposes):
        return
    ends = flanks(text, "的", "", "，,")
    begins = purposes[np.maximum(np.searchsorted(purposes, ends) - 1, 0)]
    near = (begins < ends) & (ends - begins <= 32)
    for begin, at in zip(begins[near].tolist(), ends[near].tolist(), strict=True):
        match = PURPOSE.fullmatch(body, begin, at + 1)
        if match is None or (begin and not BOUNDARY.match(body, begin - 1)):
            continue
        what = NOUN.match(body, at + 2)
        if what is None or NOT_OWNED.search(match["whose"]):
            continue
        seen = {"whose": match["whose"], "what": what[0]}
        yield Hit(Span(at + 1, at + 2), seen, edit=Edit(""), evidence=seen)


@rule(
    "NOI012",
    "stray-mark-in-word",
    Severity.INFO,
    "stray {mark!r} between {before!r} and {after!r}",
    scope=Scope.TEXT,
    scout=scouts.between_han(STRAY, behind=False),
    repair=Safety.SUGGESTED,
    confidence=0.5,
)
def stray_mark_in_word(text: Text) -> Iterator[Hit]:
    """A lone `.`, backtick or apostrophe between Han elsewhere than behind 的, as in `三大经济.事业`.

    Why it matters: it parts a word; where it stands, something may have been cut out.
    Left alone: text that uses the mark between Han more than once in 20,000 characters, numerals, names (卡尔.蔡司 is a remark all the same), code, quotations.
    Repair: the mark is deleted; suggested. None where the words beside a dot do not belong together: a full stop or a middle dot may be meant.
    """
    for mark in STRAY:
        spots = _between_han(text, mark)
        if not len(spots):
            continue
        apart = spots[text.codes[spots - 1] != ord("的")]
        if mark in FULL_STOPS:
            apart = apart[~member(text.codes[apart - 1], NUMERALS)]
        if len(apart) * RARE > len(text.codes) + RARE:
            continue
        for at in apart.tolist():
            if alone(text, at, mark, spots) and not in_code(text, at, at + 1) and not paired(text.body, at):
                values = {"mark": mark, "before": text.body[at - 1], "after": text.body[at + 1]}
                whole = mark not in FULL_STOPS or joined(text, [at], IN_WORD)[0]
                yield Hit(Span(at, at + 1), values, edit=Edit("") if whole else None)


RULES = (stray_mark, letter_for_quote, stray_comma, stray_mark_in_word, *BLANKS, *WEB, *SPACING)
