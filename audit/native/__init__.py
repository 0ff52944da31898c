"""The compiled kernels: inner loops in C where numpy would sweep the same array many times.

`kernels` is None where no compiler stood at the installation, or where the environment says `JIAOKAN_NATIVE=0`: numpy
then does the same work, slower, with identical results, bit for bit. Every kernel has its numpy twin beside its caller
and a test that compares the two. Shapes and types are in `_kernels.pyi`; buffers are checked at the door, and a wrong
one raises ValueError or TypeError.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType


def _load() -> ModuleType | None:
    if os.environ.get("JIAOKAN_NATIVE") == "0":
        return None
    try:
        return importlib.import_module("audit.native._kernels")
    except ImportError:
        return None


kernels = _load()
