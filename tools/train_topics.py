"""Train `topics.npy` and `kinds.npy` of `audit/language/tables`: what general prose and each kind of it are like.

    python tools/train_topics.py FOLDER_OF_TEXTS [OUTPUT_FOLDER]

Every file (.txt or .txt.xz) is a kind of prose and weighs the same, so that no genre is the measure of the others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from corpora import genres, load

from audit.language.subjects import MIX
from audit.language.terms import BUCKETS, LOWEST, PAIRS, STEP, General, features
from audit.model import Text

SHARE = 1_500_000  # characters of a file, spread over it
PIECES = 30
DOCUMENT = 400  # characters that count as one text where repeats are damped
MOST = 5.7  # bits that a kind can speak for a bucket


def sample(body: str) -> str:
    """Even pieces from all over a text."""
    step = max(len(body) // PIECES, 1)
    return "\n".join(body[at : at + SHARE // PIECES] for at in range(0, len(body), step))


def _normal(counts: np.ndarray) -> np.ndarray:
    """Pairs and single characters, each of them one in sum."""
    return np.concatenate([part / max(part.sum(), 1) for part in (counts[:PAIRS], counts[PAIRS:])])


def learn(bodies: Iterable[str]) -> General:
    """What prose is like that is of these kinds, as exact as it is stored."""
    plain, damped = [], []
    for body in bodies:
        codes = Text(sample(body)).codes
        plain.append(_normal(np.bincount(features(codes), minlength=BUCKETS)))
        each = [
            np.bincount(features(codes[at : at + DOCUMENT]), minlength=BUCKETS) for at in range(0, len(codes), DOCUMENT)
        ]
        total = np.zeros(BUCKETS)
        for one in each:
            total += np.log1p(one)
        damped.append(total / max(total.sum(), 1))
    share = np.mean(plain, axis=0)
    for part in (slice(0, PAIRS), slice(PAIRS, BUCKETS)):
        share[part] = (share[part] + 0.02 / len(share[part])) / 1.02
    bits = np.round(-np.log2(share) * 10).clip(0, 255) / 10 + 1
    gains = np.log2(MIX * np.array(damped) / np.exp2(-bits) + 1 - MIX).clip(LOWEST, MOST)
    return General(bits, np.exp2(-bits), (np.round((gains - LOWEST) / STEP) * STEP + LOWEST).astype(np.float32))


def main() -> int:
    """Writes the tables."""
    default = Path(__file__).parent.parent / "audit" / "language" / "tables"
    output = Path(sys.argv[2]) if len(sys.argv) > 2 else default
    found = learn(load(path) for path in genres(Path(sys.argv[1])))
    np.save(output / "topics.npy", np.round((found.bits - 1) * 10).astype(np.uint8))  # tenths of a bit
    np.save(output / "kinds.npy", np.round((found.kinds - LOWEST) / STEP).astype(np.uint8))
    print(f"{output}: {found.kinds.shape[0]} kinds, {BUCKETS} buckets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
