"""What a title says its part is: a chapter of a longer work, or what a work has beside its subject."""

from __future__ import annotations

from audit.language.patterns import regex

CHAPTER = regex(r"[#\s]{0,8}第[0-9〇零一二三四五六七八九十百]{1,4}[章节節编編部分卷回]")
# the whole title, behind its number, says no more than this
APPARATUS = regex(
    r"[#\s]{0,8}(?:第[0-9〇零一二三四五六七八九十百]{1,4}[章节節编編部分]\s{0,4}|[\d一二三四五六七八九十.、]{1,6}\s{0,4})?"
    r"(?:附\s{0,4}[则則]|附\s{0,4}[录錄表件注註][^\n]{0,8}|[总總]\s{0,4}[则則]|前\s{0,4}言|序\s{0,4}言?|引\s{0,4}言|[后後]\s{0,4}[记記]|跋|[致鸣鳴][谢謝]|[参參]考(?:文[献獻]|[资資]料)|目\s{0,4}[录錄]|索\s{0,4}引"
    r"|版[权權](?:[声聲]明)?|[许許]可(?:[证證]|[协協][议議])?|[联聯][系繫](?:我们|我們|方式)?|[关關][于於](?:我们|我們|作者|本[书書])|作者[简簡]介"
    r"|安[装裝]|更新(?:日[志誌]|[记記][录錄])|[变變]更(?:日[志誌]|[记記][录錄])"
    r"|(?i:licen[cs]e|copyright|change ?log|installation|contributing|acknowledge?ments?|appendix|references|faq|links))[\s:：]{0,4}"
)


def is_chapter(title: str) -> bool:
    """Whether the title counts the parts of one work (`第三章 …`), which are no pieces of a collection."""
    return CHAPTER.match(title) is not None


def is_apparatus(title: str) -> bool:
    """Whether the title is that of a part beside the subject of its work: `附则`, `后记`, `参考文献`, `License`."""
    return APPARATUS.fullmatch(title) is not None
