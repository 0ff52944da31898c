"""Audit collections of texts for corruption, and mend them without harm.

>>> from audit import audit_text
>>> [finding.rule for finding in audit_text("20xx年度工作总结").findings]  # doctest: +SKIP
['PLC001']
"""

from audit.config import Config, load_config
from audit.errors import AuditError
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
