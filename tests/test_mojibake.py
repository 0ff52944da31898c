"""The restorer of misread text: what it gives back, what it calls exact, what it leaves alone."""

from __future__ import annotations

import lzma
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import audit_text
from audit.model import Safety, Text
from audit.restore.codecs import DOUBLE, LOST, SINGLE, Channel, Loss, bytes_of, misread, pair
from audit.restore.mojibake import Verdict, find
from audit.restore.residues import pattern, samples

SENTENCE = "近年来，我们认真贯彻落实上级精神，努力完成各项工作任务。"
TRADITIONAL = "行程與會議記錄資料，應於三十日內辦理登記。"
COMMON = "的一是在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"
FOREIGN = (
    "안녕하세요 여러분, 한국어 문장입니다. 대한민국 서울특별시에서 열린 회의",
    "Привет, мир! Это русский текст о погоде и природе.",
    "ﾃｽﾄ、ﾊﾟｿｺﾝ、ｲﾝﾀｰﾈｯﾄを使います。ｶﾀｶﾅ ｺﾝﾋﾟｭｰﾀｰ",
    "日本語の文章です。東京都渋谷区で開催された会議において、経済発展の方策が議論された。",
    "L’été dernier, à Genève, où l’on célébrait la fête nationale, les élèves étaient très fatigués.",
    "Größe, Übermäßig, Äußerst schöne Straßen in München; daß Österreich",
    "Việt Nam là một quốc gia ở Đông Nam Á. Đà Nẵng, Huế, Hà Nội đều rất đẹp.",
    "Ελληνικά: η Αθήνα είναι η πρωτεύουσα της Ελλάδας.",
    "execução de composição, operação de comparação; Serviço de resolução de nome",
    "yığından kaldırır; vypíše pouze krátký popis; żetonów lub punktów; Naformátuje a vypíše",
    "로그인: 포크 작업(forking) 실패. 긴 옵션: 부적절한 keymap 이름, 코딩 (RFC4648 섹션 8)",
    "секунды, Пакет описание; Додається важливе слово; форме HTML и текст; Элемент requires или",
    "αρχείο που υπάρχει πλέον, το τέλος ευρετηρίου ΑΡΧΕΙΟ Αληθής αν το",
    "Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ Ⅵ Ⅶ Ⅷ Ⅸ Ⅹ",
    "ñandú año señor ¿Qué? ¡Hola! Çok güzel şehir İstanbul, Žluťoučký kůň úpěl ďábelské ódy",
)


def inside(damage: str) -> str:
    return f"公告如下：{damage}特此说明。"


@pytest.mark.parametrize("read", SINGLE)
@pytest.mark.parametrize("written", ["utf-8", "gbk"])
def test_one_byte_codecs_lose_nothing(written: str, read: str) -> None:
    damage = misread(SENTENCE, Channel(written, read))
    (found,) = find(Text(inside(damage)))
    assert found.verdict is Verdict.EXACT
    assert found.proposals[0].text == SENTENCE
    assert (found.start, found.end) == (5, 5 + len(damage))


def test_big5_read_as_latin() -> None:
    (found,) = find(Text(inside(misread(TRADITIONAL, Channel("big5", "cp1252")))))
    assert (found.verdict, found.proposals[0].text) == (Verdict.EXACT, TRADITIONAL)


@pytest.mark.parametrize("read", ["gbk", "shift_jis", "euc_kr"])
@pytest.mark.parametrize("loss", [Loss.MARK, Loss.QUESTION])
def test_lost_bytes_are_filled_by_what_reads_best(read: str, loss: Loss) -> None:
    damage = misread(SENTENCE[:-1], Channel("utf-8", read), loss)
    (found,) = find(Text(inside(damage)))
    assert SENTENCE[:-1] in [proposal.text for proposal in found.proposals]
    assert found.verdict is not Verdict.EXACT, "what was guessed is never exact"
    assert found.lost_bytes > 0


