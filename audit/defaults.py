"""Values that the library and several commands share, in a module that costs no command its start."""

from __future__ import annotations

LIKELY = 0.4  # probability from which a suggested repair is applied: of several originals the likeliest, where none of them stands
