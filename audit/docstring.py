"""What a function says of itself, also where Python was told to drop it (`-OO`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def docstring(function: Callable[..., Any]) -> str:
    """A function's docstring, read off its source where it was dropped; empty where there is no source."""
    return function.__doc__ or _written(function)


def _written(function: Callable[..., Any]) -> str:
    import ast  # noqa: PLC0415 - hardly ever needed
    import inspect  # noqa: PLC0415
    import textwrap  # noqa: PLC0415

    try:
        (parsed,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return ""
    return (ast.get_docstring(parsed, clean=False) or "") if isinstance(parsed, ast.FunctionDef) else ""
