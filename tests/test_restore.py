"""The byte-shift programs run forwards and backwards."""

from __future__ import annotations

import csv
import itertools
import lzma
import re
from math import inf
from pathlib import Path

import numpy as np
import pytest
from audit.rules.byte_shift import RULES
from hypothesis import given
from hypothesis import strategies as st

from audit import audit_text
from audit.model import Safety, Text
from audit.restore import gbk, proof
from audit.restore.abreast import alone, together
from audit.restore.damage import GLOSS, Damaged, then
from audit.restore.doubt import HOPED, Ahead, Rivals, doubt_of
from audit.restore.likely import codes_of
from audit.restore.page import Page, Script, page_of, script_of
from audit.restore.reader import Read, read
from audit.restore.restoration import Restoration, Verdict
from audit.restore.scan import shifts
from audit.restore.shift import restore_f1, restore_f3, restore_g
from audit.restore.simulate import chain, narrow, simulate_f1, simulate_f3, simulate_g, sometimes
from audit.restore.surety import BOUNDS, Standing, lead_of, surely
from audit.restore.weighing import _least
from audit.restore.worth import oddities

READINGS = {
    "側": "cè",
    "務": "wù",
    "優": "yōu",
    "內": "nèi",
    "範": "fàn",
    "創": "chuàng",
    "現": "xiàn",
    "業": "yè",
    "導": "dǎo",
    "總": "zǒng",
}
# what stood there, and what the pages show
F1 = [
    ("了一系列工作。現將工作", "了一系列工作，F將工作"),
    ("規範化、經常化、科學化", "規範化、經；、科學化"),
    ("爭當勞模活動，主動", "爭當勞；顒，主動"),
    ("職工生活。“職工的苦，就是", "職工生活！奥毠さ目，就是"),
    ("共渡難關。基層工會主席紛紛表示決不讓", "共渡難關；鶎庸飨娂姳硎緵Q不讓"),
    ("旦夕禍福”厄運發生", "旦夕禍！倍蜻\\發生"),
    ("代管資金、社保基金、財政", "代管資金、社；、財政"),
    ("東海火機", "東；饳C"),
]
G = [
    ("占總任務的", "占總(zǒng)任務(wù)的"),
    ("業績為內容", "業(yè)績?yōu)閮?nèi)容"),
    ("開展爭創先進", "開展?fàn)巹?chuàng)先進"),
]
F3 = [
    ("（一）隨著", "。ㄒ唬╇S著"),
    ("（二）20xx年", "。ǘ20xx年"),
    ("（五）建立區域性", "。ㄎ澹┙^域性"),
    ("　（六）指導12", "。┲笇12"),
    ("　　（二）茶馬", "　。ǘ┎桉R"),
    ("\t　（二）茶馬", "\t。ǘ┎桉R"),
    ("\N{NO-BREAK SPACE}　（二）茶馬", "\N{NO-BREAK SPACE}。ǘ┎桉R"),
    ("　見　（二）", "　見　（二）"),
    ("  （二）茶馬", "  （二）茶馬"),
    ("（八）實施送溫暖工程，為職工群眾辦實事", "。ò耍⿲嵤┧蜏嘏こ蹋瑸槁毠と罕娹k實事"),
]
PLAIN = st.text(
    st.sampled_from(
        "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動，。；！？“”（）、　aZ1\n"
    )
)


@pytest.mark.parametrize(("original", "damaged"), F1)
def test_punctuation_pass(original: str, damaged: str) -> None:
    assert simulate_f1(original).text == damaged


@pytest.mark.parametrize(("original", "damaged"), G)
def test_gloss_pass(original: str, damaged: str) -> None:
    assert simulate_g(original, READINGS).text == damaged


@pytest.mark.parametrize(("original", "damaged"), F3)
def test_full_stop_pass(original: str, damaged: str) -> None:
    assert simulate_f3(original).text == damaged


def whole_again(damaged: Damaged) -> str:
    text = damaged.text
    for span in reversed(damaged.spans):
        text = text[: span.start] + span.original + text[span.end :]
    return text


@given(PLAIN, st.integers(0, 9))
def test_spans_say_what_stood_there(text: str, seed: int) -> None:
    for damaged in (
        simulate_f1(text, sometimes(seed)),
        simulate_g(text, READINGS),
        simulate_f3(text, sometimes(seed)),
        then(text, first := simulate_f1(text), simulate_g(first.text, READINGS)),
    ):
        assert whole_again(damaged) == text
        assert all(one.end <= two.start for one, two in zip(damaged.spans, damaged.spans[1:], strict=False))


