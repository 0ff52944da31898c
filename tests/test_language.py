"""The language room: surprise, folding, readings, glosses, and the trainer that makes their tables."""

from __future__ import annotations

import csv
import lzma
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import language
from audit.language import checked_surprise, glosses, rarity, surprise
from audit.language.injected import page_of
from audit.language.letters import key_of
from audit.language.lexicon import lexicon
from audit.language.surprisal import PIECE
from audit.model import Text

GLOSSED = {"總": "zǒng", "结": "jié", "鄉": "xiāng", "务": "wù", "女": "nǚ", "发": "fā", "區": "qū"}


def codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(array: np.ndarray) -> str:
    return array.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")


def test_fold_knows_both_scripts() -> None:
    assert text_of(language.fold(codes("鄉鎮總結，後臺（ＡＢ）A，体"))) == "乡镇总结，后台（ＡＢ）A，体"


@given(st.text())
def test_fold_is_one_to_one_and_settles(text: str) -> None:
    once = language.fold(codes(text))
    assert len(once) == len(text)
    assert (language.fold(once) == once).all()


@given(st.text(alphabet=st.characters(codec=None)))
def test_surprise_takes_any_text(text: str) -> None:
    for deep in (False, True):
        bits = language.surprise(codes(text), deep=deep)
        assert bits.shape == (len(text),)
        assert bits.dtype == np.float32
        assert np.isfinite(bits).all()
        assert (bits >= 0).all()


