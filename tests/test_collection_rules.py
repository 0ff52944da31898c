"""Off-topic and duplicate rules over whole collections: the real source, planted entries, edits, heaps of repeats."""

from __future__ import annotations

import cProfile
import lzma
import pickle
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import opencc
import pytest
from audit.rules import duplicate, off_topic
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import audit_text
from audit.config import Config
from audit.language import passages, subjects
from audit.language.foreign import flagged
from audit.language.likeness import survey
from audit.language.shingles import shingles, signature, triple_hashes
from audit.language.strays import Stray
from audit.model import Action, Entry, Hit, Place, Role, Severity, Span, Text
from audit.reading.split import split
from audit.rule import Rule

MARKS = str.maketrans("，。；：、", ",.;:,")
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=60, max_size=200)


def collection(bodies: Sequence[str]) -> list[Entry]:
    entries = []
    for index, body in enumerate(bodies):
        text = Text(f"第{index + 1}篇\n{body}\n")
        end = text.body.index("\n")
        entries.append(Entry(text, index, Role.ENTRY, 0, len(text.body), Span(0, end), index + 1))
    return entries


def judge(rule: Rule, entries: Sequence[Entry]) -> list[tuple[int, Hit]]:
    assert rule.sketch is not None
    sketches = pickle.loads(pickle.dumps([rule.sketch(entry) for entry in entries]))  # noqa: S301 - our own bytes
    return list(rule.check(sketches, entries.__getitem__))


def edited(body: str, share: float, rng: random.Random) -> str:
    """A body with that share of its characters dropped, replaced or doubled by another."""
    out = []
    for char in body:
        if char == "\n" or rng.random() >= share:
            out.append(char)
        else:
            out.append(rng.choice(("", rng.choice(body), char + rng.choice(body))))
    return "".join(out)


def texts(shared: Path, genre: str, count: int, rng: random.Random) -> list[str]:
    """Stretches of 300 to 2,000 characters, none overlapping."""
    lines = lzma.decompress((shared / "corpus" / f"{genre}.txt.xz").read_bytes()).decode("utf-8").split("\n")
    found = []
    for at in rng.sample(range(0, len(lines) - 60, 60), count):
        body = "\n".join(line for line in lines[at : at + 60] if line)
        found.append(body[: rng.randint(300, 2000)])
    return found


@pytest.fixture(scope="module")
def entries(source: Path) -> list[Entry]:
    from audit import audit_text

    audit = audit_text(source.read_bytes())
    return [entry for entry in audit.documents[0].document.entries if entry.role is Role.ENTRY]


def test_the_source_has_two_foreign_entries(entries: list[Entry]) -> None:
    found = judge(off_topic.foreign_entry, entries)
    assert {entries[index].number for index, _ in found} == {9, 12}
    for index, hit in found:
        assert hit.span.start == entries[index].start
        assert len(hit.evidence["missing"]) >= len(hit.evidence["subject_terms"]) / 2
        assert hit.evidence["own_terms"]


def test_the_source_has_one_pair_that_shares_a_third(entries: list[Entry]) -> None:
    found = [hit for rule in duplicate.RULES for hit in judge(rule, entries)]
    assert [entries[index].number for index, _ in found] == [10]
    (index, hit), *_ = found
    assert hit.span.start == entries[index].start
    earlier = hit.values["earlier"]
    assert isinstance(earlier, Place)
    assert entries[earlier.entry].number == 4
    assert 0.2 < hit.evidence["share_of_shorter"] < 0.5
    for passage in hit.evidence["passages"]:
        there = passage["earlier"].span
        assert abs((there.end - there.start) - passage["length"]) < 30