@given(PLAIN, st.integers(0, 9))
def test_chain_keeps_account(text: str, seed: int) -> None:
    damaged = chain(text, READINGS, sometimes(seed))
    assert narrow(whole_again(damaged)) == narrow(text)


@given(st.binary(max_size=40))
def test_decoding_accounts_for_every_byte(data: bytes) -> None:
    pieces = list(gbk.decode(data))
    assert b"".join(data[piece.start : piece.end] for piece in pieces) == data


def restored(text: str, at: int) -> Restoration | None:
    whole = Text(text)
    for restore in (restore_f3,) if text[at] == "。" else (restore_g, restore_f1):
        if found := alone(restore(text, at, page_of(whole, at))):
            return found
    return None


@pytest.mark.parametrize(
    ("text", "span", "original", "exact"),
    [
        ("職工生活!奥毠さ目,就是我們的苦。", "!奥毠さ目", "。“職工的苦", False),
        ("制訂了管理考核意見?己艘庖娫诮M織工作等方面都進行了明確。", "?己艘庖娫诮M", "。考核意見在組", False),
        ("我們做了大量工作,F(xiàn)將有關情況彙報如下:", ",F(xiàn)", "。現", True),
        ("占總?cè)蝿?wù)的76%,申報工作仍在進行。", "?cè)蝿?wù)", "任務", True),
        ("一、認識\n。ㄒ唬╇S著經濟社會的發展,問題越來越多。", "。ㄒ唬╇S", "（一）隨", True),
        ("第一點\n。1)經濟社會的發展,問題越來越多。", "。", "（", True),
    ],
)
def test_restoration(text: str, span: str, original: str, exact: bool) -> None:
    found = restored(text, text.index(span))
    assert found
    assert text[found.start : found.end] == span
    assert found.proposals[0].text == original
    assert (found.verdict is Verdict.EXACT) >= exact


def test_two_originals_are_ranked() -> None:
    text = "天有不測風雲,人有旦夕禍!倍蜻\\發生在學會村。"
    found = restored(text, text.index("!"))
    assert found
    assert found.verdict is Verdict.RANKED
    assert {"福”厄運", "。”厄運"} <= {proposal.text for proposal in found.proposals}


def test_vanished_pairs_are_never_exact() -> None:
    text = "從專家?guī)熘邪幢壤槿〈斫M成評審小組。"
    found = restored(text, text.index("?"))
    assert found
    assert found.proposals[0].text == "庫中按比例抽取代表組"
    assert found.gaps == 2
    assert found.verdict is not Verdict.EXACT
    assert "\N{REPLACEMENT CHARACTER}" in found.holed


@pytest.mark.parametrize(("original", "damaged"), F1)
def test_proof_accepts_what_the_program_made(original: str, damaged: str) -> None:
    shift = simulate_f1(original).spans[0]
    assert proof.gives("F1", shift.original, narrow(damaged), shift.start, shift.end)
    assert not proof.gives("F1", "的" + shift.original, narrow(damaged), shift.start, shift.end)


@given(PLAIN)
def test_hostile_text_does_no_harm(text: str) -> None:
    for odd in (text, text.replace("，", ",F(xiàn)"), text.replace("的", "?cè)"), "\n。ㄒ" + text):
        found = shifts(Text(odd))
        assert all(0 <= shift.start < shift.end <= len(odd) for shift in found)
        assert all(one.end <= two.start for one, two in itertools.pairwise(found))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。",
        ",",
        ";、",
        "?è)",
        "\n。",
        "!\ud83d\ude00",
        "，\udc80F",
        "；" * 500,
        "!,;?" * 300,
        "?wù)" * 300,
        "。ㄒ唬\n" * 50,
    ],
)
def test_edges(text: str) -> None:
    for rule in RULES:
        assert list(rule.check(Text(text))) is not None


def test_repeats_are_told_at_their_own_place() -> None:
    line = "總?cè)蝿?wù)的76%,申報工作仍在進行。\n"
    found = shifts(Text("占" + line + "又占" + line))
    assert len(found) == 2
    assert found[0].told is found[1].told
    assert [shift.end - shift.start for shift in found] == [found[0].told.found.end - found[0].told.found.start] * 2
    assert found[1].start - found[0].start == len(line) + 2


