"""The page: a template filled with the outline, the picture, and the data of the script; what may run is named by its hash."""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from audit.model import Finding
from audit.report import phrases
from audit.report.html.choice import LIMIT, Choice, choose
from audit.report.html.families import css, letter, letters
from audit.report.html.island import as_json, island
from audit.report.html.strips import HEIGHT, REACH, SPAN, strips
from audit.report.html.topics import maps, subject_terms
from audit.report.outline import outline
from audit.report.passage import around, flat, percent
from audit.run import Audit
from audit.words import label, say

HERE = Path(__file__).parent
SCRIPTS = ("dom.js", "data.js", "marks.js", "notes.js", "text.js", "filters.js", "search.js", "keys.js", "main.js")
STYLES = ("base.css", "overview.css", "text.css", "print.css")
EXAMPLE = 24  # code points of an example
CONTEXT = 6  # on each side of it
ROOM = 28_000_000  # bytes of the data in a page
FEWEST = 1000
ROWS = 300  # entries in the table; of more the worst


def render(audit: Audit) -> bytes:
    """The page as UTF-8."""
    return report(audit)[0]


def report(audit: Audit, sidecar: str | None = None, limit: int = LIMIT) -> tuple[bytes, bool]:
    """The page as UTF-8, and whether it shows every finding; if not, it refers to `sidecar`, a file that lists them."""
    view = outline(audit)
    choice, data = fitting(audit, limit)
    made, links = strips(audit, view, choice)
    style, script = together(STYLES), together(SCRIPTS)
    page = (
        environment()
        .get_template("page.html.j2")
        .render(
            view=view,
            choice=choice,
            strips=made,
            links=links,
            terms=subject_terms(audit, made),
            maps=maps(audit, made),
            rows=table_rows(view.rows),
            examples={row.kind: example(audit, row.example) for row in view.kinds},
            letters=letters(audit),
            anchor=partial(anchor, audit),
            remarks=phrases.notes(audit),
            sidecar=sidecar,
            policy=policy(style, script),
            style=Markup(style),  # noqa: S704 - ours, and named by its hash
            script=Markup(script),  # noqa: S704 - as above
            data=Markup(data),  # noqa: S704 - as_json lets nothing end the element
            height=HEIGHT,
            reach=REACH,
            span=SPAN,
        )
    )
    return page.encode("utf-8"), choice.most is None


def fitting(audit: Audit, limit: int) -> tuple[Choice, str]:
    """What is shown and its data: as many findings up to the limit as there is room for."""
    while True:
        choice = choose(audit, limit)
        data = as_json(island(audit, choice))
        if len(data.encode("utf-8")) <= ROOM or limit < FEWEST:
            return choice, data
        limit = min(limit, choice.total) // 2


def together(names: tuple[str, ...]) -> str:
    """The files as one, in order."""
    return "\n" + "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def policy(style: str, script: str) -> str:
    """The content security policy: nothing is loaded, and only these two may act."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def environment() -> Environment:
    """Templates that escape everything."""
    made = Environment(
        loader=FileSystemLoader(HERE, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(say=say, label=label, phrases=phrases, letter=letter, css=css, about=about)
    made.filters.update(number=lambda value: f"{value:,}", percent=percent, flat=flat, code=code)
    return made


def code(words: str) -> Markup:
    """Words with what stands between backticks as code.

    >>> str(code("`a<b` mends"))
    '<code>a&lt;b</code> mends'
    """
    parts = words.split("`")
    if len(parts) % 2 == 0:  # a backtick of the text's own
        return Markup(escape(words))  # noqa: S704 - escaped
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def about(kind: str) -> str:
    """A kind in plain words; "" for kinds that other people's rules bring."""
    from audit.rule import KINDS  # noqa: PLC0415 - only kinds of our own have words

    return say(f"about.{kind}") if kind in KINDS.values() else ""


def example(audit: Audit, finding: Finding) -> dict[str, Any]:
    """A finding in its context: what stands before and after it, the damage, the repair or None."""
    document = next(one.document for one in audit.documents if one.document.path == finding.path)
    before, after = around(finding, document)
    repair = None if finding.suggestion is None else flat(finding.suggestion, EXAMPLE)
    return {
        "before": before[-CONTEXT:],
        "damage": flat(finding.excerpt, EXAMPLE),
        "repair": repair,
        "after": after[:CONTEXT],
        "link": anchor(audit, finding),
    }


def anchor(audit: Audit, finding: Finding) -> str:
    """What a link calls a finding; its fingerprint is its own only in its text."""
    places = (number for number, one in enumerate(audit.documents) if one.document.path == finding.path)
    return f"f-{finding.fingerprint}@{next(places)}:{finding.start}"


def table_rows(rows: Any) -> list[Any]:
    """All rows, or the worst where they are many."""
    return list(rows) if len(rows) <= ROWS else sorted(rows, key=lambda row: row.graded.now.score)[:ROWS]


__all__ = ["Choice", "render"]
