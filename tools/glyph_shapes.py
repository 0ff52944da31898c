"""Pairs of characters whose printed shapes are nearly the same, written to `glyphs.txt` for `build_tables.py`.

    glyph_shapes.py CORPUS

The most frequent characters of the corpus are drawn by Chromium in a face with serifs and in one without, blurred, and compared; both
faces must agree. `make browser` installs what it needs. Of the pairs that were listed by hand half are more alike than 0.6.
"""

from __future__ import annotations

import argparse
import base64
from collections import Counter
from pathlib import Path
from typing import Any

import corpora
import numpy as np
from chromium import QUIET, program
from numpy.typing import NDArray

OUT = Path(__file__).with_name("glyphs.txt")
FACES = ("Noto Serif CJK SC", "Noto Sans CJK SC")
CHARACTERS, AT_ONCE = 6000, 500
SIZE, MARGIN = 40, 2  # pixels
ALIKE = 0.75  # correlation of the blurred pictures: below come pairs that share a half only (孤弧, 何珂)
BLUR = np.array([1, 4, 6, 4, 1], dtype=np.float32) / 16
A_ROW = 40
DRAW = """async ({chars, size, face}) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const out = new Uint8Array(chars.length * size * size);
  await document.fonts.load('36px "' + face + '"');
  [...chars].forEach((char, n) => {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, size, size);
    pen.fillStyle = '#000';
    pen.font = '36px "' + face + '"';
    pen.textBaseline = 'middle';
    pen.textAlign = 'center';
    pen.fillText(char, size / 2, size / 2);
    const {data} = pen.getImageData(0, 0, size, size);
    for (let at = 0; at < size * size; at += 1) out[n * size * size + at] = 255 - data[4 * at];
  });
  let text = '';
  for (let at = 0; at < out.length; at += 8192) text += String.fromCharCode(...out.subarray(at, at + 8192));
  return btoa(text);
}"""


def frequent(corpus: Path) -> str:
    """The most frequent Han characters, most first."""
    counts: Counter[str] = Counter()
    for path in corpora.genres(corpus):
        counts.update(corpora.load(path, 3_000_000))
    ranked = sorted(counts, key=lambda char: (-counts[char], char))
    return "".join([char for char in ranked if "\u4e00" <= char <= "\u9fff"][:CHARACTERS])


def drawn(page: Any, chars: str, face: str) -> NDArray[np.float32]:
    """What each character looks like; shape (characters, SIZE, SIZE), 0 to 1."""
    pieces = [chars[start : start + AT_ONCE] for start in range(0, len(chars), AT_ONCE)]
    raw = [base64.b64decode(page.evaluate(DRAW, {"chars": piece, "size": SIZE, "face": face})) for piece in pieces]
    return np.frombuffer(b"".join(raw), dtype=np.uint8).reshape(len(chars), SIZE, SIZE).astype(np.float32) / 255


def likeness(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike each two are once blurred; shape (characters, characters)."""
    for axis in (1, 2):
        pictures = sum(weight * np.roll(pictures, step - 2, axis=axis) for step, weight in enumerate(BLUR))
    rows = pictures[:, MARGIN:-MARGIN, MARGIN:-MARGIN].reshape(len(pictures), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows @ rows.T


def main() -> None:
    """Draws, compares, writes."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("corpus", type=Path)
    chars = frequent(parser.parse_args().corpus)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=QUIET)
        page = browser.new_page()
        page.set_content("<p>")
        alike = np.minimum.reduce([likeness(drawn(page, chars, face)) for face in FACES])
        browser.close()
    first, second = np.nonzero(np.triu(alike, 1) > ALIKE)
    pairs = sorted(chars[one] + chars[other] for one, other in zip(first.tolist(), second.tolist(), strict=True))
    rows = [" ".join(pairs[start : start + A_ROW]) for start in range(0, len(pairs), A_ROW)]
    OUT.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(pairs):,} pairs of {len(chars):,} characters")


if __name__ == "__main__":
    main()