def test_a_shift_speaks_for_its_page_not_for_a_long_file() -> None:
    shifted, doubtful = "職工生活!奥毠さ目,就是我們的苦。\n", "袭故蹈常：袭沿袭；故老办法；蹈踩，引伸为遵循。\n"
    assert len(shifts(Text(shifted + doubtful))) == 2
    assert len(shifts(Text(shifted + "今天天气很好，我们去公园散步。\n" * 3300 + doubtful))) == 1


def test_side_by_side_as_alone() -> None:
    text = Text(
        "職工生活!奥毠さ目,就是我們的苦。\n一、認識\n。ㄒ唬╇S著經濟社會的發展。\n我們做了大量工作,F(xiàn)將有關情況彙報如下:"
    )
    places = [(restore_f1, "!"), (restore_f3, "。ㄒ"), (restore_f1, ",F")]
    searches = [(restore, text.body.index(mark)) for restore, mark in places]
    pages = [page_of(text, at) for _, at in searches]
    each = [alone(restore(text.body, at, page)) for (restore, at), page in zip(searches, pages, strict=True)]
    both = together(restore(text.body, at, page) for (restore, at), page in zip(searches, pages, strict=True))
    assert each == both
    assert all(each)


def test_source(source: Path, shared: Path) -> None:
    found = [finding for finding in audit_text(source.read_bytes()).findings if finding.kind == "byte-shift"]
    rows = csv.DictReader(
        (shared / "gold" / "source-lines-1-166.tsv").read_bytes().decode("utf-8").split("\n"),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    gold = {(int(row["line"]), int(row["start"])): row for row in rows if row["kind"] == "byteshift"}
    first_half = {(finding.line, finding.column - 1): finding for finding in found if finding.line <= 166}
    assert first_half.keys() == gold.keys()
    right = [first_half[place].suggestion == row["suggestion"] for place, row in gold.items()]
    assert sum(right) >= 0.75 * len(right)
    assert all(right[n] for n, place in enumerate(gold) if first_half[place].safety is Safety.SAFE), (
        "a wrong repair was called exact"
    )
    assert len(found) == 31


@pytest.mark.parametrize("name", ["news_simp", "encyclopedia_trad", "classical_mixed"])
def test_clean_text_is_left_alone(shared: Path, name: str) -> None:
    with lzma.open(shared / "corpus" / f"{name}.txt.xz") as file:
        text = file.read(600_000).decode("utf-8", "ignore")
    assert shifts(Text(text)) == ()


def test_glosses_are_no_damage() -> None:
    damaged = simulate_g("總結現狀。", READINGS)
    assert damaged.text == "總(zǒng)結現(xiàn)狀。"
    assert {span.mechanism for span in damaged.spans} == {GLOSS}


def test_scripts_differ() -> None:
    assert script_of(Text("这个问题还没有解决").codes) is Script.SIMPLIFIED
    assert script_of(Text("這個問題還沒有解決").codes) is Script.TRADITIONAL
    assert script_of(Text("一二三").codes) is Script.EITHER


def test_numbers_that_may_have_lost_a_numeral_are_never_exact() -> None:
    for text, span in (
        ("可予支持:\n。ㄎ澹┑诙䲢l規定的任何單位和個人。", "。ㄎ澹┑诙䲢l"),  # 第二條 or 第二十二條
        ("都不太難。\n。ㄒ唬 軟件開發的方法有很多種。", "。ㄒ唬"),  # a sign may have gone with the bracket
    ):
        found = restored(text, text.index(span))
        assert found
        assert text[found.start : found.end] == span
        assert found.verdict is not Verdict.EXACT


def test_doubt_grows_with_guesses_and_with_every_rival() -> None:
    plain, guessed = (Rivals("的工作", 6.0, 4, guessed=one) for one in (False, True))
    assert doubt_of(plain) < doubt_of(guessed) < HOPED
    before = doubt_of(plain)
    plain.add(Ahead(6.5, 9.0, [("的新工作", 9.0)]))
    assert before < doubt_of(plain)
    plain.add(Ahead(2.0, inf, []))
    assert doubt_of(plain) == inf


def test_an_original_is_sure_only_where_all_others_together_are_far() -> None:
    stands = Standing(lead=8.0, vanished=9.0, pairs=5.0, mean=4.0, shown=3, guessed=False)
    assert surely(stands, first=-3.0)
    assert not surely(stands._replace(lead=1.0), first=-3.0)
    assert not surely(stands._replace(pairs=-0.1), first=-3.0)
    assert not surely(stands._replace(lead=3.0, mean=9.0, shown=20), first=-3.0)
    near = stands._replace(lead=1.0, guessed=True)
    assert surely(near, first=-3.7)
    assert not surely(near, first=-3.0)
    assert not surely(near._replace(vanished=2.0), first=-3.7)
    assert not surely(near._replace(lead=0.0), first=-3.7)
    assert surely(near._replace(pairs=-1.5), first=-3.7)
    assert not surely(near._replace(pairs=-2.5), first=-3.7)


def test_others_count_together() -> None:
    near = lead_of(np.array([0.0, 4.0, 9.0]), 0)
    assert lead_of(np.array([0.0, 4.0, 4.0, 9.0]), 0) < near < 4
    assert lead_of(np.array([0.0, 4.0]), 1) == 0
    assert lead_of(np.array([0.0, 400.0]), 0) == lead_of(np.array([0.0]), 0) == BOUNDS[-1]


def test_a_rare_form_costs_where_its_script_writes_another() -> None:
    def bits(script: Script) -> list[float]:
        (worth,) = read([Read(Page(script), "", "", ["向", "曏", "於", "于"], ended=False)])
        return list(worth.forms)

    usual, rare, traditional, simplified = bits(Script.TRADITIONAL)
    assert usual < 1
    assert rare > 8
    assert traditional < 1
    assert simplified > 8
    assert bits(Script.SIMPLIFIED)[3] < 1
    assert bits(Script.SIMPLIFIED)[2] > 8
    assert max(bits(Script.EITHER)[2:]) < 1


@pytest.mark.parametrize(
    ("sound", "odd"),
    [("（五）溧陽市", "（五））溧陽市"), ("車隊，滿", "車隊，，滿"), ("大公報", "大公公報"), ("他說“好”", "他說好”")],
)
def test_what_no_writer_leaves_behind_costs(sound: str, odd: str) -> None:
    def bits(before: str, text: str, rest: str) -> float:
        (worth,) = read([Read(Page(), before, rest[:8], [text], ended=False)])
        return float(oddities(before, [text], rest, worth)[0])

    assert bits("", sound, "是") == 0
    assert bits("", odd, "是") > 0
    assert bits("他說“", "好”", "了") == 0
    assert bits("編制《", "保護規劃", "，確定") > bits("編制《", "保護規劃》", "，確定") == 0
    assert bits("編制《", "保護規", "劃》，確定") == 0


def test_what_a_text_is_worth_does_not_depend_on_what_is_read_beside_it() -> None:
    some = [
        Read(Page(), before, "的。\n", texts, ended=True)
        for before, texts in (("", ["火車", "", "機器"]), ("開動", ["。火車"]))
    ]
    together = read([*some, Read(Page(script=Script.SIMPLIFIED), "車", "，", ["現代", "８８"], ended=False)])
    for one, beside in zip(some, together, strict=False):
        assert np.array_equal(np.array(read([one])[0]), np.array(beside))
    assert together[2].foreign.tolist() == [1, 0]
    assert together[2].wide.tolist() == [0, 2]


def test_a_page_glosses_a_character_everywhere_or_nowhere() -> None:
    source = "總(zǒng)結與計劃，總(zǒng)數與計劃，都由鄉(xiāng)長與村長說。"
    given = [at for span in re.finditer(r"\([^)]*\)", source) for at in range(*span.span())]
    origin = sorted(set(range(len(source))) - set(given))
    bare = "".join(source[at] for at in origin)
    text = Text(bare, origin=np.array([*origin, len(source)]))
    known = page_of(text, 0).glossed()
    assert known
    asked = codes_of("總鄉計劃與長村，\U00020000")
    assert known.always(asked).tolist() == [True] * 2 + [False] * 7
    assert known.never(asked).tolist() == [False] * 2 + [True] * 4 + [False] * 3
    assert page_of(Text(bare), 0).glossed() is None


@pytest.mark.parametrize("width", [1, 5, 16, 63])
def test_of_equal_ones_the_first_are_kept(width: int) -> None:
    """Which of equal ones a partial sort takes differs by processor, and so would what is found."""
    costs = np.random.default_rng(1).integers(0, 8, 65)
    assert _least(costs, width).tolist() == costs.argsort(kind="stable")[:width].tolist()
