"""The compiled kernels: inner loops in C where numpy would sweep the same array many times.

`kernels` is None where no compiler stood at the installation, or where the environment says `JIAOKAN_NATIVE=0`: numpy
then does the same work, slower, with identical results, bit for bit. Every kernel has its numpy twin beside its caller
and a test that compares the two. Shapes and types are in `_kernels.pyi`; buffers are checked at the door, and a wrong
one raises ValueError or TypeError. Kernels built for another stub are not taken: only a checkout can hold such.
"""

from __future__ import annotations

import importlib
import os
import warnings
import zlib
from pathlib import Path
from types import ModuleType

STUB = Path(__file__).with_name("_kernels.pyi")


def _load() -> ModuleType | None:
    if os.environ.get("JIAOKAN_NATIVE") == "0":
        return None
    try:
        return fitting(importlib.import_module("audit.native._kernels"))
    except ImportError:
        return None


def fitting(built: ModuleType) -> ModuleType | None:
    """The kernels, if they were built for the stub as it is; where the stub was left out of an installation, they were."""
    try:
        wanted = zlib.crc32(STUB.read_bytes())
    except OSError:
        return built
    if getattr(built, "STUB", None) == wanted:
        return built
    warnings.warn(
        "the compiled kernels are older than the code, so numpy does their work; `make native` builds them anew",
        RuntimeWarning,
        stacklevel=2,
    )
    return None


kernels = _load()
