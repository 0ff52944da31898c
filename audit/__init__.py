"""Audit collections of texts for corruption, and mend them without harm.

>>> from audit import audit_text
>>> [finding.rule for finding in audit_text("20xx年度工作总结").findings]  # doctest: +SKIP
['PLC001']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.config import Config
    from audit.errors import AuditError
    from audit.gate.layers import load_config
    from audit.model import Action, Edit, Finding, Grade, Hit, Hits, Safety, Severity, Span
    from audit.registry import load_rules
    from audit.rule import Rule, Scope, family
    from audit.run import Audit, audit_paths, audit_text

__version__ = "0.1.0"

__all__ = [
    "Action",
    "Audit",
    "AuditError",
    "Config",
    "Edit",
    "Finding",
    "Grade",
    "Hit",
    "Hits",
    "Rule",
    "Safety",
    "Scope",
    "Severity",
    "Span",
    "audit_paths",
    "audit_text",
    "family",
    "load_config",
    "load_rules",
]

# Where each name lives; its module is imported when it is first asked for, so that `jiaokan --help` needs none of them.
_HOMES = {
    "audit.config": ("Config",),
    "audit.errors": ("AuditError",),
    "audit.gate.layers": ("load_config",),
    "audit.model": ("Action", "Edit", "Finding", "Grade", "Hit", "Hits", "Safety", "Severity", "Span"),
    "audit.registry": ("load_rules",),
    "audit.rule": ("Rule", "Scope", "family"),
    "audit.run": ("Audit", "audit_paths", "audit_text"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """The library's name, from the module that it lives in."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOME[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
