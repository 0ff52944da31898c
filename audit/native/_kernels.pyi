"""What the compiled kernels take and fill. Arrays are C-contiguous; outputs are filled in place."""

from typing import Any

from numpy import bool_, float32, int16, int32, int64, uint8, uint16, uint32, uint64
from numpy.typing import NDArray

def line_bits(codes: NDArray[uint16], starts: NDArray[int64], table: NDArray[uint64], bits: NDArray[uint64]) -> None:
    """ORs into `bits`, shape (lines,), the entries that `table`, shape (65536,), has for the codes of each line.

    Line i is `codes[starts[i]:starts[i + 1]]`, the last one ends with the codes; `starts` ascend from 0.
    """

def line_breaks(codes: NDArray[uint32], places: NDArray[int64]) -> int:
    """Where LF and CR stand, ascending; `places` has room for all codes. Returns how many."""

def line_counts(
    kinds: NDArray[uint8],
    starts: NDArray[int64],
    masks: NDArray[uint8],
    one: NDArray[int64],
    other: NDArray[int64],
) -> None:
    """How many `kinds` of each line, as in `line_bits`, have a bit of the first of two `masks`, and of the other; shapes (lines,)."""

def mixed_runs(kinds: NDArray[uint8], masks: NDArray[uint8], places: NDArray[int64]) -> int:
    """Places of the second or the third of three `masks` in runs of the first one that hold both; room for all kinds. Returns how many."""

def select_by(codes: NDArray[uint16], table: NDArray[uint8], places: NDArray[int64], values: NDArray[uint8]) -> int:
    """Where `table`, shape (65536,), holds something for the codes, and what; both have room for all codes. Returns how many."""

def classify(
    codes: NDArray[uint16],
    table: NDArray[uint8],
    mask: NDArray[uint8],
    kinds: NDArray[uint8],
    places: NDArray[int64],
    found: NDArray[uint16],
) -> int:
    """What `table`, shape (65536,), says of each code, and those of which it says a bit of `mask`, shape (1,): places and codes.

    `kinds` has the shape of the codes, `places` and `found` have room for all. Returns how many were found.
    """

def sort_by_slot(
    places: NDArray[int64],
    codes: NDArray[uint16],
    slots: NDArray[uint8],
    ordered: NDArray[int64],
    first: NDArray[int64],
    others: NDArray[uint16],
) -> None:
    """The `places`, shape (n,), by the slot that the table of shape (65536,) has for their codes, then as they come.

    Those of slot s lie from `first[s]` to `first[s + 1]`, shape (257,); `others` begins with the codes of slot 0.
    """

def sift(
    codes: NDArray[uint16],
    table: NDArray[uint16],
    starts: NDArray[int64],
    ends: NDArray[int64],
    kept: NDArray[uint16],
    dropped: NDArray[int64],
    low: NDArray[int64],
    high: NDArray[int64],
) -> int:
    """What `table`, shape (65536,), holds for the codes, 0 left out, and the places left out; both have room for all codes.

    `low` and `high` count what is kept before each line's start and end; shapes (lines,). Returns how many are kept.
    """

def run_prints(
    kept: NDArray[uint16],
    below: NDArray[uint32],
    low: NDArray[int64],
    high: NDArray[int64],
    prints: NDArray[uint32],
    places: NDArray[int64],
    sums: NDArray[uint32],
    mixed: NDArray[uint32],
) -> int:
    """Hashes of the runs of twelve that lie below a bound, shape (1,), and where they begin; both have room for all runs.

    Adds to `sums` and `mixed`, shapes (paragraphs,), the hashes of the runs from `low` to `high`, added and exclusive. Returns how
    many prints there are.
    """

def triple_minima(kept: NDArray[uint16], least: NDArray[uint32], filled: NDArray[bool_]) -> None:
    """Lowers `least` to the smallest hash of three in each of 128 bins, and marks the bins that have one; shapes (128,)."""

