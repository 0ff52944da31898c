"""What the compiled kernels take and fill. Arrays are C-contiguous; outputs are filled in place."""

from typing import Any

from numpy import bool_, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64
from numpy.typing import NDArray

STUB: int
"""The checksum of this file when the kernels were built."""

def line_bits(codes: NDArray[uint16], starts: NDArray[int64], table: NDArray[uint64], bits: NDArray[uint64]) -> None:
    """ORs into `bits`, shape (lines,), the entries that `table`, shape (65536,), has for the codes of each line.

    Line i is `codes[starts[i]:starts[i + 1]]`, the last one ends with the codes; `starts` ascend from 0.
    """

def line_numbers(starts: NDArray[int64], places: NDArray[int64], numbers: NDArray[int64]) -> None:
    """The last of the ascending `starts` at or before each place, -1 before the first; in one walk where the places ascend, too."""

def narrowed(codes: NDArray[uint32], close: NDArray[uint16], breaks: NDArray[int64]) -> int:
    """The codes in 16 bits, those beyond as U+FFFF, and where LF and CR stand; room for all codes. Returns how many of these."""

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

def side_by_side(
    codes: NDArray[uint16],
    left: NDArray[uint8],
    right: NDArray[uint8],
    places: NDArray[int64],
    values: NDArray[uint8],
) -> int:
    """Where a code and the one before it share bits of two tables, shapes (65536,), and which; room for all codes. Returns how many."""

def list_markers(
    codes: NDArray[uint32],
    table: NDArray[uint8],
    places: NDArray[int64],
    schemes: NDArray[int64],
    numbers: NDArray[int64],
    widths: NDArray[int64],
    opened: NDArray[uint8],
) -> int:
    """Scheme (-1: none), number, width and `opened` of the marker at each place, shapes (n,), by the classes of listing.py. Returns n."""

def with_bit(places: NDArray[int64], kinds: NDArray[uint8], mask: NDArray[uint8], found: NDArray[int64]) -> int:
    """The places whose kinds have a bit of `mask`, shape (1,); the others have shape (n,), `found` at least. Returns how many."""

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

def cell_sums(codes: NDArray[uint16], table: NDArray[uint64], sums: NDArray[uint64]) -> None:
    """Sums of what `table`, shape (65536,), holds for the codes of each cell; the cells are of one size, shape of sums (cells,)."""

def running_sums(
    codes: NDArray[uint32],
    fold: NDArray[uint16],
    weights: NDArray[int16],
    at: NDArray[int64],
    rows: NDArray[int64],
    features: NDArray[int64],
) -> None:
    """What stands before ascending places: sums of the weights, shape (40960, axes), of features of Han characters; how many these are.

    `rows` has shape (places, axes), `features` (places,); at most 64 axes.
    """

def pair_cell_sums(
    codes: NDArray[uint32],
    fold: NDArray[uint16],
    table: NDArray[uint64],
    size: NDArray[int64],
    sums: NDArray[uint64],
) -> None:
    """Sums of what `table`, shape (40960,), holds for the Han characters and pairs of each cell of `size`, shape (1,), codes."""

def cut_stretches(
    starts: NDArray[int64],
    ends: NDArray[int64],
    low: NDArray[int64],
    high: NDArray[int64],
    stops: NDArray[int64],
    before: NDArray[int64],
    sizes: NDArray[int64],
    spans: NDArray[int64],
) -> int:
    """Lines, ascending, cut at `stops` into stretches, whose starts and ends `spans`, shape (room, 2), gets; returns how many.

    `low` and `high` are the Han characters before each line's start and end, shapes (lines,), `before` those before each stop, (stops,);
    `sizes`, shape (3,), the Han characters of a stretch, of the shortest, and of a line above which it is cut.
    """

