"""The steps in their order: what editors and sites do to characters first, then the programs that worked on bytes."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from collection import Facts, labelled
from labels import Cut, Label, Page, changed
from wounds import masked, shortened, stray, unquoted, untitled

from audit.restore import simulate

Step = Callable[[Page, Facts, random.Random], Page]
READING = re.compile(r"[(?][a-z\u00e0-\u01dc\u1ebd]+\)")
OFTEN, GLOSSED = 300, 40
SHARE = 0.5  # of the chances that a program took, as on real pages


def shifted(page: Page, known: Facts, chance: random.Random) -> Page:
    """Punctuation, gloss and full-stop passes on GBK bytes, width pass on characters."""
    glossed = known.glossed or _often(page.text, chance)
    made = simulate.chain(page.text, readings(glossed), simulate.sometimes(chance.randrange(1 << 30), SHARE))
    narrow = Page(simulate.narrow(page.text), page.labels)
    cuts, inside = [], []
    for span in made.spans:
        text = made.text[span.start : span.end]
        if span.mechanism == "gloss":
            label = Label(0, len(text), "gloss", "plain", "")
        else:
            proof = f"family={span.mechanism}; forward simulation=reproduces the span"
            label = Label(0, len(text), "byte-shift", span.mechanism, span.original, "major", proof)
            inside += [_gloss(span.start + match.start(), match[0]) for match in READING.finditer(text)]
        cuts.append(Cut(span.at, span.till, text, label if text else None))
    result = changed(narrow, cuts)
    assert result.text == made.text, "the spans do not account for the damage"
    at = result.text.find(",")
    if at >= 0:
        inside.append(Label(at, at + 1, "punctuation", "halfwidth-systematic", note="all ，；：！？（） of the page"))
    return Page(result.text, tuple(sorted([*result.labels, *inside], key=lambda label: (label.start, label.end))))


def _gloss(at: int, text: str) -> Label:
    """A reading inside a shifted stretch: behind a trail byte, or with its bracket swallowed."""
    subtype = "after-letter" if text.startswith("(") else "broken-open"
    return Label(at, at + len(text), "gloss", subtype, "", note="inside a byte shift: repair that span as a whole")


def _often(text: str, chance: random.Random) -> str:
    """A site's set of glossed characters where none is known: some of those that the text uses most."""
    counts = Counter(char for char in text if "\u4e00" <= char <= "\u9fff")
    common = sorted(counts, key=lambda char: (-counts[char], char))[:OFTEN]
    return "".join(sorted(chance.sample(common, min(GLOSSED, len(common)))))


def readings(glossed: str) -> Mapping[str, str]:
    """The usual reading of each glossed character, with its tone mark."""
    from pypinyin import Style, pinyin

    return {char: pinyin(char, style=Style.TONE)[0][0] for char in glossed}


STEPS: Mapping[str, Step] = {
    "masks": masked,
    "quotes": unquoted,
    "titles": untitled,
    "cuts": shortened,
    "stray": stray,
    "bytes": shifted,
}


def damaged(text: str, known: Facts, chance: random.Random, steps: Sequence[str] = tuple(STEPS)) -> Page:
    """A clean text after the given steps, with all labels; a step's chance does not depend on the other steps."""
    page = labelled(text, known)
    seeds = {name: chance.randrange(1 << 30) for name in STEPS}
    for name, step in STEPS.items():
        if name in steps:
            page = step(page, known, random.Random(seeds[name]))
    return page
