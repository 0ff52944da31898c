"""What a finding says: its message, the values in it, and evidence as the formats of machines hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from audit.catalogue import language
from audit.model import Hit
from audit.printing import printable
from audit.words import Phrase, listing

PLAIN = frozenset({int, bool, type(None)})  # types of values that JSON holds as they are


def message(templates: Mapping[str, str], hit: Hit, text: str) -> str:
    """The rule's words filled with the hit's values; `{text}` is the excerpt unless the hit says otherwise."""
    template = templates.get(hit.variant, hit.variant)
    values = {name: spoken(value) for name, value in hit.values.items()}
    return template.format(**{"text": on_one_line(text), **values})


def spoken(value: Any) -> Any:
    """A value as a message prints it."""
    if isinstance(value, Phrase):
        return value
    if isinstance(value, str):
        return on_one_line(printable(value))
    return listing(map(spoken, value)) if isinstance(value, (list, tuple)) else value


def on_one_line(text: str) -> str:
    """The text with its line breaks as signs; English templates quote with `repr`, which spells them out."""
    return text if language() == "en" else text.replace("\n", "↵")


def plain(value: Any) -> Any:
    """Evidence as JSON can hold it."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, str):
        return str(printable(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if isinstance(value, np.generic):
        return value.item()
    return round(value, 6) if isinstance(value, float) else value
