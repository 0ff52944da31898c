"""The kernels in C, which are optional: where no compiler stands, numpy does the same work, slower. All else is in pyproject.toml."""

import zlib
from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("audit", "native")  # a build runs in the folder of this file
STUB = NATIVE / "_kernels.pyi"

setup(
    ext_modules=[
        Extension(
            "audit.native._kernels",
            sources=sorted(path.as_posix() for path in NATIVE.glob("*.c")),
            depends=[STUB.as_posix(), *sorted(path.as_posix() for path in NATIVE.glob("*.h"))],
            define_macros=[("Py_LIMITED_API", "0x030B0000"), ("STUB_SUM", f"{zlib.crc32(STUB.read_bytes())}UL")],
            extra_compile_args=["-std=c99", "-O3", "-ffp-contract=off", "-Wall", "-Wextra"],
            py_limited_api=True,
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
