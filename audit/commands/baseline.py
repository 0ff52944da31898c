"""`jiaokan baseline`: what is known, written down, kept up and shown."""

from __future__ import annotations

import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.telling import complain, remark
from audit.commands.tongue import settle
from audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audit.audited import Audit
    from audit.config import Config
    from audit.gate.values import Known

INCOMPLETE = 3


class Act(StrEnum):
    """What to do with the baseline."""

    WRITE = "write"
    UPDATE = "update"
    SHOW = "show"


def baseline(
    act: Annotated[
        Act, typer.Argument(help="write: all findings of now; update: forget what is gone; show: print it.")
    ],
    paths: Annotated[list[str] | None, typer.Argument(help="Files and folders; show needs none.")] = None,
    file: Annotated[Path | None, typer.Option(help="The baseline, if it is not .jiaokan-baseline.jsonl.")] = None,
    accept_new: Annotated[bool, typer.Option("--accept-new", help="With update: take up what is new, too.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="With write: replace a baseline that is there.")] = False,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Write down the findings of now, so that from here on only new ones close the gate.

    Findings are known again by their passage and what stands around it, not by line: they may move, files may be renamed.
    Ends with 0 when done, 2 for bad use, 3 if something could not be read or run.
    """
    import msgspec  # noqa: PLC0415 - help needs no settings

    from audit.gate.baseline import load  # noqa: PLC0415
    from audit.gate.layers import load_config  # noqa: PLC0415
    from audit.gate.values import BASELINE  # noqa: PLC0415

    settings = load_config(config)
    settle(settings.lang)
    place = file or Path(settings.root) / (settings.baseline or BASELINE)
    if act is Act.SHOW:
        show(load(place))
        return
    if not paths:
        raise AuditError("name the files and folders whose findings are to be known")
    there = place.is_file()
    if act is Act.WRITE and there and not replace:
        raise AuditError(
            "{path}: is there already; `baseline update` keeps it up, --replace writes it anew", path=place
        )
    if act is Act.UPDATE and not there:
        raise AuditError("{path}: there is no baseline to update; `baseline write` makes one", path=place)
    wanted = {
        "min_severity": "info",
        "new_only": False,
        "baseline": str(place.absolute()) if act is Act.UPDATE else "none",
    }
    audit = audited(paths, msgspec.structs.replace(settings, **wanted))
    others = elsewhere(load(place), audit, place.parent) if act is Act.UPDATE else []
    counts: Counter[str] = Counter()
    write(place, counted(kept(audit, place, others, accept_new=accept_new or act is Act.WRITE), counts))
    total = f"{counts.total():,}"
    remark("{path}: {count} findings of {rules} rules are known", path=place, count=total, rules=len(counts))
    if audit.baseline is not None:
        remark("{count} were gone and are forgotten", count=f"{len(audit.baseline.absent):,}")
        if not accept_new:
            remark("{count} are new and were not taken up; --accept-new does", count=f"{audit.baseline.new:,}")
    if not audit.complete:
        raise typer.Exit(INCOMPLETE)


def audited(paths: Sequence[str], settings: Config) -> Audit:
    """The audit of the paths; what could not be read is told."""
    from audit.run import audit_paths  # noqa: PLC0415 - as above

    audit = audit_paths(paths, settings)
    for one in audit.skipped:
        complain("skipped", path=one.path, reason=one.reason)
    return audit


def kept(audit: Audit, place: Path, others: Sequence[Known], *, accept_new: bool) -> Iterator[Known]:
    """The findings that the baseline is to know, by path; `others` are those of files that were not looked at."""
    from audit.gate import baseline  # noqa: PLC0415 - as above
    from audit.gate.known import known_of  # noqa: PLC0415
    from audit.standing import State  # noqa: PLC0415

    groups: list[tuple[str, Iterable[Known]]] = [(one.path, [one]) for one in others]
    for one in audit.documents:
        batches = [batch for batch in one.batches if accept_new or batch.standing.baseline is State.UNCHANGED]
        groups.append((baseline.place(one.document.path, place.parent), known_of(one.document, batches, place.parent)))
    for _, group in sorted(groups, key=lambda group: group[0]):
        yield from group


def counted(known: Iterable[Known], counts: Counter[str]) -> Iterator[Known]:
    """The same, counted by rule as they pass."""
    for one in known:
        counts[one.mark.rule] += 1
        yield one


def elsewhere(known: Iterable[Known], audit: Audit, folder: Path) -> list[Known]:
    """What is known of files that are there and were not looked at now."""
    from audit.gate.baseline import place  # noqa: PLC0415 - as above

    seen = {place(one.document.path, folder) for one in audit.documents}
    return [one for one in known if one.path not in seen and (folder / one.path).exists()]


def write(place: Path, known: Iterable[Known]) -> None:
    """Writes the baseline, whole or not at all."""
    from audit.atomic import write_atomically  # noqa: PLC0415 - as above
    from audit.gate.baseline import lines  # noqa: PLC0415
    from audit.words import cause  # noqa: PLC0415

    try:
        write_atomically(place, lines(known))
    except OSError as error:
        raise AuditError("{output}: cannot be written ({value})", output=place, value=cause(error)) from error


def show(known: Sequence[Known]) -> None:
    """Prints how many are known of each rule in each file, and then each of them."""
    counts = Counter((one.path, one.mark.rule) for one in known)
    for (path, rule), count in sorted(counts.items()):
        sys.stdout.write(f"{count:7,}  {rule}  {path}\n")
    sys.stdout.write("\n" if known else "")
    for one in known:
        excerpt = one.excerpt.replace("\n", "↵")
        sys.stdout.write(f"{one.path}:{one.line} {one.mark.rule} {excerpt}\n")