def test_a_longer_entry_that_took_in_a_short_one_is_not_dropped() -> None:
    """What it shares is most of the short one and less than half of its own."""
    song = "柳河民歌以采茶调、薅草锣鼓、放排号子为多。采茶调旋律悠扬，多为七字四句，一人领唱，众人相和。薅草锣鼓用于夏季薅草劳作，由两名歌师击鼓敲锣，歌词即兴编唱。"
    own = "一九四九年七月，解放军进驻柳河。次年三月，土地改革开始，全镇没收、征收土地九千余亩，分给无地少地农民。一九六四年九月，柳河至县城公路建成通车，全长二十七千米。"
    more = "一九八九年十月，柳河镇自来水厂建成供水，日供水八百吨。后九年七月，柳河水位超历史最高水位，镇政府组织转移群众二千一百人，无一伤亡。"
    short, long = f"第1篇：歌谣\n{song}今存六十首，选编入集者十五首。\n", f"第2篇：大事记\n{song}\n{own}\n{more}\n"
    for body, shared in ((short + long, 0.5), (short + long.replace(f"{own}\n{more}\n", ""), 1.0)):
        audit = audit_text(body.encode())
        (finding,) = (one for one in audit.findings if one.rule in {"DUP001", "DUP002"})
        assert finding.evidence["share_of_shorter"] > 0.8
        assert shared - 0.3 <= finding.evidence["share_of_entry"] <= shared
        entries = [one for one in audit.documents[0].entries if one.entry.number]
        assert (Action.DROP in {one.graded.action for one in entries}) == (shared == 1.0)


@pytest.mark.parametrize(("own", "foreign"), [("law_simp", "news_simp"), ("law_trad", "tech_articles_simp")])
def test_planted_entries_are_ranked_last(shared: Path, own: str, foreign: str) -> None:
    rng = random.Random(3)
    bodies = texts(shared, own, 38, rng) + texts(shared, foreign, 2, rng)
    verdict = subjects.belonging([subjects.sketch(entry) for entry in collection(bodies)])
    assert set(np.argsort(verdict.bits)[:2].tolist()) == {38, 39}
    found = {index for index, _ in judge(off_topic.foreign_entry, collection(bodies))}
    assert found <= {38, 39}


def test_loose_files_that_promise_nothing_are_not_dropped(entries: list[Entry]) -> None:
    numbered = [entry for entry in entries if entry.number]
    loose = []
    for index, entry in enumerate(numbered):
        text = Text(entry.text.body[slice(*entry.content)])
        loose.append(Entry(text, index, Role.ENTRY, 0, len(text.body), Span(0, 0)))
    found = judge(off_topic.foreign_entry, loose)
    assert {numbered[index].number for index, _ in found} == {9, 12}
    assert all(hit.severity in (Severity.INFO, Severity.MINOR) for _, hit in found)


@pytest.mark.parametrize("genre", ["law_trad", "weekly_magazine_simp", "encyclopedia_trad"])
def test_clean_collections_have_no_foreign_entry(shared: Path, genre: str) -> None:
    rng = random.Random(5)
    for size in (5, 8, 14):
        assert judge(off_topic.foreign_entry, collection(texts(shared, genre, size, rng))) == []


@pytest.mark.parametrize(("share", "least"), [(0.0, 1.0), (0.01, 0.99), (0.03, 0.95), (0.05, 0.9)])
def test_near_duplicates_are_found_among_boilerplate(shared: Path, share: float, least: float) -> None:
    rng = random.Random(7)
    bodies = texts(shared, "news_simp", 60, rng)
    notice = texts(shared, "law_simp", 1, rng)[0][:300]
    bodies = [body + "\n" + notice for body in bodies]
    copies = rng.sample(range(60), 20)
    entries = collection(bodies + [edited(bodies[copy], share, rng) for copy in copies])
    found = {index: hit.values["earlier"].entry for index, hit in judge(duplicate.duplicate_entry, entries)}
    right = sum(found.get(60 + number) == copy for number, copy in enumerate(copies))
    assert right >= least * len(copies)
    assert right >= 0.98 * len(found)
    assert judge(duplicate.shared_passages, entries) == []