def predict_entries(
    buckets: NDArray[uint16],
    counts: NDArray[uint8],
    bounds: NDArray[int64],
    weights: NDArray[int64],
    logarithms: NDArray[int64],
    rarity: NDArray[float64],
    steps: NDArray[uint8],
    mix: NDArray[float64],
    totals: NDArray[int64],
    rows: NDArray[int64],
) -> None:
    """How well the rest of a collection predicts its entries, whose features lie end to end between `bounds`, shape (entries + 1,).

    `weights` are those of counts, shape (256,), `logarithms` of mantissas, (4096,), `rarity` has shape (40960,), `steps` (40960, kinds),
    with at most 64 kinds, `mix` (1,), and `totals`, which is written over, (40960,). Of each entry `rows`, shape (entries, 2 + kinds),
    hold the mass, what the rest says, and the sums of the steps.
    """

def known_pairs(codes: NDArray[uint16], fold: NDArray[uint16], table: NDArray[uint8], places: NDArray[int64]) -> int:
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

def steps_at(
    codes: NDArray[uint16],
    places: NDArray[int64],
    reach: NDArray[int64],
    tokens: NDArray[uint16],
    rows: NDArray[uint32],
    bigram: NDArray[uint16],
    unigram: NDArray[int16],
    backoff: NDArray[int16],
    sums: NDArray[int32],
) -> None:
    """Tenths of bits of the code at each place and of those within `reach`, shape (1,), behind it, added up; shape of `places`."""

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

def surprise_checked(
    codes: NDArray[uint32],
    tokens: NDArray[uint16],
    rows: NDArray[uint32],
    bigram: NDArray[uint16],
    unigram: NDArray[int16],
    backoff: NDArray[int16],
    after: NDArray[uint8],
    trigram: NDArray[uint16],
    bigram_checks: NDArray[uint8],
    trigram_checks: NDArray[uint8],
    bits: NDArray[float32],
) -> None:
    """The same where the second checks, of the shapes of `bigram` and `trigram`, fit as well."""

def form_votes(
    codes: NDArray[uint32],
    places: NDArray[int64],
    fold: NDArray[uint16],
    families: NDArray[uint32],
    cells: NDArray[uint16],
    weights: NDArray[float32],
) -> None:
    """Adds to four `weights` for each place what its contexts say of the forms of its family; `cells` are a power of two."""

def bracket_letters(
    codes: NDArray[uint16],
    opens: NDArray[int64],
    sizes: NDArray[int64],
    table: NDArray[int32],
    keys: NDArray[int64],
    sums: NDArray[int32],
) -> None:
    """The letters of what stands behind each opening bracket, as `table`, shape (65536,), spells them, and the sums of its entries."""

def without(
    codes: NDArray[uint32], starts: NDArray[int64], ends: NDArray[int64], kept: NDArray[int64], left: NDArray[uint32]
) -> None:
    """What is left without ascending stretches, and where each code stood, the end of all behind them; shapes (n,) and (n + 1,)."""

def line_sums(codes: NDArray[uint16], starts: NDArray[int64], table: NDArray[uint8], sums: NDArray[int64]) -> None:
    """Sums of what `table`, shape (65536,), holds for the codes of each line, as in `line_bits`; shape (lines,)."""

def triple_keys(tokens: NDArray[int64], keys: NDArray[int64]) -> None:
    """Each three tokens in a row as one number of 14 bits each; shape (n - 2,), or (0,)."""

def count_runs(ordered: NDArray[int64], kinds: NDArray[int64], counts: NDArray[int64]) -> int:
    """Each of equal numbers in a row once, and how many they are; room for all numbers. Returns how many kinds there are."""

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

def shift_rivals(
    *arguments: Any,
) -> tuple[int | None, int | None, list[tuple[str, int]], int, list[list[tuple[str, int, tuple[int, ...]]]]] | None:
    """By how many half units the best original leads those in which no pair vanished, those in which one did, and of these the
    longer ones that are near; what it costs by pairs; what each search found. Handed the buffers of `Model.triples` too, before
    the setting.

    Asked with a tuple of what `shift_originals` is asked for gaps, the gap, how many may lose a pair, the best one, what it costs
    by pairs, whether its last character is a guess, how many half units are near, and what stands before and behind. Where it is
    not told what the best one costs (None), the first search tells; None where that does not find it.
    """

