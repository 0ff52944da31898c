"""Script: characters that simplification had merged, in the wrong one of their traditional forms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import scouts, script, variants
from audit.language.layout import line_numbers
from audit.language.overconverted import overconverted
from audit.language.sets import among
from audit.language.spot_tables import BEYOND
from audit.language.spots import looked_up
from audit.model import Codes, Edit, Hit, Hits, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("script", editorial=True)

Flags = NDArray[np.bool_]

# Odds in bits by which the contexts must prefer another form. In clean traditional law, half of it held out, 8 bits leave 0.2 places in
# 100,000 characters that are not `LOOSE`, nearly all of them misprints, 4 bits 1.4.
SURE = 8.0
OVERDONE = 12.0  # a traditional form where another belongs (皇後): converters do it rarely, scribes choose freely
PURE, MINOR_PART = (
    20,
    4,
)  # a text of one script has 20 times as much of it; less than a fourth of the other is quotation
# In a text where residue is the rule: on hand-labelled damage precision 0.93 at 3 bits, 0.97 at 8, but more is found.
SYSTEMATIC = 3.0
RESIDUE_RULES = 5  # so many sure places, and more of them than of right ones, make residue the rule
WELL_CONVERTED = "於並後幹範麼製係採"  # what a converter that leaves residue never writes
# Also surnames and the empress, so the odds must be longer: 范文虎 reaches 11 bits.
OTHER_WORD, OTHER_WORD_SURE = frozenset("于范后"), 12.0
# Simplified forms that stand in good traditional prose now and then: flagged only where residue is the rule
LOOSE = frozenset("征制准系复只了余里术种云朴咨致借克胜向舍折丰确板岳别谷出累蒙凄症千秋卜愿家修刮合")
# What stands and what the contexts want: both are written in good prose, or the contexts do not tell them apart
_FREE = (
    "併並 並併 制製 製制 表錶 錶表 覆複 覆復 復覆 復複 複復 準准 准準 了瞭 瞭了 盡儘 儘盡 系繫 繫系 係系 系係 係繫 籤簽 簽籤 游遊 遊游 徵征 穫獲 衝沖 沖衝 修脩 脩修 "
    "累纍 纍累 借藉 藉借 向嚮 舍捨 折摺 摺折 傭佣 佣傭 鐘鍾 鍾鐘 團糰 彌瀰 蒙矇 隻只 臟髒 飢饑 饑飢 淒悽 悽淒"
)
FREE = frozenset(_FREE.split())
# Of these the ones that converters overdo, where the odds are long: 為瞭, 隻有
FIRM, OVERDONE_FIRMLY = frozenset(("瞭了", "隻只", "係系", "係繫", "複復", "復複", "曆歷")), 20.0
COPULA = frozenset(("係系",))  # Cantonese has it for 是
# Never asked for, not even where residue is the rule
UNSETTLED = frozenset(("了瞭", "修脩", "累纍", "借藉", "向嚮", "克剋"))


# Bits of `modernity`. The members are ordinary words of classical prose (志于學, 采蘋, 左右采之), so the passage must be plainly modern:
# of 1,133 members in classical prose 1 % lie above 0.45, in modern pages 1 % below 0.55.
SAMPLED_PLACES, CLASSICAL_MEAN = 64, 0.2
MODERN = 0.4
CLASSICAL = -0.1  # for words that are wrong by themselves; of places in classical verse 0.1 % lie above -0.05
ENTRY = 40  # of a line in a glossary


class Wrong(NamedTuple):
    """Places whose form the context contradicts, what it wants, the odds for it, and for what stands."""

    at: Offsets
    votes: variants.Votes
    residue: Flags  # the simplified form stands
    loose: Flags  # of a pair that needs the document's word


def _candidates(text: Text, scripts: script.Scripts, *, silent: bool) -> Offsets:
    """Members of families, in a text of both scripts only those in traditional lines."""
    mask = script.MERGED if silent else script.MERGED | script.SILENT
    at = ((scripts.bits & mask) == script.MERGED).nonzero()[0]
    if scripts.simplified * PURE <= scripts.traditional:
        return at
    simplified, traditional = script.line_votes(text)
    return np.asarray(at[(traditional > 3 * simplified)[line_numbers(text, at)]])


@cache
def _keys(pairs: frozenset[str]) -> NDArray[np.uint64]:
    """Pairs of characters as numbers; shape (n,)."""
    return np.array([ord(present) << 32 | ord(form) for present, form in pairs], dtype=np.uint64)


def _shown(text: Text, at: Offsets, forms: Codes) -> Flags:
    """Whether each place is in a short line that holds both forms: a table of forms, a glossary, a dictionary."""
    lines = line_numbers(text, at)
    starts, ends = text.line_starts[lines], text.line_ends[lines]
    shown = ends - starts <= ENTRY
    for number in np.flatnonzero(shown).tolist():
        shown[number] = text.body.find(chr(forms[number]), int(starts[number]), int(ends[number])) >= 0
    return np.asarray(shown)


def _wrong(text: Text, *, silent: bool) -> Wrong:
    """Contradicted places among the telling members of families, or among all."""
    at = _candidates(text, script.scripts(text), silent=silent)
    votes = variants.votes(text.codes, at)
    if not len(at):
        return Wrong(at, votes, np.empty(0, dtype=bool), np.empty(0, dtype=bool))
    keep = np.flatnonzero(~votes.right & (votes.wanted - votes.present >= SYSTEMATIC))
    keep = keep[script.modernity(text, at[keep]) > MODERN]
    keep = keep[~script.foreign(text, at[keep])]
    if not len(keep):
        return Wrong(at[keep], votes.take(keep), np.empty(0, dtype=bool), np.empty(0, dtype=bool))
    at, votes = at[keep], votes.take(keep)
    present = text.codes[at]
    pairs = present.astype(np.uint64) << np.uint64(32) | votes.form
    residue = ~votes.traditional
    free = among(pairs, _keys(FREE))
    loose = among(present, [ord(form) for form in LOOSE]) | free
    settled = ~free | among(pairs, _keys(FIRM))
    asked = ~_shown(text, at, votes.form) & ~among(pairs, _keys(UNSETTLED))
    asked &= residue | settled
    copula = among(pairs, _keys(COPULA))
    if copula.any() and script.cantonese(text):
        asked &= ~copula
    return Wrong(at[asked], votes.take(asked), residue[asked], loose[asked])


def _sure(text: Text, wrong: Wrong) -> Flags:
    """Residue that the context alone settles."""
    other = among(text.codes[wrong.at], [ord(name) for name in OTHER_WORD])
    margin = wrong.votes.wanted - wrong.votes.present
    return np.asarray(wrong.residue & (margin >= np.where(other, OTHER_WORD_SURE, SURE)))


@rule(
    "SCR002",
    "wrong-variant",
    Severity.MINOR,
    {"": "{text!r} should be {form!r} here", "overdone": "{text!r} is a converter's choice; {form!r} belongs here"},
    scope=Scope.TEXT,
    scout=scouts.converted,
    confidence=0.9,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def wrong_variant(text: Text) -> Iterator[Hits]:
    """A character that simplification had merged, in the wrong one of its traditional forms, as in `干部` for `幹部` or `皇後` for `皇后`.

    Why it matters: a converter that works character by character leaves it; a reader of traditional text stumbles, and search misses the word.
    Left alone: forms that good texts use side by side (台 and 臺, 占 and 佔), classical texts, simplified and Japanese lines, and every
    context that the counts do not settle. Regional standards are no errors.
    Repair: the form that this context has in traditional prose, to be confirmed.
    """
    scripts = script.scripts(text)
    if scripts.traditional * MINOR_PART <= scripts.simplified:
        return
    wrong = _wrong(text, silent=False)
    words = overconverted(text)
    if (not len(wrong.at) and not words) or _classical(text):
        return
    sure = _sure(text, wrong)
    rules = int(np.count_nonzero(sure))
    right = _well_converted(text) if rules >= RESIDUE_RULES else 0
    weak = np.zeros(len(sure), dtype=bool)
    if rules >= RESIDUE_RULES and rules > right:
        wrong = _wrong(text, silent=True)
        sure = _sure(text, wrong) & ~wrong.loose
        weak = wrong.residue & ~sure
    least = np.where(wrong.loose, OVERDONE_FIRMLY, OVERDONE)
    overdone = ~wrong.residue & (wrong.votes.wanted >= least) & (wrong.votes.present == 0)
    yield from _words(text, words)
    told = among(wrong.at, list(words))
    for flags, confidence in ((sure & ~wrong.loose & ~told, 0.9), (weak & ~told, 0.75), (overdone & ~told, 0.7)):
        yield from _batch(text, wrong, flags, confidence, {"residue": rules, "right": right})


def _well_converted(text: Text) -> int:
    """How often a text has what a converter that leaves residue never writes."""
    wanted = np.zeros(BEYOND + 1, dtype=bool)
    wanted[[ord(form) for form in WELL_CONVERTED]] = True
    return sum(np.count_nonzero(found) for _, found in looked_up(text, wanted))


def _classical(text: Text) -> bool:
    """Whether a text is in classical Chinese as a whole: some of its sentences read like modern ones, and modern prose quotes it.

    Means of whole texts: the classics -0.75 to -0.3, verse below -0.6, reports and news above 1.4.
    """
    places = np.linspace(0, max(len(text.codes) - 1, 0), SAMPLED_PLACES).astype(np.int64)
    return bool(script.modernity(text, places).mean() < CLASSICAL_MEAN)


def _words(text: Text, words: dict[int, str]) -> Iterator[Hits]:
    """Words that a converter without words leaves."""
    if not words:
        return
    at = np.array(sorted(words), dtype=np.int64)
    if script.cantonese(text):
        at = at[text.codes[at] != ord("係")]  # 晶體係, 母語係
    at = at[script.modernity(text, at) > CLASSICAL]  # 重復, 千裏 and their like are free in verse
    at = at[~_shown(text, at, np.array([ord(words[start]) for start in at.tolist()], dtype=np.uint32))]
    if not len(at):
        return

    def make(n: int) -> Hit:
        start = int(at[n])
        form = words[start]
        evidence = {"form": form, "context": text.body[max(start - 2, 0) : start + 3]}
        values = {"text": text.body[start], "form": form}
        return Hit(Span(start, start + 1), values, Edit(form), 0.9, evidence, "overdone")

    yield Hits(at, at + 1, make, Safety.SUGGESTED, 0.9)


def _batch(text: Text, wrong: Wrong, flags: Flags, confidence: float, document: dict[str, int]) -> Iterator[Hits]:
    chosen = np.flatnonzero(flags)
    if not len(chosen):
        return
    at = wrong.at[chosen]

    def make(n: int) -> Hit:
        start, index = int(at[n]), int(chosen[n])
        form = variants.regional(chr(wrong.votes.form[index]), text.body)
        odds = round(float(wrong.votes.wanted[index] - wrong.votes.present[index]), 1)
        return Hit(
            Span(start, start + 1),
            {"text": text.body[start], "form": form},
            Edit(form),
            confidence,
            {
                "form": form,
                "odds_bits": odds,
                "context": text.body[max(start - 2, 0) : start + 3],
                "document": document,
            },
            "" if wrong.residue[index] else "overdone",
        )

    yield Hits(at, at + 1, make, Safety.SUGGESTED, confidence)


RULES = (wrong_variant,)
