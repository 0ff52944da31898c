"""A finding in its context, with the damage marked."""

from __future__ import annotations

import numpy as np
from rich.text import Text as Styled

from audit.address import printable
from audit.language.patterns import regex
from audit.model import Document, Finding, Severity
from audit.printing import spelled
from audit.standing import State
from audit.words import label, listing, say

BREAKS = regex(r"[\r\n]")
AROUND = 18  # code points of context on each side of a passage
LEVELS = {Severity.INFO: "dim", Severity.MINOR: "yellow", Severity.MAJOR: "dark_orange", Severity.CRITICAL: "bold red"}


def percent(confidence: float) -> str:
    """A probability as a report prints it; nothing is 100 % sure."""
    return f"{min(round(confidence * 100), 99)}%"


def flat(text: str, size: int) -> str:
    """The text on one line, cut to `size` code points."""
    one = " ".join(text.split("\n"))
    return one if len(one) <= size else one[: size - 1] + "…"


def ending(path: str, size: int) -> str:
    """A path on one line, cut to `size` code points at its front, before one of its names if that can be.

    >>> ending("texts/2024/spring/page.txt", 20)
    '…/spring/page.txt'
    """
    one = " ".join(path.split("\n"))
    if len(one) <= size:
        return one
    cut = one.find("/", len(one) - size + 1)
    return "…" + one[cut if cut >= 0 else len(one) - size + 1 :]


def mended(suggestion: str, size: int) -> str:
    r"""What a repair puts there, on one line, blanks alone as signs; or that it deletes.

    >>> mended("一\n二", 9), mended("", 9), mended(" \n", 9)
    ('一 二', 'delete', '␣⏎')
    """
    if suggestion.isspace():
        return flat("".join("⏎" if char in "\r\n" else "␣" for char in suggestion), size)
    return flat(printable(suggestion), size) or say("delete")


def change(finding: Finding | None) -> Styled:
    """A finding's text and its repair on one line."""
    if finding is None:
        return Styled("")
    shown = Styled(flat(finding.excerpt, 24), style="red")
    if finding.suggestion is not None:
        shown.append(" → ", style="dim")
        shown.append(mended(finding.suggestion, 24), style="green")
    return shown


def around(finding: Finding, document: Document) -> tuple[str, str]:
    """What stands before and after a finding on its line, glosses left out."""
    text = document.text
    start, end = finding.start, finding.end
    if text.origin is not None:
        start, end = (int(offset) for offset in np.searchsorted(text.origin, [start, end]))
    before, after = text.body[max(start - AROUND, 0) : start], text.body[end : end + AROUND]
    return printable(BREAKS.split(before)[-1]), printable(BREAKS.split(after, 1)[0])


def passage(finding: Finding, document: Document, times: int) -> Styled:
    """Place, message, and the damage marked in its context."""
    level = LEVELS[finding.severity]
    line = Styled()
    line.append(f"{spelled(finding.path)}:{finding.line}:{finding.column} ", style="cyan")
    line.append(f"{finding.rule} ", style=level)
    line.append(finding.message)
    facts = [label("severity", finding.severity.label), percent(finding.confidence)]
    facts += [say("known")] if finding.baseline is State.UNCHANGED else []
    line.append(f" [{listing(facts)}]", style="dim")
    if times > 1:
        line.append(f" ×{times:,}", style="dim")
    before, after = around(finding, document)
    line.append("\n    ")
    line.append(before, style="dim")
    line.append("⟦" + flat(finding.excerpt, 60) + "⟧", style=f"reverse {level}")
    line.append(after, style="dim")
    if finding.suggestion is not None:
        line.append(" → ", style="dim")
        line.append(mended(finding.suggestion, 60), style="green")
        if finding.safety:
            line.append(say("list.brackets", words=say(f"repair.{finding.safety.value}")), style="dim")
    return line
