"""`jiaokan fix`: repairs shown, and made where told."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.telling import complain, complain_of, remark
from audit.commands.tongue import settle
from audit.defaults import LIKELY
from audit.errors import AuditError
from audit.words import Phrase, cause, listing, say

if TYPE_CHECKING:
    from audit.fix import Fixed, Wanted
    from audit.reading.collect import Source

CHANGES_LEFT, INCOMPLETE = 1, 3


def fix(
    paths: Annotated[list[str], typer.Argument(help="Files and folders.", show_default=False)],
    in_place: Annotated[
        bool, typer.Option("--in-place", "-i", help="Change the files; a log beside each undoes it.")
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write repaired copies to this folder.")] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show the changes and write nothing; so it is without -i or -o.")
    ] = False,
    suggested: Annotated[
        bool, typer.Option("--suggested", help="Apply suggested repairs too, not only safe ones.")
    ] = False,
    min_confidence: Annotated[float, typer.Option(help="Suggested repairs from this probability.")] = LIKELY,
    select: Annotated[
        list[str] | None,
        typer.Option(help="Only repairs of these rules; editorial ones are applied only if named here."),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="No repairs of these rules.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Apply repairs that are proven; show them first, change files only when told to.

    Ends with 0 when done (or nothing to do), 1 if shown repairs wait to be applied, 2 for bad use, 3 if a file could not be
    fixed; such a file is left whole.
    """
    from audit.commands.check import override, words  # noqa: PLC0415 - after the arguments are known to be good
    from audit.commands.patch import show  # noqa: PLC0415
    from audit.fix import Wanted, fix_bytes  # noqa: PLC0415
    from audit.gate.effective import check_words  # noqa: PLC0415
    from audit.gate.held import usage_of  # noqa: PLC0415
    from audit.gate.layers import load_config  # noqa: PLC0415
    from audit.reading.collect import collect  # noqa: PLC0415
    from audit.registry import choose, load_rules  # noqa: PLC0415

    check_options(in_place=in_place, output=output, diff=diff, min_confidence=min_confidence)
    settings = override(load_config(config), {"select": words(select), "ignore": words(ignore), "min_severity": "info"})
    settle(settings.lang)
    rules = load_rules()[0]
    check_words(rules, settings)
    choose(rules, settings.select, settings.ignore)  # a wrong name is told before anything is read
    wanted = Wanted(suggested, min_confidence, words(select) or ())
    usage = usage_of(settings)
    sidecar = None if usage is None else usage.sidecar
    collected = collect(paths, settings.exclude, gitignore=settings.gitignore)
    tell_passed_over(collected.passed_over)
    files = [file for file in collected.sources if output is None or not is_copy(file, output)]
    targets = target_paths([file.name for file in files], output) if output and files else {}
    for name, reason in collected.unreadable:
        complain("{name}: {reason}", name=name, reason=reason)
    failed, waiting = bool(collected.unreadable), False
    for file in files:
        try:
            path = own_path(file)
            names = path.stat().st_nlink
            raw = path.read_bytes()
            fixed = fix_bytes(file.name, raw, wanted, settings, sidecar)
            tell_refused(file.name, fixed)
            if in_place:
                replace(path, raw, fixed)
            elif output:
                copy(targets[file.name], fixed)
        except (AuditError, OSError) as error:
            failed = tell_failure(file.name, error)
            continue
        written = in_place or output is not None
        if fixed.changes and not written:  # a full disk behind standard output is no fault of the file
            show(file.name, raw, fixed.raw, patch=diff)
            waiting = True
        tell(file.name, fixed, wanted, written=written)
        if in_place and fixed.changes and names > 1:
            remark("{name}: its other names (hard links) keep the old text", name=file.name)
    if failed or waiting:
        raise typer.Exit(INCOMPLETE if failed else CHANGES_LEFT)


def own_path(file: Source) -> Path:
    """Where a file to be fixed lies; standard input, tables of records and other formats are not written to."""
    from audit.reading.records import TABLES, format_of  # noqa: PLC0415

    if file.path is None or file.path.is_fifo():
        raise AuditError("fix works on files; standard input and pipes have none to change")
    kind = format_of(file.name)
    if kind in TABLES:
        raise AuditError(
            "{log}: is a table of records; `jiaokan scan` and `jiaokan apply --fix` mend those", log=file.name
        )
    if kind:
        raise AuditError(
            "{log}: repairs are only written to plain text and tables; `jiaokan check` says what to mend", log=file.name
        )
    return file.path


def check_options(*, in_place: bool, output: Path | None, diff: bool, min_confidence: float) -> None:
    """AuditError for options that contradict each other or make no sense."""
    if sum((in_place, output is not None, diff)) > 1:
        raise AuditError("--in-place, --output and --diff exclude each other")
    if not 0 <= min_confidence <= 1:
        raise AuditError("--min-confidence {min_confidence}; it lies between 0 and 1", min_confidence=min_confidence)
    there = output and next(folder for folder in (output, *output.absolute().parents) if folder.exists())
    if there and not there.is_dir():
        raise AuditError("--output {output}: is a file; name a folder", output=there)