@pytest.mark.parametrize("loss", [Loss.PAIR, Loss.PAIR_MARK, Loss.DROP])
def test_other_readers_lose_otherwise(loss: Loss) -> None:
    damage = misread("可以将一个文本序列中的词保存下来", Channel("utf-8", "gbk"), loss)
    (found,) = find(Text(inside(damage)))
    assert "可以将一个文本序列中的词保存下来" in [proposal.text for proposal in found.proposals]


def test_where_most_bytes_are_lost_doubtful_characters_stay_holes() -> None:
    damage = misread(SENTENCE, Channel("utf-8", "big5"))
    (found,) = find(Text(inside(damage)))
    assert (found.start, found.end, found.verdict) == (5, 5 + len(damage), Verdict.PARTIAL)
    given = found.proposals[0].text
    assert len(given) == len(SENTENCE)
    told = [one == other for one, other in zip(given, SENTENCE, strict=True) if one != LOST]
    assert len(told) >= len(SENTENCE) / 3
    assert sum(told) >= 0.8 * len(told)


@pytest.mark.parametrize("read", ["big5", "shift_jis", "euc_kr"])
def test_gbk_read_by_its_neighbours(read: str) -> None:
    damage = misread("与几个朋友一起创办公司", Channel("gbk", read))
    (found,) = find(Text(inside(damage)))
    assert found.channels[0] == Channel("gbk", read)


def test_twice() -> None:
    channel = Channel("utf-8", "cp1252")
    (found,) = find(Text(inside(misread(misread(SENTENCE, channel), channel))))
    assert (found.verdict, found.proposals[0].text) == (Verdict.EXACT, SENTENCE)
    assert found.channels == (channel, channel)


@pytest.mark.parametrize("text", ["點站昆明北站位於昆明市區", "並存的局面江戶時代的長", "是兩名玩家隔著一條"])
def test_gbk_misread_twice_comes_back_whole_where_its_last_byte_is_a_letter(text: str) -> None:
    damage = misread(misread(text, Channel("gbk", "cp1252")), Channel("utf-8", "cp1252"))
    assert damage[-1].isascii()
    (found,) = find(Text(inside(damage)))
    assert (found.verdict, found.proposals[0].text, found.end) == (Verdict.EXACT, text, 5 + len(damage))


LOSSES = dict.fromkeys(("gbk", "big5"), (Loss.MARK, Loss.QUESTION, Loss.PAIR, Loss.PAIR_MARK))
EVERY = [
    *(("utf-8", read, loss) for read in DOUBLE for loss in LOSSES.get(read, (Loss.MARK,))),
    *(("gbk", read, Loss.MARK) for read in ("big5", "shift_jis", "euc_kr", "utf-8")),
    *(("big5", read, Loss.MARK) for read in ("gbk", "cp1252", "utf-8")),
    ("utf-8", "gbk", Loss.DROP),
]


@pytest.mark.parametrize(("written", "read", "loss"), EVERY)
def test_every_misreading_is_found_where_it_is(written: str, read: str, loss: Loss) -> None:
    text = TRADITIONAL[:-1] if written == "big5" else SENTENCE[:-1]
    damage = misread(text, Channel(written, read), loss)
    found = find(Text(inside(damage)))
    covered = sum(min(one.end, 5 + len(damage)) - max(one.start, 5) for one in found)
    assert covered >= 0.8 * len(damage)
    told = {one.channels[0] for one in found if one.channels}
    assert told <= {Channel(written, read)}


@pytest.mark.parametrize("written", ["utf-8", "gbk"])
def test_a_page_in_one_line_is_one_damage(written: str) -> None:
    damage = misread(SENTENCE * 20, Channel(written, "cp1252"))
    (found,) = find(Text(damage))
    assert (found.start, found.end, found.verdict) == (0, len(damage), Verdict.EXACT)
    assert found.proposals[0].text == SENTENCE * 20


