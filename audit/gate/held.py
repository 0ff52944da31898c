"""What was decided before and lies in files beside the texts: acceptances and the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audit.config import Config
from audit.errors import AuditError
from audit.gate.layers import shown
from audit.gate.suppress import Usage
from audit.gate.values import BASELINE, NONE, SIDECAR, Baseline


@dataclass(frozen=True, slots=True)
class Held:
    """The acceptances with their use, and the baseline; None where there is none."""

    usage: Usage | None = None
    baseline: Baseline | None = None


def held(config: Config) -> Held:
    """What the settings name, or what lies under the usual name in their folder.

    Raises AuditError for a file that is named and not there, and for one that is damaged.
    """
    return Held(usage_of(config), baseline_of(config))


def usage_of(config: Config) -> Usage | None:
    """The acceptances that the settings name or that lie under the usual name, none of them used yet."""
    file = place_of(config, config.suppressions, SIDECAR)
    if file is None:
        return None
    from audit.gate.sidecar import load, today  # noqa: PLC0415 - as below

    return Usage(load(file, shown(file), today()))


def baseline_of(config: Config) -> Baseline | None:
    """The baseline that the settings name or that lies under the usual name."""
    file = place_of(config, config.baseline, BASELINE)
    if file is None:
        return None
    from audit.gate.baseline import load  # noqa: PLC0415 - rapidfuzz loads only where there is a baseline

    return Baseline(shown(file), file.parent, tuple(load(file)))


def place_of(config: Config, name: str, usual: str) -> Path | None:
    """Where a file of decisions lies; None where none is asked for or there."""
    if name == NONE:
        return None
    file = Path(config.root) / (name or usual)
    if not name and not file.is_file():
        return None
    if not file.is_file():
        raise AuditError("{path}: no such file or folder", path=shown(file))
    return file
