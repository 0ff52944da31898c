"""The encoding that a page declares, believed where its bytes bear it out, and the encodings of the text that is left of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

import numpy as np

from audit.model import Decoded, Run
from audit.reading.assemble import assemble
from audit.reading.columns import ByteRuns
from audit.reading.decode import decode

HEAD = 4096  # bytes; the standard has the declaration in the first 1,024, many pages have it later
DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE
)
MEANT = {  # by codec: what browsers read instead, which holds all of it (WHATWG Encoding, 4.2)
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
MULTIBYTE = {
    "gb18030": "gb",
    "cp950": "big5",
    "big5hkscs": "big5",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "euc_jp": "euc-jp",
}
CHANCE = 64  # bytes outside ASCII; of fewer a declaration knows more than their statistics


def decode_declared(raw: bytes) -> Decoded:
    """The text of a page. The declared encoding is taken for the whole where all bytes are valid in it and most read so anyway.

    Valid UTF-8 is UTF-8 whatever is declared, and one-byte encodings, in which everything is valid, are never believed.
    """
    decoded = decode(raw)
    codec = declared(raw[:HEAD])
    runs = [run for run in decoded.runs if not run.encoding.startswith("bom:")]
    if codec not in MULTIBYTE or all(run.encoding == "utf-8" for run in runs):
        return decoded
    most = max(runs, key=lambda run: run.byte_end - run.byte_start).encoding
    if MULTIBYTE[codec] not in most and len(raw) - len(raw.translate(None, bytes(range(128, 256)))) > CHANCE:
        return decoded
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return decoded
    return assemble(raw, ByteRuns.of([(0, len(raw), codec, 0.99)]))


def declared(head: bytes) -> str:
    """The codec that the beginning of a page names; empty if none that is known.

    >>> declared(b'<meta charset="gb2312">')
    'gb18030'
    """
    found = DECLARED.search(head)
    try:
        codec = codecs.lookup(found[1].decode("ascii")).name if found else ""
    except LookupError:
        return ""
    return MEANT.get(codec, codec)


def projected(decoded: Decoded, text: str, starts: Sequence[int], sources: Sequence[int]) -> Decoded:
    """The encodings of the pieces of a source, as those of the text that they make; bytes are those of the source."""
    if not starts or len(decoded.runs) == 1:
        runs = tuple(
            Run(0, len(text), *(run.byte_start, run.byte_end, run.encoding, run.confidence)) for run in decoded.runs[:1]
        )
        return Decoded(text, runs)
    firsts, places = np.array([*starts, len(text)]), np.array(sources)

    def at(offset: int) -> int:
        piece = int(np.searchsorted(places, offset, side="right")) - 1
        return 0 if piece < 0 else min(int(firsts[piece]) + offset - int(places[piece]), int(firsts[piece + 1]))

    bounds = [at(run.start) for run in decoded.runs]
    ends = [*bounds[1:], len(text)]
    return Decoded(
        text,
        tuple(
            Run(start, end, run.byte_start, run.byte_end, run.encoding, run.confidence)
            for run, start, end in zip(decoded.runs, bounds, ends, strict=True)
        ),
    )
