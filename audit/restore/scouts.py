"""Which of many joined texts the searches may find something in: those with a place where one begins."""

from __future__ import annotations

import numpy as np

from audit.joined import Joined, Mask
from audit.restore import dropped, places
from audit.restore.adrift import STEP, rare_windows
from audit.restore.suspects import clusters


def misread(joined: Joined) -> Mask:
    """Texts with a cluster of characters that another codec may have made, or one that it left."""
    at = np.array([cluster.start for cluster in clusters(joined.text)], dtype=np.int64)
    return joined.holding(np.concatenate([at, dropped.seeds(joined.text)]))


def shifted(joined: Joined) -> Mask:
    """Texts with a mark, a bracket or a full stop behind which a shifted run may begin."""
    text = joined.text
    found = (places.after_marks(text), places.cut_glosses(text), places.full_stops_at_line_start(text))
    return joined.holding(np.concatenate(found))


def adrift(joined: Joined) -> Mask:
    """Texts with characters that are rare one by one; each may begin at an even place or an odd one."""
    return joined.holding(np.concatenate([rare_windows(joined.text, first) for first in range(STEP)]))
