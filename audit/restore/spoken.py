"""Residues that a sentence explains: their reading stands behind them in brackets, or it says what they mean or how they are read."""

from __future__ import annotations

from audit.language.patterns import regex
from audit.restore.residues import FILLS, IN_GBK

CLOSED = r"\s?[】」』”’》〉]?\s?"
READING = regex(CLOSED + r"[（(\[［]\s?(?:[a-zü\u00e0-\u00fc\u0101-\u01dc']{1,6}[ \-']?){2,12}[)）\]］]")
EXPLAINED = regex(
    CLOSED
    + r"[，,。！!]?\s?(?:翻[译譯](?:[过過][来來]|一下|成)|意思(?:就?是|[为為])|意即|[念读讀]作|[读讀]音|的[读讀]音|的意思)"
)
LONGEST = 24  # code points of such a residue


def explained(body: str, start: int, end: int) -> bool:
    """Whether a residue, whole and nothing but itself, is explained by what stands behind it."""
    shown = body[start:end]
    whole = shown.replace(IN_GBK, "").replace("錕斤拷", "") == "" or (len(set(shown)) == 1 and shown[0] in FILLS)
    return whole and len(shown) <= LONGEST and bool(READING.match(body, end) or EXPLAINED.match(body, end))
