"""What a change adds: the findings of the texts as a revision of git had them are the baseline of those of now.

The old texts are audited as the new ones are, all of the collection together, so that rules over a collection compare like
with like; texts that are as they were are read where they lie.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

import msgspec

from audit.config import Config
from audit.errors import AuditError
from audit.gate.held import Held, usage_of
from audit.gate.known import snapshot
from audit.gate.values import Baseline
from audit.reading.collect import STANDARD_INPUT, Source, collect_for, other_name
from audit.reading.contents import Content, Opener
from audit.reading.records import format_of
from audit.run import Audit, audit_bytes, audit_paths
from audit.words import Phrase


@dataclass(frozen=True, slots=True)
class Change:
    """A repository and what became of its files since a revision; names are relative to `root`.

    `modules` are its submodules, each with the commit that it was at; their files are in none of the rest.
    """

    root: Path
    revision: str
    tree: frozenset[str]
    old_names: dict[str, str]  # of what was renamed
    changed: frozenset[str]
    gone: tuple[str, ...]
    modules: dict[str, str]


def git(folder: Path, *words: str) -> bytes:
    """What a command of git prints; AuditError where it fails or there is no git."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)  # noqa: S603, S607 - git is found as the user finds it, words are ours or checked
    except OSError as error:
        raise AuditError("--diff needs git: {reason}", reason=Phrase(error.strerror or str(error))) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise AuditError("--diff: git says: {reason}", reason=said.split("\n")[0])
    return done.stdout


def names(listed: bytes) -> list[str]:
    """Names that git lists with a NUL behind each."""
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]


def change(folder: Path, word: str) -> Change:
    """What became of a repository since a revision."""
    root = Path(os.fsdecode(git(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    try:
        revision = git(root, "rev-parse", "--verify", "--end-of-options", f"{word}^{{commit}}").decode().strip()
    except AuditError as error:
        raise AuditError("--diff: git knows no revision {revision} in {path}", revision=word, path=str(root)) from error
    listed = (line.partition("\t") for line in names(git(root, "ls-tree", "-r", "-z", revision)))
    tree = {name: facts.split() for facts, _, name in listed}  # mode, type, hash
    modules = {name: facts[2] for name, facts in tree.items() if facts[1] == "commit"}
    told = iter(names(git(root, "diff", "--name-status", "-z", "-M", revision)))
    old_names, changed, gone = {}, set(), []
    for status in told:
        name = next(told)
        if status[0] in "RC":
            new = next(told)
            old_names[new] = name
            changed.add(new)
        elif status[0] == "D":
            gone.append(name)
        else:
            changed.add(name)
    return Change(root, revision, frozenset(tree), old_names, frozenset(changed), tuple(gone), modules)


def module_of(since: Change, name: str) -> str | None:
    """The submodule that a file lies in."""
    return next((above for one in PurePath(name).parents if (above := one.as_posix()) in since.modules), None)


def old_texts(since: Change, sources: Sequence[Source], folders: Sequence[str], spare: Path) -> Iterator[Content]:
    """The texts as they were, under the names of now; those that are gone under their own. `spare` takes what is no plain text."""
    below: dict[str, list[Source]] = {}
    for source in sources:
        if source.path is None:
            continue
        name = os.path.relpath(os.path.realpath(source.path), os.path.realpath(since.root))
        if (module := module_of(since, name)) is not None:
            below.setdefault(module, []).append(source)
            continue
        old = since.old_names.get(name, name)
        if old not in since.tree:
            continue
        if name not in since.changed:
            yield from Opener((), tables=True).contents([source])
        else:
            yield from old_text(since, old, source.name, source.argument, spare)
    for name in since.gone:
        path = since.root / name
        home = next((folder for folder in folders if path.is_relative_to(Path(folder).resolve())), None)
        if home is not None and not other_name(path.name):
            yield from old_text(since, name, os.path.relpath(path), home, spare)
    for module, inside in below.items():
        with suppress(AuditError):  # a commit that was never fetched: all of the submodule is new
            yield from old_texts(change(since.root / module, since.modules[module]), inside, folders, spare)


def old_text(since: Change, old: str, name: str, argument: str, spare: Path) -> Iterator[Content]:
    """One text as it was."""
    raw = git(since.root, "cat-file", "blob", f"{since.revision}:{old}")
    if not format_of(name):
        yield name, raw, argument
        return
    part = spare / f"{len(list(spare.iterdir()))}-{Path(name).name}"
    part.write_bytes(raw)
    opened = Opener((), tables=True).contents([Source(part.as_posix(), part, argument)])
    yield from ((f"{name}{path.removeprefix(part.as_posix())}", content, argument) for path, content, _ in opened)


def audit_since(paths: Sequence[str], config: Config, word: str) -> Audit:
    """The audit of the paths as they are now, beside what they were at a revision; only what is new is reported."""
    if STANDARD_INPUT in paths:
        raise AuditError("--diff: git does not know what standard input was; name files")
    files = [Path(path) for path in paths]
    folder = next((file if file.is_dir() else file.parent for file in files), Path())
    since = change(folder, word)
    collected = collect_for(config, paths)
    folders = [path for path in paths if Path(path).is_dir()]
    whole = msgspec.structs.replace(config, min_severity="info")
    with tempfile.TemporaryDirectory(prefix="jiaokan-") as spare:
        texts = old_texts(since, collected.sources, folders, Path(spare))
        before = audit_bytes(texts, whole, decided=Held(usage_of(config)))
        known = snapshot([(one.document, one.batches) for one in before.documents], since.root)
    beside = Baseline(f"git {word}", since.root, tuple(known))
    return audit_paths(paths, ungraded(config), decided=Held(usage_of(config), beside))


def ungraded(config: Config) -> Config:
    """The settings for what a change adds: it answers for its findings, not for the grade of what was there."""
    replace = msgspec.structs.replace
    overrides = tuple(replace(one, min_grade="") for one in config.overrides)
    return replace(config, new_only=True, min_grade="", overrides=overrides)