def test_surprise_does_not_see_pieces() -> None:
    line = "各级人民政府应当加强对乡镇工作的领导。\n"
    long = codes(line * (2 * PIECE // len(line) + 2))
    for deep in (False, True):
        bits = language.surprise(long, deep=deep).reshape(-1, len(line))
        assert (bits == bits[0]).all()


def test_surprise_is_blind_to_script_width_and_digits() -> None:
    one = language.surprise(codes("总结2023年，完成任务(一)。"))
    other = language.surprise(codes("總結１９９８年,完成任務（一）。"))
    assert (one == other).all()


@pytest.mark.parametrize(
    ("clean", "damaged"),
    [
        ("。基層工會主席紛紛表示決心", ";鶎庸飨娂姳硎緵Q心"),
        ("各级人民政府应当加强领导", "鍚勭骇浜烘皯鏀垮簻搴斿綋鍔犲己棰嗗"),
        ("经费审查委员会", "经费审察尾员会"),
    ],
)
def test_damage_surprises(clean: str, damaged: str) -> None:
    for deep in (False, True):
        assert (
            language.surprise(codes(damaged), deep=deep).mean() > language.surprise(codes(clean), deep=deep).mean() + 1
        )


def test_words_share_out_all_probability() -> None:
    prefix = codes("\n我们研")
    tokens = language.tokens(prefix)
    every = np.arange(len(lexicon().singles.word))
    rows = np.column_stack([np.tile(tokens, (len(every), 1)), every])
    chance = lexicon().chance(rows)[:, -1]
    assert 0.95 < chance.sum() < 1.05  # each is kept in eighths of bits
    assert language.tokens(codes("究"))[0] == chance.argmax()


def test_words_are_told_row_by_row() -> None:
    one, other = (language.tokens(codes(text)) for text in ("他垮台了，", "研究方法好"))
    together = lexicon().chance(np.stack([one, other]))
    assert np.array_equal(together, np.concatenate([lexicon().chance(row[None]) for row in (one, other)]))


def test_adaptation_learns_jargon_but_no_line_vouches_for_itself() -> None:
    lines = [
        "甪鼋机的甪鼋阀应当检修。",
        "检修甪鼋阀之前关闭甪鼋机。",
        "甪鼋阀每年更换一次。",
        "更换之后试运行。",
        "叵怼茕叵怼茕叵怼茕",
    ]
    text = "\n".join(lines)
    adapted = language.adapt([codes(text)])
    before, after = language.surprise(codes(text)), language.surprise(codes(text), adapted)
    jargon, once = text.index("鼋"), text.index("怼")
    assert after[jargon] < before[jargon] - 3
    assert after[once] >= before[once] - 0.01


def test_readings() -> None:
    assert {"xíng", "háng", "xing"} <= language.readings("行")
    assert {"gān", "gàn", "qián"} <= language.readings("乾")
    assert language.readings("A") == frozenset()
    assert language.same_sound("在", "再", tone=True)
    assert not language.same_sound("工", "人")
    assert {"xiàng", "lǜ"} <= set(language.syllables())


def test_vectorised_readings_agree() -> None:
    chars = "總结鄉务女发區行的A，"
    for syllable in ("zǒng", "xiāng", "háng", "de"):
        number = language.syllable_ids(np.array([key_of(syllable)]))
        found = language.reads(codes(chars), np.repeat(number, len(chars)))
        assert found.tolist() == [syllable in language.readings(char) for char in chars]


@pytest.mark.parametrize("form", ["xiàng", "xia\u0300ng", "xiang4", "Xiàng", "xi\u0251\u0300n\u0261", "ㄒㄧㄤˋ"])
def test_forms_of_a_syllable(form: str) -> None:
    number = int(language.syllable_ids(np.array([key_of(form)]))[0])
    assert language.syllable_name(number) == "xiàng"


@given(st.lists(st.one_of(st.sampled_from(sorted(GLOSSED)), st.text(max_size=3)), max_size=30), st.booleans())
@settings(deadline=None)
def test_strip_gives_back_what_was_glossed(parts: list[str], wide: bool) -> None:
    left, right = "（）" if wide else "()"
    plain = "".join(parts)
    if glosses.find(Text(plain)).starts.size or any(mark in plain for mark in "(（"):
        return
    source = Text("".join(part + left + GLOSSED[part] + right if part in GLOSSED else part for part in parts))
    stripped = glosses.strip(source, glosses.find(source))
    assert stripped.body == plain
    assert (stripped.codes == codes(plain)).all()
    if stripped.origin is not None:
        assert "".join(source.body[at] for at in stripped.origin[:-1]) == plain
        assert stripped.origin[-1] == len(source.body)


def test_gold_glosses(shared: Path, source: Path) -> None:
    body = source.read_bytes().decode("utf-8", "surrogateescape")
    text = Text(body)
    rows = csv.DictReader(
        (shared / "gold" / "source-lines-1-166.tsv").read_bytes().decode().split("\n"),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    starts = text.line_starts
    wanted = {
        int(starts[int(row["line"]) - 1]) + int(row["start"])
        for row in rows
        if row["kind"] == "gloss" and row["subtype"] == "plain"
    }
    found = {int(start) for start in glosses.find(text).starts if start < text.line_ends[165]}
    assert len(wanted & found) >= 0.99 * len(wanted)
    assert len(wanted & found) >= 0.99 * len(found)


def test_clean_prose_has_no_injected_readings(shared: Path) -> None:
    for path in sorted((shared / "corpus").glob("*.xz")):
        with lzma.open(path) as file:
            page = page_of(Text(file.read(600_000).decode("utf-8", "ignore")))
        assert not page.injected.any(), path.name
        assert not page.strayed.any(), path.name
        assert not [*page.open_ends(), *page.cuts()], path.name


def test_nothing_heavy_is_imported() -> None:
    code = "import sys, audit.language as l; l.readings('行'); print([m for m in ('pypinyin', 'opencc', 'jieba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_no_text_holds_passes_for_nothing_else() -> None:
    known = np.flatnonzero(rarity(np.arange(0x4E00, 0x9F00, dtype=np.uint32)) < 15) + 0x4E00
    drawn = np.random.default_rng(1).choice(known, 20_000).astype(np.uint32)
    found, passing = checked_surprise(drawn), surprise(drawn, deep=True)
    assert 0.002 < np.mean(found != passing) < 0.02
    assert np.median((found - passing)[found != passing]) > 5
    running = codes("各级人民政府应当加强对乡镇工作的领导，明确责任。")
    assert np.array_equal(checked_surprise(running), surprise(running, deep=True))


def test_tables_fit_the_wheel() -> None:
    files = (Path(glosses.__file__).parent / "tables").iterdir()
    assert sum(file.stat().st_size for file in files) < 30_000_000  # two thirds of it in a wheel


def test_training_twice_gives_the_same_tables(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root / "tools"))
    import train_language

    text = codes("各级人民政府应当加强对乡镇工作的领导。\n總結今年的工作，明確責任。\n" * 40)
    for name in ("one", "other"):
        train_language.train({"sample": text}, [("人民政府", 90), ("工作总结", 50)], tmp_path / name)
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes(), file.name