def count_features(
    codes: NDArray[uint32],
    fold: NDArray[uint16],
    buckets: NDArray[uint16],
    many: NDArray[uint8],
    totals: NDArray[int64],
) -> int:
    """The buckets of features that are met, ascending, and how often (255: or oftener); both have room for all, 40960.

    `fold` has shape (65536,); `totals`, shape (4,), counts pairs and triples, Han characters, Latin letters, codes above the blank.
    Returns how many buckets are met.
    """

def flanked(
    codes: NDArray[uint16],
    places: NDArray[int64],
    before: NDArray[bool_],
    after: NDArray[bool_],
    found: NDArray[int64],
) -> int:
    """The places behind a code of `before` and ahead of one of `after`, shapes (65536,), or (0,) where nothing is asked; returns how many.

    `found` has room for all places.
    """

def twice_in_a_row(codes: NDArray[uint16], places: NDArray[int64], sizes: NDArray[int64]) -> int:
    """Where three to eight Han characters stand twice in a row, no more and no less, and how many they are.

    Both have room for two words of each code. Returns how many.
    """

def known_pairs(codes: NDArray[uint32], fold: NDArray[uint16], table: NDArray[uint8], places: NDArray[int64]) -> int:
    """Where pairs of folded codes begin whose check stands in `table`, of 2^n slots; room for all codes. Returns how many."""

def window_sums(
    codes: NDArray[uint16],
    table: NDArray[int32],
    places: NDArray[int64],
    reach: NDArray[int64],
    sums: NDArray[int32],
) -> None:
    """Sums of what `table`, shape (65536,), holds for the codes within `reach`, shape (1,), of ascending places; shapes (n,)."""

def heavy_windows(codes: NDArray[uint16], table: NDArray[uint16], asked: NDArray[int64], places: NDArray[int64]) -> int:
    """Where windows begin whose sum by `table`, shape (65536,), is above a bound; room for all codes. Returns how many.

    `asked` are the first place, the step from one code to the next, the codes of a window, and the bound; shape (4,).
    """

def surprise(
    codes: NDArray[uint32],
    tokens: NDArray[uint16],
    rows: NDArray[uint32],
    bigram: NDArray[uint16],
    unigram: NDArray[int16],
    backoff: NDArray[int16],
    bits: NDArray[float32],
) -> None:
    """Bits of each code behind the one before it, by the tables of `surprisal.Model`; shape of the codes."""

def surprise_deep(
    codes: NDArray[uint32],
    tokens: NDArray[uint16],
    rows: NDArray[uint32],
    bigram: NDArray[uint16],
    unigram: NDArray[int16],
    backoff: NDArray[int16],
    after: NDArray[uint8],
    trigram: NDArray[uint16],
    bits: NDArray[float32],
) -> None:
    """The same behind the two before it; `after` has the shape of `bigram`, `trigram` has 2^n slots."""

# The search for shifted bytes takes 30 buffers that `audit.restore.compiled` lays out: 9 of the language, 9 of the page, 10 of
# GBK, the pairs that read in a certain way, and the run's pairs, trail byte and lead byte of each. Then a tuple: script, whether
# the page has words, the last trail byte or -1, whether a reading is given, the tail, the mark, the pairs to skip, the code point
# that must come first or 0, the left context, the right context, and the heads (text, lead byte, cost).

def shift_rounds(*arguments: Any) -> tuple[list[tuple[str, int, tuple[int, ...]]], int, int, int, int, int] | None:
    """The fields of `asked.Told`; asked with what is shown, the most rounds, how many may lose a pair, and what is enough."""

def shift_originals(*arguments: Any) -> list[tuple[str, int, tuple[int, ...]]]:
    """The fields of `asked.Original`, cheapest first; asked with a byte for each gap: how many pairs may have vanished there;
    the gap where one must have, or -1; how many hypotheses may lose a pair.
    """

def shift_weights(*arguments: Any) -> list[tuple[int, int, int]]:
    """What each of a list of texts costs: with the page's words, without, and by triples.

    Takes the buffers of the language and the page and those of `Model.triples`; then a tuple: script, whether the page has words,
    the left context, the right one, and what stands before and behind when triples are asked; then the texts.
    """

def __getattr__(name: str) -> Any: ...