def shift_weights(*arguments: Any) -> list[tuple[int, int, int]]:
    """What each of a list of texts costs: with the page's words, without, and by triples.

    Takes the buffers of the language and the page and those of `Model.triples`; then a tuple: script, whether the page has words,
    the left context, the right one, and what stands before and behind when triples are asked; then the texts.
    """

def price_pairs(
    raw: bytes | NDArray[uint8],
    able: NDArray[uint8],
    prices: NDArray[uint16],
    alone: NDArray[uint8],
    options: NDArray[int64],
    sums: NDArray[int64],
    valid: NDArray[uint8],
    redo: NDArray[uint8],
) -> None:
    """What the characters of each unit of `raw`, which ends with LF, cost in an encoding of one and two bytes.

    `able`, shape (256,): bytes that can be leads; `prices` and `alone`, shape (65536,), by value: `lead << 8 | trail` or the byte.
    `options`: whether the document is small, what is longer than pairs (0, 1 for four bytes, 2 for three), whether kana are halves.
    Fills `sums`, shape (4, units): cost, foreign, strange and worst of `Scores`; `redo` where a codec is needed.
    """

def price_letters(raw: bytes, prices: NDArray[uint16], sums: NDArray[int64], valid: NDArray[uint8]) -> None:
    """The same of one byte a letter; `prices`, shape (65536,), by `before << 8 | byte`."""

def sum_pairs(raw: bytes | NDArray[uint8], values: NDArray[int16], sums: NDArray[int64]) -> None:
    """The sum over each unit of `values`, shape (65536,), by `before << 8 | byte`."""

def price_utf8(raw: bytes, prices: NDArray[uint16], sums: NDArray[int64], valid: NDArray[uint8]) -> None:
    """As `price_pairs` for UTF-8, `prices` by code point; units that are none: `foreign` pairs of long characters, `worst` how likely partly UTF-8."""

def price_torn_utf8(
    raw: bytes, prices: NDArray[uint16], sums: NDArray[int64], valid: NDArray[uint8], lost: NDArray[int64]
) -> None:
    """The same with a price for what is left of characters; `lost` counts that."""

def price_torn_pairs(
    raw: bytes,
    able: NDArray[uint8],
    prices: NDArray[uint16],
    codes: NDArray[uint32],
    options: NDArray[int64],
    sums: NDArray[int64],
    valid: NDArray[uint8],
    lost: NDArray[int64],
    redo: NDArray[uint8],
) -> None:
    """As `price_pairs`, with a price for bytes in no character; `codes`, shape (65536,), are the code points by value."""

def weave_fields(
    widths: NDArray[int8],
    prices: NDArray[int32],
    cut: NDArray[uint8],
    starts: NDArray[int64],
    sizes: NDArray[int64],
    homes: NDArray[int64],
    inside: NDArray[uint8],
    options: NDArray[int64],
    labels: NDArray[int8],
) -> None:
    """The cheapest reading of each byte of each field; `widths` and `prices` have shape (readings, bytes), at most 16 readings.

    `options`: the reading that is UTF-8 or -1, prices of a switch, of one without a separator, of a lost byte, of a cut character.
    """

def walk_fields(widths: NDArray[int8], starts: NDArray[int64], sizes: NDArray[int64], labels: NDArray[int8]) -> None:
    """What each byte of each field is: 0 in no character, 1 in one, 2 and 3 in one that has another spelling."""

def gather(raw: bytes, starts: NDArray[int64], sizes: NDArray[int64], end: NDArray[int64], out: NDArray[uint8]) -> None:
    """Those parts of `raw` one behind another, each ended by the byte `end[0]` unless that is negative."""

def spread(
    codes: NDArray[uint32], starts: NDArray[int64], places: NDArray[int64], sizes: NDArray[int64], out: NDArray[uint32]
) -> None:
    """Parts of `codes` put at their places in `out`."""

def read_runs(
    raw: bytes,
    starts: NDArray[int64],
    sizes: NDArray[int64],
    able: NDArray[uint8],
    codes: NDArray[uint32],
    out: NDArray[uint32],
    lengths: NDArray[int64],
) -> int:
    """Runs of UTF-8 (empty tables) or of pairs as code points, -1 in `lengths` where one is not; gives how many there are in all."""

