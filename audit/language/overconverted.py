"""Words in which a character-by-character converter chose the wrong traditional form: `皇後`, `頭發`, `方麵`, `為瞭`.

Simplification merged characters; a converter without words takes one form for all. Each word here is wrong in every
meaning it can have, or stands with what must be around it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.spots import look_up
from audit.model import Text

# the form that stands, the form that belongs there, the words
WORDS = """
後后 皇後 皇太後 慈禧太後 太後娘娘
發髮 頭發 理發 剪發 燙發 染發 洗發精 洗發水 洗發乳 護發素 長發披肩 披頭散發 白發蒼蒼 令人發指 千鈞一發 間不容發 怒發衝冠
髮發 髮展 髮現 髮生 髮表 髮明 髮揮 髮出 髮動 髮行 開髮 出髮 爆髮 激髮 研髮 啟髮
裡里 公裡 千裡 萬裡 百裡 鄰裡 故裡 裡程 英裡
裏里 公裏 千裏 萬裏 百裏 鄰裏 故裏 裏程 英裏
幹乾 幹淨 餅幹 幹燥 幹旱 幹枯 幹脆 幹杯 曬幹 晾幹 烘幹 吹幹 幹隆 幹坤
幹干 若幹 幹擾 幹涉 幹預 相幹 幹戈
乾干 若乾 乾涉 乾擾 乾預 相乾 乾戈
乾幹 乾部 骨乾 能乾 乾活 乾勁 樹乾 軀乾 乾線 精乾 實乾 苦乾 乾警 乾什麼
穀谷 山穀 峽穀 河穀 幽穀 穀底 溪穀 矽穀 穀歌
鬆松 鬆樹 鬆柏 鬆鼠 鬆花江 鬆林 武鬆
鬥斗 北鬥 漏鬥 鬥笠 鬥篷 熨鬥 煙鬥 泰鬥
麵面 麵前 方麵 麵積 表麵 麵對 全麵 麵臨 當麵 見麵 對麵 外麵 書麵 局麵 場麵 平麵 層麵 麵貌 麵子 體麵 地麵 水麵 海麵 桌麵 頁麵 片麵 正麵 負麵
製制 製度 限製 控製 體製 機製 製約 製止 強製 抵製 節製 管製 建製 製裁 專製 稅製 學製 牽製 遏製 壓製 抑製 法製
複復 複興 恢複 答複 康複 修複 複仇 複活 複發 複辟 複蘇 收複 光複 複原 往複 報複 平複 複職 反複
復複 復雜 重復 復製 復印 復數
徵征 徵服 長徵 遠徵 出徵 徵程 徵途 徵戰 徵討
週周 週恩來 週杰倫 週傑倫 週瑜 週易 週朝
颱台 颱灣 颱北 颱階 舞颱 平颱 電颱 颱詞 颱上
瞭了 為瞭 除瞭 到瞭 來瞭 有瞭 過瞭 成瞭 好瞭 出瞭 去瞭 起瞭 得瞭 做瞭 說瞭 為瞭
錶表 錶示 錶現 錶達 代錶 發錶 錶明 錶面 圖錶 列錶 錶演 錶揚 錶格 錶決 錶態
噁惡 噁劣 噁化 罪噁 兇噁 邪噁 噁性 噁夢 可噁
闆板 木闆 地闆 黑闆 甲闆 闆塊 樣闆 鋼闆 平闆
闢辟 復闢
籤簽 籤訂 籤署 籤約
捲卷 試捲 畫捲 答捲 問捲 捲宗
傢家 國傢 大傢 專傢 傢庭 作傢 科學傢 傢人 傢長 傢鄉 傢園 畫傢 廠傢
隻只 隻有 隻是 隻要 隻能 隻好 隻見 不隻
係系 係統 係列 體係 派係 星係 院係 語係
係繫 聯係 維係
繫係 關繫
系係 關系
醜丑 醜時 醜牛 子醜寅
雲云 人雲亦雲 不知所雲
嚮向 方嚮 嚮前 趨嚮 傾嚮 志嚮 嚮上 導嚮 面嚮
曆歷 曆史 經曆 學曆 簡曆 曆代 曆程 來曆 履曆 資曆 閱曆
歷曆 日歷 陰歷 陽歷 農歷 公歷 歷法 掛歷
彆別 特彆 彆人 區彆 分彆 級彆 性彆 告彆 個彆 識彆
穫獲 穫得 穫獎 穫取 穫悉
鹹咸 鹹陽 鹹豐 老少鹹宜
薑姜 薑子牙 薑維 孟薑女
範范 範仲淹 範蠡 範增
鬍胡 鬍說 鬍亂 鬍同
鬚須 必鬚 鬚知
捨舍 宿捨 校捨
禦御 禦史 禦用 禦花園 禦醫 駕禦
硃朱 硃元璋 硃熹
齣出 齣現 齣來 齣版 提齣 齣去 指齣
韆千 韆萬 韆克
鞦秋 鞦天 鞦季
鼕冬 鼕天 鼕季
誌志 誌願 同誌 意誌 誌氣
註注 註意 關註 註入 專註 註重
採采 風採 神採 興高採烈
於于 於謙
準准 批準 準許 準予 核準
佔占 佔卜
"""
# What must stand around words that mean something else elsewhere: a pattern, <> being the word
AROUND = """
<>(?=[，。、；的白長短花亂染剪黑很都]) 頭發
<>(?=[店師廳院]) 理發
<>(?=[，。、師型]) 剪發
<>(?=[，。、劑膏]) 染發
<>(?=[，。、劑的]) 燙發
(?<![天教女])<>(?![來期世繼裔代續悔]) 皇後
<>(?![來期世繼裔代續悔]) 皇太後
(?<!辦)<> 公裡 公裏
<>(?![挑面頭]) 萬裡
<>(?!挑) 千裡 百裡
(?<![白華毛頭斷散銀鬢生長短被剪理])<> 髮出 髮展 髮現 髮生 髮表 髮明 髮揮 髮動 髮行
(?<![骨才])<> 幹脆
(?<![樹枝軀])<> 幹枯
<>(?=[，。的]) 能乾 外麵 對麵 場麵
<>(?=[，。、；時後的了會禮]) 見麵
<>(?=[，。上下]) 水麵
<>(?=[，。上]) 海麵
<>(?=[，。、建宣教的]) 法製
<>(?![品]) 復製
<>(?![雜]) 反複 報複
(?<![部市省縣院校會署局])<>(?=[，。、路精途的]) 長徵
(?<![提發列指])<>(?![收求]) 出徵
<>(?![解望]) 到瞭 來瞭 有瞭 去瞭 出瞭 起瞭 得瞭 過瞭 好瞭 成瞭 做瞭 說瞭
<>(?!解) 為瞭
<>(?![板盤]) 錶面
<>(?![店行]) 發錶
(?<![一二三四五六七八九十百千萬兩幾這那每船半多整哪雙餘大小牛犬羊雞豬鳥])<> 隻有 隻是 隻要 隻能 隻好 隻見
<>(?![具俱俬伙]) 大傢
<>(?![具俱俬]) 國傢
(?<![關聯如若經])<> 係列
<>(?![指由屬以為]) 體係 語係 派係
(?<![衛明歌])<>(?![指由屬以為]) 星係
<>(?=[，。、的所]) 院係
(?<![關聯查經])<>(?![指稱一]) 係統
<>(?!史) 公歷 農歷
<>(?![史險]) 陽歷
<>(?![史經時]) 日歷
<>(?!法) 學曆
<>(?=[，。、至到出]) 醜時
<>(?!冊) 專註
<>(?![銷冊明記]) 關註
(?<![備附])<> 註入 註重
(?<![備附簽])<>(?![旨見]) 註意
<>(?!異) 同誌
<>(?![用取購訪集光]) 風採
<>(?![用取購訪集]) 神採
<>(?!備) 批準
<>(?![備則]) 核準
(?<![標水基])<> 準許
<>(?!虛) 於謙
<>(?!扭) 分彆 特彆 個彆
<>(?![型夾]) 出髮
(?<![機相])<>(?=[，。的到]) 關系
<>(?![原位]) 重復
<>(?![生]) 薑維
<>(?![造作成程圖劑品版片冰糖藥衣革材法備售表約止]) 限製 控製 體製 機製 強製 抵製 節製 管製 建製 專製 稅製 學製 牽製 遏製 壓製 抑製
<>(?=[，。的了者世大自]) 徵服
<>(?!海) 鄰裡 鄰裏
(?<![車船機屋房心手眼])<> 裡程 裏程
(?<![標為基])<> 準予
(?<!重)<> 複發
(?<!規)<> 範增
(?<![果種])<>(?!燥) 實乾
(?<![印擬研自])<> 製裁
"""


class Word(NamedTuple):
    """Where in a word the wrong form stands, the right form, and the word with what must be around it."""

    place: int
    form: str
    seen: re.Pattern[str]


def _lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.split("\n") if line]


@cache
def _words() -> tuple[NDArray[np.uint64], dict[int, list[Word]]]:
    """The pairs of characters round the wrong form of each word, ascending; and the words by pair."""
    around = {text: pattern for pattern, *words in _lines(AROUND) for text in words}
    found: dict[int, list[Word]] = {}
    for pair, *words in _lines(WORDS):
        wrong, form = pair[0], pair[1]
        for text in words:
            place = text.index(wrong)
            first = max(place - 1, 0)
            word = Word(place, form, re.compile(around.get(text, "<>").replace("<>", text)))
            found.setdefault(ord(text[first]) << 32 | ord(text[first + 1]), []).append(word)
    return np.array(sorted(found), dtype=np.uint64), found


@cache
def _wrong_forms() -> NDArray[np.bool_]:
    """A table of the first plane that says which characters stand wrong in a word."""
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(pair[0]) for pair, *_ in _lines(WORDS)]] = True
    return table


def overconverted(text: Text) -> dict[int, str]:
    """Where a wrong form stands in one of the words, and the form that belongs there; by offset, computed once."""
    return cast("dict[int, str]", text.signal("overconverted", _find))


def _find(text: Text) -> dict[int, str]:
    codes = text.codes
    at = np.flatnonzero(look_up(text, _wrong_forms()))
    pairs, words = _words()
    found: dict[int, str] = {}
    for step in (-1, 0):
        first = at[(at + step >= 0) & (at + step + 1 < len(codes))] + step
        pair = (codes[first].astype(np.uint64) << np.uint64(32)) | codes[first + 1]
        hits = np.flatnonzero(np.isin(pair, pairs))
        for start, key in zip(first[hits].tolist(), pair[hits].tolist(), strict=True):
            for word in words[key]:
                begin = start - max(word.place - 1, 0)
                if begin >= 0 and word.seen.match(text.body, begin):
                    found[begin + word.place] = word.form
    return found
