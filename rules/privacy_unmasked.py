"""Persons who are left named in a text that masks whose it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.language import scouts
from audit.language.flags import SURNAME, members
from audit.language.names import SURNAMES
from audit.language.patterns import regex
from audit.language.spots import one_of, places
from audit.model import Hit, Offsets, Severity, Span, Text
from audit.rule import Scope, family

rule = family("privacy")

MASKS, MASKED = (
    "xX×",
    "年月日号號省市县縣区區旗州盟镇鎮乡鄉村街局厂廠校院公有集同先女",
)  # XX县, xx公司, XX有限公司, XX同志
LEAST, SPARSE = 5, 2000  # masks of a text that hides whose it is, and code points to one
TITLE = r"(?:书记|書記|主席|主任|[部局镇鎮乡鄉县縣市区區院所站校厂廠会會组組][长長]|[经經]理|董事[长長]|干部|幹部|[会會][计計]|[教老][师師]|[医醫]生|[对對]象|[职職]工|[员員]工|村民)"
ENDS = "记記席任长長理部计計师師生象工民"  # of TITLE
NOT_GIVEN = (
    "的了是在有和与與不为為年月日度个個我你他们們这這那去来來到会會工作者及或等其之以于於把被將将對对從从向中上下人员員"
)
ACTS = r"(?:同志|先生|女士|兼任|[担擔]任|任(?![务務何意职職免期])|[负負][责責]|主持|[带帶][领領]|率|的?[讲講][话話]|出席|[参參]加|等|[荣榮][获獲]|被[评評]|[当當][选選])"
NAMED = regex(rf"(?<=[{ENDS}])(?P<name>[{SURNAMES}][\u3400-\u9fff]{{1,2}}?)(?={ACTS})")
TITLED = regex(rf"{TITLE}\Z")
LONGEST = 3  # characters of a title, and of a name


@rule(
    "PII007",
    "unmasked-name",
    Severity.INFO,
    "a person is named in full in a text that masks places and dates {masks} times",
    scope=Scope.TEXT,
    triggers=(MASKS,),
    scout=scouts.holds("XX", "xx", "××"),
    confidence=0.6,
    preview=True,
)
def unmasked_name(text: Text) -> Iterator[Hit]:
    """A person named in full in a text that masks its places and dates, as `干部张世杰担任` among `XX县` and `20xx年`.

    Why it matters: whoever masked the text meant that nobody should know whose it is; one name gives it away.
    Left alone: texts with fewer than five such masks, or fewer than one in 2,000 characters; persons without an office or a word for
    what they are before the name and an act behind it; all but the first place of a name.
    Evidence: how often the text masks, and how often it has the name.
    Repair: none; mask the name as the rest, or ask.
    """
    masks = _masks(text)
    if masks < LEAST or masks * SPARSE < len(text.codes):
        return
    told: set[str] = set()
    for at in _behind_titles(text).tolist():
        found = NAMED.match(text.body, at)
        if found is None or found["name"] in told or any(char in NOT_GIVEN for char in found["name"][1:]):
            continue
        if TITLED.search(text.body, max(at - LONGEST, 0), at):
            told.add(found["name"])
            evidence = {"masks": masks, "count": text.body.count(found["name"])}
            yield Hit(Span(*found.span("name")), {"masks": masks}, evidence=evidence)


def _masks(text: Text) -> int:
    """How often two letters stand for the name of a place or office, or for a date."""
    count = 0
    for mark in MASKS:
        at = places(text, mark)
        pairs = at[:-1][at[1:] - at[:-1] == 1] if len(at) > 1 else at[:0]
        count += int(np.count_nonzero(one_of(MASKED).take(text.codes.take(pairs + 2, mode="clip"), mode="clip")))
    return count


def _behind_titles(text: Text) -> Offsets:
    """Where a surname stands behind the last character of a title, ascending."""
    at = members(text, SURNAME)
    before = text.codes.take(at - 1, mode="clip")
    return np.asarray(at[one_of(ENDS).take(before, mode="clip")])


RULES = (unmasked_name,)