def part_lengths(raw: NDArray[uint8], sizes: NDArray[int64], codes: NDArray[uint32], lengths: NDArray[int64]) -> int:
    """How many of `codes` come of each part, told by line feeds; gives how many are left, -1 where they are too few."""

def take_row(
    cost: NDArray[int64],
    foreign: NDArray[int64],
    strange: NDArray[int64],
    worst: NDArray[int64],
    valid: NDArray[uint8],
    live: NDArray[uint8],
    held: NDArray[int64],
    mean: NDArray[int64],
    units: NDArray[int64],
    costs: NDArray[int64],
    means: NDArray[int64],
    worsts: NDArray[int64],
    best: NDArray[int64],
) -> int:
    """The columns of a row for the units that are valid and live; gives how many those are."""

def compete(
    units: NDArray[int64],
    cost: NDArray[int64],
    mean: NDArray[int64],
    worst: NDArray[int64],
    options: NDArray[int64],
    least: NDArray[int64],
    second: NDArray[int64],
    means: NDArray[int64],
    worsts: NDArray[int64],
    choice: NDArray[int64],
) -> None:
    """One row against those before it; `options`: what it costs to choose it, its number."""

def compete_at_home(
    units: NDArray[int64],
    cost: NDArray[int64],
    homes: NDArray[int64],
    guests: NDArray[int64],
    options: NDArray[int64],
    least: NDArray[int64],
    chosen: NDArray[int64],
    choice: NDArray[int64],
) -> None:
    """The same by what each unit's line is in; `options`: number and kind of the row, what it costs away from home, and as a third."""

def spare(
    units: NDArray[int64], cost: NDArray[int64], owner: NDArray[int64], most: NDArray[int64], sums: NDArray[int64]
) -> None:
    """Takes off the sum of each owner what its units cost less than `most`."""

def find_strays(raw: bytes, found: NDArray[int8]) -> None:
    """What the bytes outside ASCII of each unit are: 0 others, 1 accents alone, 2 also lost ones."""

def cut_fields(
    raw: bytes, ends: NDArray[uint8], owner: NDArray[int64], starts: NDArray[int64], sizes: NDArray[int64]
) -> int:
    """The fields of lines that hold bytes outside ASCII; gives how many there are; empty columns are not filled."""

def lone_readings(kept: NDArray[uint16], rows: NDArray[int64]) -> int:
    """Rows of `audit.language.habits.lone_readings`, flat and in no order; what has no room is left out. Returns how many."""

def parallels(kept: NDArray[uint16], dropped: NDArray[int64], every: NDArray[int64], rows: NDArray[int64]) -> int:
    """Where passages differ by one character, as `audit.language.parallels.differences` has it; flat rows of six.

    Passages are found by runs of eight: by `every` run, shape (1,), or by those behind what was dropped, whose offsets ascend. Returns
    how many rows; what has no room is left out.
    """

def apart(
    kept: NDArray[uint16],
    prints: NDArray[uint32],
    places: NDArray[int64],
    other_kept: NDArray[uint16],
    other_prints: NDArray[uint32],
    other_places: NDArray[int64],
    rows: NDArray[int64],
) -> int:
    """Where passages that two texts share differ by one character, as `audit.language.witnesses.apart` has it; flat rows of six.

    Passages are found by equal prints, which begin at those places. Returns how many rows; what has no room is left out.
    """

def passage_keys(codes: NDArray[uint32], starts: NDArray[int64], ends: NDArray[int64], keys: NDArray[uint64]) -> None:
    """Goes on with the key of each passage `starts[i]:ends[i]` by its first 16 codes."""

def word_chances(
    tokens: NDArray[int64],
    words: NDArray[uint32],
    chances: NDArray[float64],
    word: NDArray[float64],
    begins: NDArray[float64],
    other: NDArray[float64],
    told: NDArray[float64],
) -> None:
    """How likely each token is behind those before it in its row, by words; `tokens` and `told` of shape (rows, length).

    The tables are those of `audit.language.lexicon`: hashed words, the chance of each number of steps, and by token its chance
    as a word, that it begins a longer one, and its chance if it is no character of words.
    """

