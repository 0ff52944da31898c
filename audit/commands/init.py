"""`jiaokan init`: settings for a folder that was looked at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.telling import remark
from audit.commands.tongue import settle
from audit.errors import AuditError, nearest

if TYPE_CHECKING:
    from audit.gate.survey import Survey

FILE = "jiaokan.toml"
LEAST = "F"


def init(
    folder: Annotated[str, typer.Argument(help="The folder to look at.")] = ".",
    preset: Annotated[
        str | None, typer.Option(help="Build on publishing, corpus, web-scrape or strict; else on what seems to fit.")
    ] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", help="Where to write; - only shows it.")] = None,
) -> None:
    """Look at a folder and write a commented jiaokan.toml for it: what is there, what to leave out, where to set the gate.

    Settings that are there already are never replaced.
    """
    from audit.gate.layers import preset_names  # noqa: PLC0415 - help needs none of this
    from audit.gate.survey import survey  # noqa: PLC0415

    settle()
    if not Path(folder).is_dir():
        raise AuditError("{path}: no such file or folder", path=folder)
    if preset is not None and preset not in preset_names():
        known = preset_names()
        raise AuditError(
            "{origin} {value!r}; it is one of {known}{hint}",
            origin="--preset",
            value=preset,
            known=", ".join(known),
            hint=nearest(preset, known),
        )
    target = Path(folder, FILE) if output is None else Path(output)
    if output != "-" and target.exists():
        raise AuditError(
            "{path}: is there already and was left as it is; `-o -` shows what would be written", path=target
        )
    seen = survey(folder)
    page = "\n".join(draft(seen, preset or seen.preset)) + "\n"
    if output == "-":
        sys.stdout.write(page)
        return
    write(target, page)
    remark("{path}: written; `jiaokan config` shows what is in force", path=target)


def write(target: Path, page: str) -> None:
    """Writes the settings, whole or not at all."""
    from audit.atomic import write_atomically  # noqa: PLC0415 - as above
    from audit.words import cause  # noqa: PLC0415

    try:
        write_atomically(target, page.encode("utf-8"))
    except OSError as error:
        raise AuditError("{output}: cannot be written ({value})", output=target, value=cause(error)) from error


def draft(seen: Survey, preset: str) -> Iterator[str]:
    """The lines of the settings, what was seen in comments above what it speaks for."""
    from audit.address import printable  # noqa: PLC0415 - as above
    from audit.words import Phrase, label, listing, say  # noqa: PLC0415

    def comment(sentence: str, /, **values: object) -> str:
        return "# " + say(sentence, **values)

    yield comment("{looked} of {files} files were looked at.", looked=seen.looked, files=seen.files)
    codecs = listing(f"{printable(name)} {count}" for name, count in seen.encodings.most_common())
    yield comment("Encodings, by files: {encodings}.", encodings=codecs or Phrase("none"))
    yield comment(
        "Characters: {simplified} simplified, {traditional} traditional.",
        simplified=seen.simplified,
        traditional=seen.traditional,
    )
    yield comment(
        "Grade: {now} as it stands, {after} after the safe repairs.",
        now=seen.audit.graded.now.letter,
        after=seen.audit.graded.after.letter,
    )
    yield ""
    yield comment("The settings to build on: publishing, corpus, web-scrape or strict.")
    yield f'extends = "{preset}"'
    yield ""
    yield comment("Files and folders that are not audited, as .gitignore names them.")
    aside = ", ".join(f'"{printable(name)}"' for name in seen.aside)
    yield f"exclude = [{aside}]" if aside else '# exclude = ["drafts/"]'
    yield ""
    yield comment(
        "The gate: the least severity that closes it, and the least grade. Raise the grade as the texts get better."
    )
    yield '# fail-on = "major"'
    letter = seen.audit.graded.now.letter
    yield '# min-grade = "D"' if letter == LEAST or not seen.looked else f'min-grade = "{letter}"'
    yield ""
    yield comment(
        "Names, places and words that are right here, whatever a rule makes of them; or files of them, one a line."
    )
    yield "terms = []"
    yield '# term-files = ["names.txt"]'
    if seen.tables:
        yield ""
        kinds = listing(f"{ending} {count}" for ending, count in seen.tables.most_common())
        yield comment("Tables of records are audited once the field of their text is named: {kinds}.", kinds=kinds)
        yield '# text-field = "text"'
        yield '# id-field = "id"'
        yield '# title-field = "title"'
    yield ""
    yield comment("What is found here, by kind, and what closes the gate for it; never: it is only reported.")
    yield "[gate]"
    for kind, count in seen.kinds.most_common():
        told = say(
            "{kind}: {count} findings in {files} files", kind=label("kind", kind), count=count, files=seen.touched[kind]
        )
        yield f'# {kind} = "never"    # {told}'
    yield ""
    yield comment("Other settings for some files, and how many findings are put up with:")
    yield '# [[overrides]]\n# paths = ["drafts/**"]\n# ignore = ["punctuation"]\n# fail-on = "critical"'
    yield '#\n# [[budgets]]\n# rules = ["placeholder"]\n# paths = ["drafts/**"]\n# at-most = 3'
