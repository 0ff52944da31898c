"""What is known of a document's encodings, and what that makes of choosing one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from audit.reading.candidates import BIT, MULTIBYTE, UTF8, Reading
from audit.reading.letters import Page

SECOND_PAGE = 8.0  # bits; a line in another page of letters than the rest
STRANGER = 13.0  # bits; an encoding that the document has not shown yet; one Han character misread and more
FAR = 14.0  # ... of the other kind: letters among Han, Han among letters
CHEAP = 32  # UTF-8 is told by its grammar at a quarter of what pricing costs; the document's own encoding counts WEIGHT-fold
BUDGET = 1 << 17  # bytes of a document that may be read character by character
MOSTLY = 8  # units of UTF-8 for each of another encoding, where single bytes among ASCII letters are in none of them
MEMORY = 64  # units; more evidence than that does not make another encoding less likely


@dataclass(slots=True)
class Evidence:
    """What a document's encodings were so far, in units that were sure."""

    counts: dict[str, float] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    budget: int = BUDGET
    mixed: float = 0.0  # share of fields that are not in the encoding of their line, where many lines have such

    def prior(self, reading: Reading | Page) -> float:
        """Cost of choosing a reading, given what the document was so far."""
        total = sum(self.counts.values())
        seen = self.counts.get(reading.codec, 0.0)
        scale = min(1.0, MEMORY / total) if total else 1.0
        share = (seen * scale + 2.0**-reading.prior) / (total * scale + 1.0)
        page = self.settled_page() if isinstance(reading, Page) else None
        cost = float(-np.log2(share)) + (SECOND_PAGE if page and page.codec != reading.codec else 0.0)
        if total and not seen:
            cost += STRANGER * min(1.0, total / MEMORY) + (FAR if isinstance(reading, Page) != bool(page) else 0.0)
        return cost * BIT

    def mostly_utf8(self) -> bool:
        """Whether the document is UTF-8 but for little."""
        return sum(self.counts.values()) * MOSTLY < self.counts.get(UTF8.codec, 0.0) * (MOSTLY + 1)

    def settled_page(self) -> Page | None:
        """The page that most of the document was in so far, None where that was no page."""
        codec = max(self.counts, key=self.counts.__getitem__, default="")
        return next((page for page in self.pages if page.codec == codec), None)

    def order(self) -> list[Reading]:
        """Multibyte readings, the most common first; UTF-8 before others unless it is rare here."""
        shares = {**self.counts, UTF8.codec: CHEAP * self.counts.get(UTF8.codec, 0.0) + 1.0}
        return sorted(MULTIBYTE, key=lambda reading: (-shares.get(reading.codec, 0.0), reading.prior))