def test_a_paragraph_repeated_a_hundred_times_is_one_finding() -> None:
    rng = random.Random(1)
    lines = ["".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(rng.randint(60, 150))) for _ in range(50)]
    heap = [line for _ in range(100) for line in rng.sample(lines, len(lines))]
    text = Text("\n".join(heap))
    found = judge(duplicate.repeated_paragraph, list(split(text)))
    assert len(found) == 50
    assert {hit.values["count"] for _, hit in found} == {100}
    assert all(len(hit.evidence["places"]) == duplicate.PLACES for _, hit in found)


def test_a_thousand_copies_are_compared_linearly() -> None:
    body = "".join(chr(0x4E00 + n * 7 % 20000) for n in range(400))
    entries = collection([body + "".join(chr(0x4E00 + n * m % 19997) for m in range(20)) for n in range(300)])
    pairs = survey([duplicate.duplicate_entry.sketch(entry) for entry in entries]).pairs  # type: ignore[misc]
    assert len(pairs) == 299
    assert sum(map(len, pairs.values())) <= 3 * 299


@settings(max_examples=40, deadline=None)
@given(HAN)
def test_marks_script_and_breaks_make_no_difference(body: str) -> None:
    plain, marked = Text(body), Text("，".join(body[i : i + 9] + "\n" for i in range(0, len(body), 9)))
    assert (shingles(plain).kept == shingles(marked).kept).all()
    assert (shingles(plain).prints == shingles(marked).prints).all()


@settings(max_examples=40, deadline=None)
@given(HAN, st.sampled_from([0, 1, 7, 50, 40_000]))
def test_a_paragraph_hash_does_not_depend_on_its_place(body: str, before: int) -> None:
    alone = shingles(Text(body)).line_hashes
    among = shingles(Text("甲乙丙。\n" * before + body.translate(MARKS) + "\n" + body + "一\n")).line_hashes
    assert alone[0] == among[0]
    assert among[0] != among[1]


def test_a_signature_estimates_similarity() -> None:
    rng = random.Random(2)
    body = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(1500))
    other = edited(body, 0.05, rng)
    sets = [set(triple_hashes(shingles(Text(one)).kept).tolist()) for one in (body, other)]
    true = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    signed = [signature(np.array(sorted(one), dtype=np.uint32)) for one in sets]
    assert abs(float((signed[0] == signed[1]).mean()) - true) < 0.15


@pytest.mark.parametrize("bodies", [[], [""], ["。", "。"], ["一" * 39] * 3, ["abc " * 50] * 2])
def test_tiny_and_foreign_entries_break_nothing(bodies: list[str]) -> None:
    for rule in (*duplicate.RULES, off_topic.foreign_entry, *off_topic.TITLES):
        for index, hit in judge(rule, collection(bodies)):
            assert rule.code == "DUP001"
            assert (index, hit.variant) == (1, "exact")


def random_bodies(count: int, size: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(size)) for _ in range(count)]


@pytest.mark.parametrize("whole_first", [True, False])
def test_of_a_containment_the_part_goes_and_the_whole_stays(*, whole_first: bool) -> None:
    part, more, other = random_bodies(3, 600, 11)
    bodies = [part + more, other, part] if whole_first else [part, other, part + more]
    found = judge(duplicate.duplicate_entry, collection(bodies))
    assert [(bodies[index], hit.variant) for index, hit in found] == [(part, "contained")]
    place = found[0][1].values["earlier"]
    assert bodies[place.entry] == part + more
    for shared in found[0][1].evidence["passages"]:
        assert bodies[shared["here"].entry] == part
        assert bodies[shared["earlier"].entry] == part + more


def test_one_part_in_two_wholes_is_said_once() -> None:
    part, one, other = random_bodies(3, 600, 12)
    found = judge(duplicate.duplicate_entry, collection([part, part + one, other + part]))
    assert [index for index, _ in found].count(0) == 1