def test_nothing_is_suggested_where_half_characters_would_stay() -> None:
    body = "题为设计鐩鏍囩殑涓涓鎴栧个技术。"
    hits = [hit for hit in audit_text(body).findings if hit.rule == "MOJ001"]
    assert [hit.suggestion for hit in hits] == [None]
    assert hits[0].evidence["originals"]


@pytest.mark.parametrize("behind", ["春丛。", "主管部门应当通知。", "下几点。"])
def test_what_is_clean_behind_a_lost_pair_is_no_damage(behind: str) -> None:
    for text in ("动不安的心就被溶解在这", "针对安卓，我们具体做了如", "几个函数来方便下载数据"):
        damage = misread(text, Channel("utf-8", "big5"), Loss.PAIR_MARK)
        assert [(found.start, found.end) for found in find(Text(damage + behind))] == [(0, len(damage))]


def test_a_letter_that_ends_a_big5_character_is_part_of_the_damage() -> None:
    damage = misread("三年但得連選連", Channel("big5", "utf-8"))
    assert damage.endswith(f"{LOST}s")
    (found,) = find(Text(f"應辦理之登記手續，{damage}者，應依規定申請登記。"))
    assert found.end == 9 + len(damage)


def test_what_was_lost_before_stays_lost() -> None:
    (found,) = find(Text("閿熸枻鎷烽敓鏂ゆ嫹"))
    assert (found.verdict, found.proposals) == (Verdict.NONE, ())


def test_gbk_read_as_utf8_is_lost() -> None:
    damage = misread("的数量并将输入", Channel("gbk", "utf-8"))
    (found,) = find(Text(inside(damage)))
    assert found.verdict is Verdict.NONE


def test_what_utf8_left_of_gbk_is_told_and_the_rest_stays_holes() -> None:
    damage = misread("通常它为以下几个值之一", Channel("gbk", "utf-8"))
    (found,) = find(Text(inside(damage)))
    assert (found.start, found.end, found.verdict) == (5, 5 + len(damage), Verdict.PARTIAL)
    given = zip(found.proposals[0].text, "通常它为以下几个值之一", strict=True)
    assert all(one in (LOST, other) for one, other in given)
    assert found.proposals[0].text.count(LOST) == found.proposals[0].holes < len("通常它为以下几个值之一")
    hits = [hit for hit in audit_text(inside(damage)).findings if hit.rule == "MOJ010"]
    assert [(hit.start, hit.end, hit.suggestion) for hit in hits] == [(5, 5 + len(damage), None)]


@pytest.mark.parametrize("text", ["全院校园", "院校取证"])
def test_gbk_of_which_every_pair_is_utf8_is_given_back(text: str) -> None:
    damage = misread(text, Channel("gbk", "utf-8"))
    assert LOST not in damage
    (found,) = find(Text(inside(damage)))
    assert (found.verdict, found.proposals[0].text) == (Verdict.RANKED, text), "as much may have been dropped"
    assert (found.start, found.end) == (5, 5 + len(damage))