def __getattr__(name: str) -> Any: ...
def fill_holes(
    codes: NDArray[uint32],
    tokens: NDArray[int64],
    bits: NDArray[float32],
    sizes: NDArray[int64],
    before: NDArray[int64],
    rows: NDArray[uint32],
    pairs: NDArray[uint16],
    alone: NDArray[int16],
    backoff: NDArray[int16],
    after: NDArray[uint8],
    triples: NDArray[uint16],
    texts: NDArray[uint32],
) -> int:
    """The likeliest ways to fill slots of `sizes` options each, best first; `texts` has shape (24, slots). Returns how many there are.

    `codes`, `tokens` and `bits` are those of all options, slot after slot; `before` has the two tokens that stand before them; then the
    model's tables, those of triples last.
    """

def cross_steps(
    left: NDArray[int64],
    right: NDArray[int64],
    rows: NDArray[uint32],
    pairs: NDArray[uint16],
    alone: NDArray[int16],
    backoff: NDArray[int16],
    steps: NDArray[int16],
) -> None:
    """The steps of each right token behind each left one; shape (left, right)."""

def fit_bytes(
    columns: NDArray[uint16],
    allowed: NDArray[bool_],
    pairs: NDArray[bool_],
    modes: NDArray[int64],
    points: NDArray[uint16],
) -> int:
    """The first characters whose bytes may stand so: how many, and in `points` which.

    `columns`, shape (bytes + 1, n), are the bytes of each and its code point; `allowed`, shape (bytes, 256), what each place may hold;
    `pairs`, shape (65536,), which two may stand together where `modes[place]` says that a byte and the one before it must be such;
    `modes[0]` is the most that are told.
    """

def cut_run(
    sets: NDArray[int32],
    plain: NDArray[bool_] | NDArray[uint8],
    patterns: NDArray[int16],
    sizes: NDArray[uint8],
    costs: NDArray[float64],
    bits: NDArray[float64],
    modes: NDArray[int64],
) -> tuple[int, int, list[tuple[bytes, int]]]:
    """The longest run of damaged characters that are whole written ones, from the first on: how far it looked, where the run ends, its ways.

    `sets` numbers what each character may stand for, or is -2 less the bytes that it alone stands for as a big-endian number, and `plain`
    says whether it is ASCII; set s has byte strings `patterns[s]`, shape (6, 4), of `sizes[s]` bytes, at `costs[s]`. `bits`, shape (65536,),
    is what each written character has by itself, by code point of UTF-8 or by pair; negative where there is none. `modes`: whether it is
    UTF-8, whether bytes may have vanished, how many ways are told. A way is its characters, 20 bytes each (four bytes, how many, how many
    of them lost as 16 bits, start and end as 32), and its lost bytes. The end is -1 where there is no run.
    """

def cut_runs(
    sets: NDArray[int32],
    plain: NDArray[bool_] | NDArray[uint8],
    patterns: NDArray[int16],
    sizes: NDArray[uint8],
    costs: NDArray[float64],
    bits: NDArray[float64],
    modes: NDArray[int64],
) -> tuple[int, list[tuple[int, int, tuple[bytes, int]]]]:
    """Such runs one behind the other: how far it looked; where each begins and ends and the likeliest way to cut it.

    `modes`: whether it is UTF-8, whether bytes may have vanished, and the span in which runs begin.
    """

def align_runs(
    sets: NDArray[int32],
    plain: NDArray[bool_] | NDArray[uint8],
    patterns: NDArray[int16],
    sizes: NDArray[uint8],
    costs: NDArray[float64],
    bits: NDArray[float64],
    odd: NDArray[bool_] | NDArray[uint8],
    stood: NDArray[float64],
    modes: NDArray[int64],
) -> tuple[int, list[tuple[int, int, int, tuple[bytes, int]]]]:
    """Runs that begin at an odd character or up to twelve before one: how far it looked; the two that gain most, the richest first.

    Of each where it begins, the first and past the last character of its richest stretch, and the way to cut it. `stood` is the bits of
    each damaged character; `modes`: whether it is UTF-8, whether bytes may have vanished, and the span of the odd characters.
    """
