"""The tables on disk, mapped into memory when first asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Tables:
    """The arrays in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: dict[str, NDArray[Any]] = {}

    def array(self, name: str) -> NDArray[Any]:
        """The array `name`, read-only; large ones stay on disk until touched."""
        if name not in self._loaded:
            self._loaded[name] = np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))
        return self._loaded[name]

    def lines(self, name: str) -> list[str]:
        """The lines of a text table."""
        return (self.folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")


@cache
def shipped() -> Tables:
    """The tables that come with the package."""
    return Tables(Path(__file__).parent / "tables")