@pytest.mark.parametrize("foreign", FOREIGN)
def test_other_languages_are_left_alone(foreign: str) -> None:
    for piece in (foreign, *foreign.split()):
        assert not find(Text(f"据说“{piece}”是真的，{piece}也好。")), piece


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=COMMON, min_size=4, max_size=24), st.sampled_from(SINGLE), st.sampled_from(["utf-8", "gbk"]))
def test_exact_is_what_stood_there(text: str, read: str, written: str) -> None:
    body = inside(misread(text, Channel(written, read)))
    for found in find(Text(body)):
        if found.verdict is Verdict.EXACT:
            assert body[: found.start] + found.proposals[0].text + body[found.end :] == inside(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    last = 0
    for found in find(Text(text)):
        assert last <= found.start < found.end <= len(text)
        last = found.end


@pytest.mark.parametrize("read", [*SINGLE, *DOUBLE])
def test_bytes_of_a_character_show_it(read: str) -> None:
    for char in "中文，é—Я한あ├":
        data = bytes_of(char, read)
        if data is not None:
            assert pair(data, read) == char


def test_residues_are_found() -> None:
    for shown in samples():
        assert pattern().fullmatch(shown)


def test_clean_text_is_left_alone(shared) -> None:
    for path in sorted((shared / "corpus").glob("*.txt.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            lines = file.read(400_000).split("\n")
        random.Random(path.name).shuffle(lines)
        assert not find(Text("\n".join(lines)[:60_000])), path.name


def test_a_run_cut_by_a_blank_is_no_safe_repair() -> None:
    cut, whole = (audit_text(f"备注：ä½{blank}å¥½ï¼Œä¸–ç•Œ。".encode()).findings for blank in " \xa0")
    assert [finding.safety for finding in cut] == [Safety.SUGGESTED]
    assert [finding.safety for finding in whole] == [Safety.SAFE]


def test_marks_beside_damage_stand_as_they_are() -> None:
    for written, read in (("gbk", "cp1252"), ("gbk", "mac_roman")):
        damage = misread("一般来说有三个方面", Channel(written, read))
        body = f"缺乏的资源？{damage} —— 钱、时间、精力。"
        (found,) = find(Text(body))
        assert found.verdict is not Verdict.EXACT or body[found.end :].startswith(" ——"), (written, read)
        assert "棗" not in found.proposals[0].text, (written, read)


def test_what_is_left_of_a_cut_character_forbids_a_safe_repair() -> None:
    for start, cut, end in (
        ("母亲", "的事迹便无胫而", "走，传遍乡里。"),
        ("科学技", "术研究开发机构，应当优化", "配置。"),
    ):
        for loss in (Loss.DROP, Loss.PAIR):
            body = start + misread(cut, Channel("utf-8", "gbk"), loss) + end
            for found in find(Text(body)):
                mended = body[: found.start] + found.proposals[0].text + body[found.end :]
                assert found.verdict is not Verdict.EXACT or mended == start + cut + end


GBK_LATIN, BIG5_LATIN, UTF8_LATIN = Channel("gbk", "cp1252"), Channel("big5", "cp1252"), Channel("utf-8", "cp1252")


@pytest.mark.parametrize(
    ("before", "lost", "behind", "channels"),
    [
        (
            "記者",
            "水點、冰晶或雪片向雲內匯",
            "聚，這時只有。",
            (GBK_LATIN,),
        ),  # `Ë®ü` of it is a character of UTF-8 read as Mac Roman
        ("事本中，我们", "可以使用", "`?`指令。", (GBK_LATIN,)),  # a question mark in code behind it
        ("了……\xa0\xa0\xa0", "赶到小晨晨", "家里时，", (GBK_LATIN,)),  # an indentation that is also a byte
        ("、馬里奧•", "查加洛 皆有", "得分。", (BIG5_LATIN,)),
        ("所有的", "所含能量有關嗎?》，隨後", "導出了。", (BIG5_LATIN,)),  # no lost byte
        ("露裾褊褼", "彼仙子，", "褰裳矯首遥相俟。", (UTF8_LATIN,)),  # rare characters about it
        ("去了。依现时", "的眼光，", "童年是以玩", (GBK_LATIN, UTF8_LATIN)),
        ("一項所定濕地", "業務致受有損", "失者，得檢具", (GBK_LATIN, UTF8_LATIN)),  # where it ends its neighbours tell
    ],
)
def test_what_survives_whole_is_given_back(before: str, lost: str, behind: str, channels: tuple[Channel, ...]) -> None:
    damage = lost
    for channel in channels:
        damage = misread(damage, channel)
    text = before + damage + behind
    assert mended(text) == before + lost + behind


def mended(text: str) -> str:
    """The text after the safe repairs of misread stretches."""
    told = [one for one in audit_text(text).findings if one.rule.startswith("MOJ") and one.safety is Safety.SAFE]
    for one in sorted(told, key=lambda one: -one.start):
        text = text[: one.start] + (one.suggestion or "") + text[one.end :]
    return text


def test_characters_of_one_code_are_no_safe_repair() -> None:
    (found,) = find(Text(inside(misread("第一夫人埃莉諾‧羅斯福對於", BIG5_LATIN))))
    assert found.verdict is Verdict.RANKED
    assert {one.text for one in found.proposals} == {f"第一夫人埃莉諾{mark}羅斯福對於" for mark in "‧•"}


@pytest.mark.parametrize(
    ("line", "safe"), [("昨天晚上{}上10:30", True), ("“昨天晚”成了{}，", False), ("{} = 昨天晚", False)]
)
def test_a_phrase_that_comes_back_is_no_sample(line: str, safe: bool) -> None:
    text = line.format(misread("昨天晚", UTF8_LATIN))
    assert (mended(text) == line.format("昨天晚")) is safe


def test_a_sentence_that_names_the_original_is_not_mended_unasked() -> None:
    for text, safety in (
        ("常见的 浣犲ソ 其实是“你好”。", Safety.SUGGESTED),
        ("常见的 浣犲ソ 其实是问候。", Safety.SAFE),
    ):
        found = [one for one in audit_text(text).findings if one.rule == "MOJ001"]
        assert [(one.suggestion, one.safety) for one in found] == [("你好", safety)]


@pytest.mark.parametrize("lost", ["努力完成各项工作任务并且认真总结", "为了工作", "认真总结", "同時舉行會議"])
def test_big5_readers_that_drop_bytes_are_told_by_what_is_left(lost: str) -> None:
    damage = misread(lost, Channel("utf-8", "big5"), Loss.DROP)
    (found,) = find(Text(inside(damage)))
    assert (found.verdict, found.proposals) == (Verdict.NONE, ())
    assert 2 * (min(found.end, 5 + len(damage)) - found.start) > len(damage)


def test_what_stands_beside_dropped_bytes_is_no_safe_repair() -> None:
    damage = misread("大延长电池的使用", Channel("utf-8", "big5"), Loss.DROP)
    found = find(Text(inside(damage)))
    assert sum(one.end - one.start for one in found) == len(damage)
    assert all(one.verdict is not Verdict.EXACT for one in found)


@pytest.mark.parametrize(
    "clean",
    [
        *(
            "、鋰、銣、銫、",
            "忠言諤諤，大船蹇蹇",
            "吐蹇諤",
            "大官酣燕芻豢餘，小官跼蹐",
            "鋰、鈉、鉀、銣、銫、鍅",
            "戎輸賮",
        ),
        *("產品有瑕疵", "管亥望見救軍來", "把人剁成肉醬", "唔單祇係咁", "孟嘗唾其面", "已見萎葉落"),
    ],
)
def test_rare_characters_beside_each_other_are_no_big5(clean: str) -> None:
    assert not find(Text(inside(clean)))


def test_what_survived_among_residues_is_part_of_them() -> None:
    damage = misread(misread("最终录取的将是不如前面的", Channel("gbk", "utf-8")), Channel("utf-8", "gbk"))
    told = [found for found in audit_text(f"公告。\n{damage}。\n".encode()).findings if found.rule == "MOJ004"]
    assert 2 * sum(found.end - found.start for found in told) > len(damage)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("会议指出，{}是当前的重点。", True),
        ("会议指出 {} 是当前的重点。", False),
        ("浏览器把汉字{}放进URL的查询串。", False),
        ("搜索词：{}，共三次。", False),
    ],
)
def test_percent_codes_are_mended_unasked_only_inside_a_sentence(text: str, safe: bool) -> None:
    line = text.format("".join(f"%{byte:02X}" for byte in "加强队伍建设".encode()))
    assert (mended(line) == text.format("加强队伍建设")) is safe