def tell_failure(name: str, error: AuditError | OSError) -> bool:
    """What went wrong with a file, on standard error; a reader of our output who went away ends the run."""
    if isinstance(error, BrokenPipeError):
        raise error
    complain_of(name, error)
    return True


def is_copy(file: Source, output: Path) -> bool:
    """Whether a file was found in the folder of copies, which lies in the folder that was named: a copy of last time is no input."""
    copies, named, found = (Path(os.path.realpath(name)) for name in (output, file.argument, file.name))
    return copies != named and copies.is_relative_to(named) and found.is_relative_to(copies)


def target_paths(names: list[str], output: Path) -> dict[str, Path]:
    """Where the repaired copies go: the files' names, below their common folder."""
    base = os.path.commonpath([os.path.dirname(os.path.abspath(name)) for name in names])  # noqa: PTH100, PTH120 - no links resolved
    targets = {name: output / os.path.relpath(os.path.abspath(name), base) for name in names}  # noqa: PTH100
    for name, target in targets.items():
        if target.exists() and any(target.samefile(other) for other in names):
            raise AuditError(
                "{output}: the repaired copy of {name} would replace it; use --in-place, which can be undone",
                output=output,
                name=name,
            )
    return targets


def replace(path: Path, raw: bytes, fixed: Fixed) -> None:
    """Puts the repaired bytes in the file's place, its log first; a file that changed meanwhile or is read-only is left alone."""
    from audit.atomic import write_atomically  # noqa: PLC0415 - only writing needs it
    from audit.changelog import check_still, check_writable, recorded  # noqa: PLC0415

    if not fixed.changes:
        return
    check_writable(path)
    changed = AuditError(
        "{path}: the file changed while it was being fixed and was left as it is; run fix again", path=path
    )
    with recorded(path, raw, fixed.raw, fixed.changes):
        seen = path.stat()
        if path.read_bytes() != raw:
            raise changed
        write_atomically(path, fixed.raw, still=lambda: check_still(path, seen, changed))


def copy(target: Path, fixed: Fixed) -> None:
    """Writes the repaired copy and its log."""
    from audit.atomic import write_atomically  # noqa: PLC0415 - as above
    from audit.changelog import readable  # noqa: PLC0415
    from audit.reading.collect import PAGE  # noqa: PLC0415

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, fixed.raw, follow=False)
        if fixed.changes:
            page = "\n".join(readable(target.name, fixed.changes)) + "\n"
            write_atomically(target.with_name(target.name + PAGE), page.encode("utf-8"), follow=False)
    except OSError as error:
        raise AuditError(
            "{target}: the copy was not written whole: {reason}", target=target, reason=cause(error)
        ) from error


def tell_passed_over(kinds: dict[str, int]) -> None:
    """The files of a folder that are in a format which repairs are not written to; they may well hold some."""
    from audit.reading.records import format_of  # noqa: PLC0415 - as above

    others = [f"{count:,} {kind}" for kind, count in kinds.items() if format_of(kind)]
    if others:
        remark("not fixed, being no plain text: {what}; `jiaokan check` says what to mend", what=listing(others))


def tell_refused(name: str, fixed: Fixed) -> None:
    """Repairs that could not be written in the file's encoding."""
    for finding, reason in fixed.refused:
        place = f"{name}:{finding.line}:{finding.column} {finding.rule}"
        complain("{place} not applied: {reason}", place=place, reason=reason)


def tell(name: str, fixed: Fixed, wanted: Wanted, *, written: bool) -> None:
    """One line on standard error: what was, or would be, changed."""
    kinds = Counter(f"{change.rule} {change.name}" for change in fixed.changes)
    verb = Phrase("applied") if written else Phrase("would apply")
    several = Phrase("repairs") if wanted.suggested else Phrase("safe repairs")
    single = Phrase("repair") if wanted.suggested else Phrase("safe repair")
    sort = single if len(fixed.changes) == 1 else several
    told = say("{name}: {verb} {count:,} {sort}", name=name, verb=verb, count=len(fixed.changes), sort=sort)
    if kinds:
        told = say("{told}: {what}", told=told, what=counted(kinds))
    remark("{told}", told=told)
    for finding in fixed.converts:
        remark("{name}: {reason}", name=name, reason=finding.message)
    if fixed.held:
        left = Counter(f"{finding.rule} {finding.name}" for finding in fixed.held)
        remark("{name}: left to an editor, --select applies them: {what}", name=name, what=counted(left))


def counted(kinds: Counter[str]) -> str:
    """What there is of each, most first."""
    return listing(f"{count:,} {kind}" for kind, count in kinds.most_common())
