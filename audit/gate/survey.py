"""A look at a folder: what its texts are like, for settings to be proposed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.config import Config
from audit.errors import AuditError
from audit.language.script import scripts
from audit.reading.collect import Source, collect_for
from audit.reading.contents import Opener
from audit.run import Audit, audit_bytes

FILES, BYTES = 200, 20_000_000  # so much is looked at, evenly over the folder
ASIDE = frozenset(
    {"archive", "archives", "backup", "backups", "draft", "drafts", "old", "tmp", "trash"}
    | {"备份", "草稿", "存档", "废稿", "旧稿", "回收站", "临时"}
)
SCRAPED = ("boilerplate", "noise", "mojibake", "byte-shift", "gloss")
SHARE = 0.2  # of the texts: so many with what scrapers bring make the folder a scrape
MANY = 300  # files: so many are a corpus


@dataclass(frozen=True, slots=True)
class Survey:
    """What a folder holds; `kinds` counts findings, `touched` the files that have some, by kind."""

    files: int
    looked: int
    audit: Audit
    encodings: Counter[str]
    simplified: int
    traditional: int
    kinds: Counter[str]
    touched: Counter[str]
    aside: tuple[str, ...]
    tables: Counter[str]

    @property
    def preset(self) -> str:
        """The preset that fits."""
        scraped = len([kind for kind in SCRAPED if self.touched[kind] > SHARE * max(self.looked, 1)])
        if scraped > 1:
            return "web-scrape"
        return "corpus" if self.tables or self.files >= MANY else "publishing"


def survey(folder: str) -> Survey:
    """Looks at a folder; AuditError where there is none or it holds neither texts nor tables."""
    aside, tables = folders(Path(folder))
    try:
        sources = collect_for(Config(), [folder]).sources
    except AuditError:
        if not tables:
            raise
        sources = ()
    chosen = sample(sources)
    opener = Opener((), False)
    audit = audit_bytes(opener.contents(chosen), Config(), opener.skipped)
    kinds: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    encodings: Counter[str] = Counter()
    simplified = traditional = 0
    for one in audit.documents:
        kinds.update(one.graded.counts)
        touched.update(one.graded.counts.keys())
        encodings.update({run.encoding or "undecodable" for run in one.document.decoded.runs if run.start < run.end})
        votes = scripts(one.document.text)
        simplified, traditional = simplified + votes.simplified, traditional + votes.traditional
    return Survey(len(sources), len(chosen), audit, encodings, simplified, traditional, kinds, touched, aside, tables)


def sample(sources: Sequence[Source]) -> list[Source]:
    """Files from all over the folder, no more than can be audited while someone waits."""
    step = max(len(sources) / FILES, 1)
    chosen: list[Source] = []
    size = 0
    for number in range(min(len(sources), FILES)):
        source = sources[int(number * step)]
        size += source.path.stat().st_size if source.path else 0
        if chosen and size > BYTES:
            break
        chosen.append(source)
    return chosen


def folders(root: Path) -> tuple[tuple[str, ...], Counter[str]]:
    """Folders whose names say that they are put aside, as patterns, and tables of records by ending."""
    aside: list[str] = []
    tables: Counter[str] = Counter()
    for base, inner, files in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        aside += [f"{Path(base, name).relative_to(root).as_posix()}/" for name in inner if name.lower() in ASIDE]
        for name in files:
            ending = Path(name).suffix.lower()
            if ending in {".jsonl", ".csv", ".tsv", ".parquet"} and not name.endswith(".changes.jsonl"):
                tables[ending] += 1
    return tuple(aside), tables
