"""Recognition errors: characters taken for one another, split characters, letters for digits, look-alike letters, page furniture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from audit.joined import Joined, Mask
from audit.language import scouts, script, spots
from audit.language.confusables import HALVES, SHAPE, confusions, exchanged, halves, odd_pairs, weighed
from audit.language.misreadings import misreadings
from audit.model import Edit, Hit, Offsets, Safety, Severity, Span, Text
from audit.restore.misread import AMONG_MANY, Misread, misread
from audit.rule import Scope, family

from .ocr_copies import RULES as COPIES
from .ocr_letters import RULES as LETTERS
from .ocr_parallels import RULES as PARALLELS
from .ocr_words import RULES as WORDS
from .ocr_words import is_spoken_of, is_traditional

rule = family("ocr")

GAIN, LEFT = (
    9.0,
    40.0,
)  # bits by n-grams: what the exchange gains, and what is left of four characters: above, their surroundings are damaged, or names
MANY, DENSE = 5, 2000  # a text with so many confusions, one in so many code points, has more
STAND_INS = "某甲乙丙丁"  # whoever it may be: they stand beside any word
REPEATED, NEARBY = 2, 50_000  # a pair that the text has more often than this within so many code points is its term


def _scout(joined: Joined) -> Mask:
    """Texts with a confusion that gains enough by itself, whatever they are about: without one a text has none."""
    places = exchanged(joined.text, _odd(joined.text))
    found = weighed(joined.text.codes, places, GAIN)
    return joined.holding([one.at for one in found if one.left <= LEFT])


@rule(
    "OCR001",
    "confused-character",
    Severity.MINOR,
    {
        "": "{text!r} looks like a misread {form!r} in {context!r}",
        "sound": "{text!r} sounds like {form!r}, which {context!r} wants",
    },
    scope=Scope.TEXT,
    scout=_scout,
    confidence=0.7,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def confused_character(text: Text) -> Iterator[Hit]:
    """A character that was taken for one like it in shape or sound, as in `副工席` for `副主席`, `步署` for `部署`.

    Why it matters: recognition and typing errors of this kind pass every spelling check, since the character exists.
    Left alone: names and what stands in for them (`甲、乙`, `尤某`), terms that the text repeats, classical texts, pairs that were ever seen in good prose, and places where more than one
    character is damaged.
    Evidence: how many bits likelier the exchange makes the characters, and the words.
    Repair: the character that makes the text likeliest, where it is as good as certain or the text is full of such characters; else it is only named.
    """
    likely, dense = _likely(text)
    traditional = is_traditional(text) if likely else False
    told = misreadings(text) if likely else {}
    for one in likely:
        at, form = one.found.at, one.found.form
        if at in told or is_spoken_of(text, at):
            continue  # OCR007 is surer of it, or an exercise asks for it
        form = script.to_traditional(form) if traditional else form
        variant = "" if one.found.kind == SHAPE else "sound"
        evidence = {
            "form": form,
            "likeness": variant or "shape",
            "gain_bits": round(one.found.gain, 1),
            "words_bits": round(one.words, 1),
        }
        values = {"text": text.body[at], "form": form, "context": text.body[max(at - 2, 0) : at + 3]}
        clear = dense or one.sure
        confidence = min(0.8 + one.gain / 200, 0.95) if clear else 0.5
        edit, severity = (Edit(form), Severity.MINOR) if clear else (None, Severity.INFO)
        yield Hit(Span(at, at + 1), values, edit, confidence, evidence, variant, severity)


def _likely(text: Text) -> tuple[list[Misread], bool]:
    """Confusions that gain enough, and whether the text is full of them, so that less was asked."""
    every = misread(text, [one for one in confusions(text, _odd(text), GAIN) if one.left <= LEFT])
    likely = [one for one in every if one.likely]
    dense = len(likely) >= MANY and len(likely) * DENSE > len(text.codes)
    if dense:
        likely = [one for one in every if one.gain >= AMONG_MANY]
    likely = [one for one in likely if not _stands_in(text, one.found.at)]
    terms = _terms(text, [one.found.at for one in likely])
    return [one for one, term in zip(likely, terms, strict=True) if not term], dense


def _stands_in(text: Text, at: int) -> bool:
    """Whether the character is a stand-in for a name that the text uses again and again: `甲退伙`, `尤某`."""
    return text.body[at] in STAND_INS and len(spots.places(text, text.body[at])) > MANY


def _odd(text: Text) -> Offsets:
    return text.signal("ocr.odd", lambda one: odd_pairs(spots.narrow(one)))  # type: ignore[no-any-return]


def _places(text: Text, pair: str) -> Offsets:
    """Where two characters stand together, ascending."""
    first = spots.places(text, pair[0])
    first = first[first + 1 < len(text.codes)]
    return first[text.codes[first + 1] == ord(pair[1])]


def _terms(text: Text, at: list[int]) -> list[bool]:
    """Whether the text has the character at each place beside the same neighbours again and again."""
    pairs = [(text.body[max(one - 1, 0) : one + 1], text.body[one : one + 2]) for one in at]
    asked = Counter(pair for both in pairs for pair in both)
    listed = {
        pair: _places(text, pair)
        for pair, count in asked.items()
        if len(set(pair)) > 1 and count * 2 * NEARBY > len(text.body)  # else it is sought around each place
    }

    def often(pair: str, one: int) -> bool:
        low, high = max(one - NEARBY, 0), one + NEARBY
        if pair not in listed:
            return text.body.count(pair, low, high) > REPEATED
        first, last = listed[pair].searchsorted((low, high - 1))
        return bool(last - first > REPEATED)

    return [often(before, one) and often(after, one) for one, (before, after) in zip(at, pairs, strict=True)]


@rule(
    "OCR002",
    "split-character",
    Severity.MINOR,
    "{text!r} is {form!r} read as two characters",
    scope=Scope.TEXT,
    scout=scouts.split,
    confidence=0.85,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def split_character(text: Text) -> Iterator[Hit]:
    """A character that was read as its two halves, as in `木几` for `机`.

    Why it matters: the word is lost to search and to every reader but one who guesses.
    Left alone: halves that stand beside each other by chance, in texts on characters, and where the text does not gain by joining them.
    Repair: the whole character.
    """
    for start, gain in halves(text.codes, _odd(text), text.body):
        parts = text.body[start : start + 2]
        form = HALVES[parts]
        yield Hit(
            Span(start, start + 2),
            {"text": parts, "form": form},
            Edit(form),
            evidence={"form": form, "gain_bits": round(gain, 1)},
        )


RULES = (confused_character, split_character, *LETTERS, *WORDS, *PARALLELS, *COPIES)
