"""The rules' pages as Markdown: `docs/rules/<language>/<kind>.md`, one page a kind, and a list of all rules.

    python tools/write_rule_pages.py [FOLDER]

Everything is taken from the rules; what they say of their examples is what they say when this runs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from audit.catalogue import LANGUAGES, speaking
from audit.pages import Example, page, title
from audit.registry import load_rules
from audit.report.rule_page import beside, facts, heading, shown
from audit.rule import Rule
from audit.words import label, listing, say

ROOT = Path(__file__).resolve().parent.parent
LIST = "README.md"


def written() -> dict[str, str]:
    """All pages by path below the folder."""
    rules, _ = load_rules()
    pages = {}
    for language in LANGUAGES:
        with speaking(language):
            pages[f"{language}/{LIST}"] = "\n".join(overview(rules)) + "\n"
            for kind in dict.fromkeys(rule.kind for rule in rules):
                lines = family(kind, [rule for rule in rules if rule.kind == kind])
                pages[f"{language}/{kind}.md"] = "\n".join(lines) + "\n"
    return pages


def overview(rules: tuple[Rule, ...]) -> Iterator[str]:
    """The list of all rules, with links to their pages."""
    yield f"# {say('page.rules')}"
    for kind in dict.fromkeys(rule.kind for rule in rules):
        yield from ("", f"## [{named(kind)}]({kind}.md)", "")
        for rule in rules:
            if rule.kind == kind:
                yield f"- [{rule.code}]({kind}.md#{rule.code.lower()}) `{rule.name}`{mark(rule)}{say('page.colon')}{page(rule).what}"


def named(kind: str) -> str:
    """A kind by its word and, where that is another, its name."""
    word = label("kind", kind)
    return word if word == kind else f"{word} {kind}"


def mark(rule: Rule) -> str:
    """The rule's name in the language, where it has one."""
    return "" if title(rule) == rule.name else f" {title(rule)}"


def family(kind: str, rules: list[Rule]) -> Iterator[str]:
    """The page of one kind."""
    yield f"# {named(kind)}"
    for rule in rules:
        told = page(rule)
        yield from ("", f'<a id="{rule.code.lower()}"></a>', "", f"## {heading(rule, told)}", "", facts(rule))
        yield from ("", told.what, "")
        yield from (f"- {say(f'page.{name}', words=words)}" for name, words in told.sections.items())
        for sort, examples in (("bad", told.bad), ("good", told.good)):
            if examples:
                yield from ("", (say(f"page.{sort}") + say("page.colon")).rstrip())
            for example in examples:
                yield from block(rule, example)


def block(rule: Rule, example: Example) -> Iterator[str]:
    """An example as a code block, with what the rule says of it."""
    seen = shown(rule, example)
    fence = "~~~" if not any("~~~" in line for line in seen.lines) else "~~~~~~"
    yield from ("", f"{fence}text", *(line.rstrip() for line in seen.lines))
    if example.encodings:
        yield say("page.encodings", encodings=listing(dict.fromkeys(example.encodings)))
    if example.beside:
        yield beside(example)
    yield from (say("page.says", said=said) for said in seen.remarks)
    yield fence


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "rules"
    for name, text in written().items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
