"""Train `audit/language/tables/topics.npy`: how common each bucket of features is in general prose.

    python tools/train_topics.py FOLDER_OF_TEXTS [OUTPUT.npy]

Every file (.txt or .txt.xz) weighs the same, so that no genre is the measure of the others.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

import numpy as np

from audit.language.terms import BUCKETS, features
from audit.model import Text

SHARE = 1_500_000  # characters of a file, spread over it
PIECES = 30


def sample(body: str) -> str:
    step = max(len(body) // PIECES, 1)
    return "\n".join(body[at : at + SHARE // PIECES] for at in range(0, len(body), step))


def main() -> int:
    folder = Path(sys.argv[1])
    default = Path(__file__).parent.parent / "audit" / "language" / "tables" / "topics.npy"
    output = Path(sys.argv[2]) if len(sys.argv) > 2 else default
    total = np.zeros(BUCKETS)
    for path in sorted(folder.glob("*.txt*")):
        raw = path.read_bytes()
        body = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8", "replace")
        counts = np.bincount(features(Text(sample(body)).codes), minlength=BUCKETS)
        total += counts / max(counts.sum(), 1)
    share = (total / total.sum() + 0.02 / BUCKETS) / 1.02
    np.save(output, np.round(-np.log2(share) * 10).clip(0, 255).astype(np.uint8))  # tenths of a bit
    print(f"{output}: {BUCKETS} buckets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