def test_addresses_of_duplicates_cost_the_same_for_each_entry() -> None:
    def calls(count: int) -> int:
        body = "在职工书屋的管理上，我们坚持专人负责、按时开放，每周一至周五晚间开放两小时，周末全天开放，借阅登记实行一人一卡。"
        text = "".join(f"社区图书室工作总结{n + 1}\n{body}\n" for n in range(count))
        profile = cProfile.Profile()
        audited = profile.runcall(lambda: audit_text(text, config=Config(select=("DUP001",))).findings)
        assert [finding.entry for finding in audited] == list(range(2, count + 1))
        return sum(entry.callcount for entry in profile.getstats())

    calls(8)
    small, large = calls(50), calls(200)
    assert large < 6 * small


def test_a_form_filled_in_twice_is_told_from_an_amended_version() -> None:
    form = "甲方：{}，乙方：{}。合同期限自{}起，乙方从事{}岗位工作，每月工资为{}元，双方应当依法缴纳各项社会保险费用。"
    filled = [
        form.format("海城食品有限公司", "周敏", "2020年3月1日", "质检员", "4500"),
        form.format("江北机械厂", "吴强", "2021年7月1日", "钳工", "5200"),
    ]
    clauses = [
        "用人单位应当建立职工名册备查。",
        "劳动者有权拒绝违章指挥。",
        "争议由双方协商解决，协商不成的，可以申请仲裁。",
    ]
    amended = ["".join(clauses), "".join([clauses[0], "职工名册应当载明岗位和期限。", clauses[1], clauses[2][:8]])]
    assert passages.slotted(*collection(filled))
    assert not passages.slotted(*collection(amended))


@pytest.mark.parametrize("genre", ["law_simp", "tech_articles_simp", "encyclopedia_trad"])
def test_one_foreign_entry_among_nine_is_ranked_last(shared: Path, genre: str) -> None:
    rng = random.Random(11)
    foreign = [texts(shared, "classical_mixed", 1, rng), texts(shared, "literature_simp", 1, rng)]
    own = texts(shared, genre, 9, rng)
    for one in foreign:
        verdict = subjects.belonging([subjects.sketch(entry) for entry in collection([*own, *one])])
        assert int(np.nanargmin(verdict.score)) == 9
        assert set(flagged(verdict)) <= {9}


def test_the_script_makes_no_entry_foreign(shared: Path) -> None:
    bodies = texts(shared, "law_simp", 9, random.Random(2))
    plain = subjects.belonging([subjects.sketch(entry) for entry in collection(bodies)])
    turned = [*bodies[:8], opencc.OpenCC("s2t").convert(bodies[8])]
    other = subjects.belonging([subjects.sketch(entry) for entry in collection(turned)])
    assert abs(plain.score[8] - other.score[8]) < 0.1
    assert flagged(other) == flagged(plain)


def test_line_ends_make_no_difference_to_what_is_promised() -> None:
    piece = "一年来，工会围绕中心工作，服务大局，取得了新的进展，现将有关情况报告如下。\n"
    lead = "工作总结合集\n相信写总结让许多人头痛，下面是小编为大家整理的工作总结5篇，希望能够帮助到大家。\n"
    page = lead + "".join(f"工作总结 篇{number}\n{piece * number}" for number in range(1, 4))
    ends = ("\n", "\r\n", "\r")
    told = [[one.line for one in audit_text(page.replace("\n", end)).findings if one.rule == "STR001"] for end in ends]
    assert told == [[2], [2], [2]]


@pytest.mark.parametrize(
    ("subject", "missing", "figures", "variant"),
    [
        (4, 3, {"bits": 0.0, "usual_bits": 0.1, "kind_bits": 0.5}, ""),
        (4, 2, {"bits": 0.0, "usual_bits": 0.1, "kind_bits": 0.5}, "kind"),
        (0, 0, {"bits": -0.1, "usual_bits": 0.3, "kind_bits": 0.1}, "words"),
        (0, 0, {"bits": -0.1, "usual_bits": 0.3}, "words"),
    ],
)
def test_a_foreign_entry_says_what_told_it(subject: int, missing: int, figures: dict[str, float], variant: str) -> None:
    terms = ["工会", "职工", "困难", "慰问"]
    stray = Stray(3, 4.0, figures, list)
    assert off_topic._decided(terms[:subject], terms[:missing], stray) == variant
