"""The kernels in C, which are optional: where no compiler stands, numpy does the same work, slower. All else is in pyproject.toml."""

from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("audit", "native")  # a build runs in the folder of this file

setup(
    ext_modules=[
        Extension(
            "audit.native._kernels",
            sources=sorted(path.as_posix() for path in NATIVE.glob("*.c")),
            depends=sorted(path.as_posix() for path in NATIVE.glob("*.h")),
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            extra_compile_args=["-std=c99", "-O3", "-ffp-contract=off", "-Wall", "-Wextra"],
            py_limited_api=True,
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
