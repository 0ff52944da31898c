"""Runs of question marks where text was lost to a codec that has no Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.patterns import regex

RUN = regex(r"\?{2,}(?:[ ,.;:()\-\"'0-9，。、；：]{1,3}\?{2,})*")
MIN_MARKS = (
    4  # of the runs of four in 17 M clean characters two stand for lost emoji, none for emphasis inside a clause
)
MIN_ALONE = 8  # where the marks may be emphasis: the longest in 17 M clean characters has 6
MIN_GROUPED = 6
CODE = regex(r"https?://|[{}=<>\\]|\?\.|->|\$")
PROSE = regex(r"[,;:，。、；：0-9]")
ASKING = frozenset("吗呢么嗎麼啊吧嘛呀谁誰哪啥何")
STOPS = frozenset("，。、；：,;:（(《")
OPENERS = frozenset("“「『【")
NEAR = 40


def lost_runs(body: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Spans of such runs in a line, and whether a short one may stand for emoji alone."""
    for match in RUN.finditer(body, start, end):
        before = body[max(start, match.start() - 1) : match.start()]
        after = body[match.end() : min(end, match.end() + 1)]
        if _lost(match[0], before, after) and not CODE.search(
            body, max(start, match.start() - NEAR), min(end, match.end() + NEAR)
        ):
            yield *match.span(), match[0].count("?") == match.end() - match.start() < MIN_ALONE


def _lost(shown: str, before: str, after: str) -> bool:
    """Whether the marks stand where text stood, not behind a question."""
    marks = shown.count("?")
    if marks < MIN_MARKS or after in ("!", "！", "？") or before in ("!", "！", "？"):
        return False
    if before in ASKING:
        return False
    if marks != len(shown):
        return marks >= MIN_GROUPED and PROSE.search(shown) is not None
    inside = (_han(before) or not before or before in STOPS or before in OPENERS) and (_han(after) or after in STOPS)
    return inside or (marks >= MIN_ALONE and not _han(before)) or (marks >= MIN_ALONE and _han(after))


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
