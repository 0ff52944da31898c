"""Whether code holds a span: inline, fenced or indented."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from audit.language.patterns import regex
from audit.language.spots import places
from audit.model import Line, Offsets, Text

WINDOW = 400  # a longer line is judged by what stands this near, so that a line of any length costs the same
FENCES, MARGIN = ("```", "~~~"), 3  # a fence may be indented by so many blanks
INDENTED = regex(r"(?: {4}|\t)[ \t]{0,40}(?:(?P<comment>#|//|/\*|--)|[A-Za-z_@$<.{(\[])")
LINES = 10  # before and after a line that tell whether it is one of a program
PROGRAM = regex(
    r"""\A(?:[A-Za-z_$][\w.$-]{0,40}[ ]?(?:[+:]?=|\()           # x = 1, print(
    |[A-Za-z_][\w.-]{0,40}:(?:[ ]|\Z)|-[ ][A-Za-z_][\w-]{0,40}:   # keys of YAML
    |(?:msgid|msgstr|msgctxt|echo|printf?|export|local|if|elif|for|while|case|return|import|from|def|class|const|let|var|function|include)\b
    |(?:fi|done|esac|else|then|do|end)\Z
    |</?[A-Za-z]|"[^"]*"[,:]?|\[[\w.-]+\]\Z|//|/\*|[})\]]+[;,)]*\Z)
    |[;{]\Z""",
    re.VERBOSE,
)
BLANK = frozenset(" \t")
CALL = regex(r"[A-Za-z0-9_\])}\"'][(=\[{.;]|[=(<>{}][A-Za-z0-9_\"']|[;{]$")


def in_code(text: Text, start: int, end: int) -> bool:
    """Whether inline code or a formula of the same line, or a fenced or indented block, holds the span."""
    marks = text.signal("code marks", _code_marks)
    nearest = bisect_left(marks, start - WINDOW)
    if nearest < len(marks) and marks[nearest] < end + WINDOW:
        line = text.line(text.line_at(start))
        first, last = max(line.start, start - WINDOW), min(line.end, end + WINDOW)
        for mark in "`$":
            if line.body.count(mark, first, start) % 2 and line.body.count(mark, end, last):
                return True
    return bool(bisect_left(fences(text), start) % 2) or _indented(text, start)


def among_code(text: Text, at: int) -> bool:
    """Whether the lines around a place are mostly a program's or of settings: no line of prose begins or ends as these do."""
    number, body = text.line_at(at), text.body
    starts, ends = text.line_starts, text.line_ends
    near = range(max(0, number - LINES), min(len(starts), number + LINES + 1))
    lines = [body[starts.item(n) : min(ends.item(n), starts.item(n) + WINDOW)].strip() for n in near]
    told = [line for line in lines if line and line[0] != "#"]  # a comment, or a heading
    return 2 * sum(PROGRAM.search(line) is not None for line in told) > len(told)


def fences(text: Text) -> list[int]:
    """Where fences begin that open or close a block of code, ascending."""
    found: list[int] = text.signal("fences", _fences)
    return found


def breaks_cell(line: Line, tag: str) -> bool:
    """Whether the tag is the line break of a cell in a row of a Markdown table, which has no other."""
    return tag[:3].lower() == "<br" and line.body.startswith("|", line.start)


def _indented(text: Text, at: int) -> bool:
    """Whether a line is indented as code is and begins as code does: a paragraph of Chinese begins with a Han character."""
    number = text.line_at(at)
    start = text.line_starts.item(number)
    if text.body[start : start + 1] not in BLANK:
        return False
    end = min(text.line_ends.item(number), start + WINDOW)
    code = INDENTED.match(text.body, start, end)
    return code is not None and (code["comment"] is not None or CALL.search(text.body, code.end(), end) is not None)


def _code_marks(text: Text) -> list[int]:
    marks: list[int] = np.sort(np.concatenate([places(text, "`"), places(text, "$")])).tolist()
    return marks


def _fences(text: Text) -> list[int]:
    signs = sorted(at for sign in FENCES for at in _tripled(places(text, sign[0])))
    indents = (text.body[max(0, at - MARGIN) : at] for at in signs)
    starts = [at - len(indent) + len(indent.rstrip(" ")) for at, indent in zip(signs, indents, strict=True)]
    return [start for start in starts if start == 0 or text.body[start - 1] in "\r\n"]


def _tripled(marks: Offsets) -> Iterator[int]:
    """Where three marks in a row start, from left to right, not overlapping."""
    behind = 0
    for at in marks[:-2][marks[2:] - marks[:-2] == 2].tolist():
        if at >= behind:
            behind = at + 3
            yield at
