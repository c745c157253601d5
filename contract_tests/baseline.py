"""Known failures: a TOML file of entries that do not fail a run until they expire.

[[known]]
rule = "PAGE-03"
operation = "listInvites"       # all operations where it is absent
link = "https://issues.example.com/412"
expires = 2027-01-31
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from contract_tests.outcomes import Finding
from contract_tests.settings import UsageError
from openapi import load_app_api, load_rules

_MEMBERS = {"rule": str, "operation": str, "link": str, "expires": date}
_GRACE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Known:
    """A failure that is known, for one operation or for all."""

    rule: str
    link: str
    expires: date
    operation: str | None = None

    @property
    def expired(self) -> bool:
        """Whether it no longer serves."""
        return self.expires < date.today()

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is this failure."""
        return not self.expired and self.rule == finding.rule and self.operation in (None, finding.operation)


def read(path: Path) -> tuple[Known, ...]:
    """The entries of a file. Raises UsageError."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"baseline {path}: {getattr(error, 'strerror', None) or error}") from None
    entries = content.pop("known", [])
    if content or not isinstance(entries, list):
        raise UsageError(f"baseline {path}: it has nothing but [[known]] entries")
    return tuple(_known(f"baseline {path}, entry {number}", entry) for number, entry in enumerate(entries, 1))


def _known(place: str, entry: Any) -> Known:
    if not isinstance(entry, dict) or (odd := sorted(set(entry) - set(_MEMBERS))):
        raise UsageError(f"{place}: unknown member {odd[0]}; it has rule, operation, link and expires")
    for name, kind in _MEMBERS.items():
        if name not in entry and name != "operation":
            raise UsageError(f"{place}: {name} is missing")
        if name in entry and type(entry[name]) is not kind:
            raise UsageError(f"{place}: {name} is no {'date such as 2027-01-31' if kind is date else 'text'}")
    if entry["rule"] not in load_rules():
        raise UsageError(f"{place}: there is no rule {entry['rule']}")
    if entry.get("operation") not in (None, *load_app_api().operations):
        raise UsageError(f"{place}: there is no operation {entry['operation']}")
    return Known(**entry)


def entry(finding: Finding) -> str:
    """A ready-made entry for a failure; its link is left to fill in."""
    operation = f'operation = "{finding.operation}"\n' if finding.operation else ""
    expires = date.today() + _GRACE
    return f'[[known]]\nrule = "{finding.rule}"\n{operation}link = "https://..."\nexpires = {expires}\n'
