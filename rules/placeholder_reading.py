"""The masks of a text: those that are sure by themselves, and those that are believed because the text is masked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from audit.joined import Joined
from audit.joined import Mask as Told
from audit.language.code import in_code
from audit.language.names import SURNAMES
from audit.language.patterns import regex
from audit.language.spots import found
from audit.model import Severity, Text

from .placeholder_masks import COUNTED, IS_HAN, NEAR, NOUNS, NUMERALS, QUOTES, STARS, ZEROS, Mask, masks_of, runs
from .placeholder_mentions import of_court

SURE = 0.85
SINGLE = regex(rf"(?<![0-9A-Za-z.=+/(])[xX](?={COUNTED.pattern}|国道|省道|县道)(?!人?[轴軸光])")
BLANKS = ZEROS | STARS | {"□"}
AMONG = 0.75
LONGEST_BLANK = 4
QUOTED = 20  # code points of a quotation that an x may close
BESIDE = tuple("，。、；：“”（）()《》,;: \u3000等")
# `某某` is a mask before what has a name, and where a name is due; `张某某` is how print spares a person
ANONYMOUS = regex(
    r"某某(?:某)?(?=[省市县縣区區镇鎮乡鄉村]|公司|[学學]校|[单單]位|集[团團]|[厂廠]|[等、，]|同志|小[组組]|[医醫]院|[银銀]行|局|部[门門]|老[师師]|同[学學]|[街大]道|街|路|年|月|中心|[项項]目)"
)
UNNAMED = regex(r"某某某?(?=[\u3400-\u9fff、，])(?!人)")
SPARED = frozenset('“「『"‘（(老小阿')
TITLED = frozenset("等、，同老")  # what may stand behind the name of a person whom print spares


def read_masks(text: Text) -> list[Mask]:
    """The masks of a text, in order of place.

    A single x before a counted noun is a variable as often as a mask: it counts only near a mask that is sure. So do ○○, □□ and ** before
    any word, and 某某, which stand in statutes, old texts and stories too: in a masked text they are masks. Courts mask by rule: a remark.
    """
    found = _read(text)
    if found and of_court(text):
        return [mask._replace(confidence=min(mask.confidence, 0.5), severity=Severity.INFO) for mask in found]
    return found


def _read(text: Text) -> list[Mask]:
    masks = masks_of(text, runs(text))
    sure = [mask.start for mask in masks if mask.confidence >= SURE]
    if not sure:
        return sorted({*masks, *_anonymous(text, known=False)})
    masks = [_believed(mask) if text.body[mask.start] in BLANKS else mask for mask in masks]
    taken = {mask.end for mask in masks}
    for start, end in runs(text):
        if (
            end - start == 1
            and SINGLE.match(text.body, start)
            and not _closes(text.body, start)
            and not in_code(text, start, end)
        ):
            nearest = bisect_left(sure, start)
            if any(abs(place - start) < 4 * NEAR for place in sure[max(0, nearest - 1) : nearest + 1]):
                masks.append(Mask(start, end, "number", AMONG, Severity.MAJOR))
        elif end not in taken and (mask := _blank(text, start, end)):
            masks.append(mask)
    return sorted({*masks, *_anonymous(text, known=True)})


def masked(joined: Joined) -> Told:
    """Texts with a mask, or with a name that is none: what else is a mask is one only beside them."""
    text = joined.text
    masks = [*masks_of(text, runs(text)), *_anonymous(text, known=False)]
    return joined.holding([mask.start for mask in masks])


def _closes(body: str, at: int) -> bool:
    """Whether a quotation is open before an x, so that it stands for the closing mark: `“小河长x课堂`."""
    return body.rfind("“", max(0, at - QUOTED), at) > body.rfind("”", max(0, at - QUOTED), at)


def _believed(mask: Mask) -> Mask:
    """A blank in a masked text."""
    return mask._replace(confidence=AMONG, severity=Severity.MINOR) if mask.confidence == 0.5 else mask


def _blank(text: Text, start: int, end: int) -> Mask | None:
    """`○○○等同志`, `档案**份`: two to four signs between words; stars only where no second pair makes them emphasis."""
    body, mark = text.body, text.body[start]
    before, after = body[start - 1 : start] if start else "\n", body[end : end + 1]
    sized = mark in BLANKS and 2 <= end - start <= LONGEST_BLANK and not in_code(text, start, end)
    ahead = QUOTES.get(before, "\0") != after and (IS_HAN.match(after) or after in {"%", "％"})
    behind = IS_HAN.match(before) or before in BESIDE or before == "\n"
    if not (sized and ahead and behind) or (mark in ZEROS and (before in NUMERALS or after in NUMERALS)):
        return None
    line = text.line(text.line_at(start))
    if mark in STARS and (before == "\n" or body.count(mark * 2, line.start, line.end) != 1):
        return None
    for pattern, hides, _, severity in NOUNS:
        if pattern.match(body, end):
            return Mask(start, end, hides, AMONG, severity)
    return Mask(start, end, "words", AMONG, Severity.MINOR)


def _anonymous(text: Text, *, known: bool) -> Iterator[Mask]:
    """`某某`, a remark unless the text is known to be masked."""
    till = 0
    for at in found(text.body, "某"):
        pattern = UNNAMED if known else ANONYMOUS
        match = pattern.match(text.body, at) if at >= till else None
        before = text.body[at - 1 : at]
        spared = before in SPARED or (before in SURNAMES and text.body[at + 2 : at + 3] in TITLED)
        if match and not spared:
            till = match.end()
            believed = (AMONG, Severity.MINOR) if known else (0.5, Severity.INFO)
            yield Mask(at, till, "anonymous", *believed)
