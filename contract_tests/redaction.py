"""Keeps credentials out of everything that a run tells, also where a server sends them back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson

# A shorter piece of a credential tells nothing, and would be found by chance.
_LEAST = 6


def placeholder(caller: str) -> str:
    """What stands for a caller's credential. Not `$USER` and the like, which every shell has already."""
    return f"${caller.upper()}_CREDENTIAL"


class Redactor:
    """Replaces the credentials of a run by placeholders such as `$ADMIN_CREDENTIAL`."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        """`credentials` are header lines by caller."""
        found: dict[str, str] = {}
        for caller, line in credentials.items():
            value = line.partition(":")[2].strip()
            for secret in (value, value.removeprefix("Bearer ").strip()):
                for form in (secret, quote(secret, safe=""), orjson.dumps(secret).decode()[1:-1]):
                    if len(form) >= _LEAST:
                        found.setdefault(form, placeholder(caller))
        self._forms = sorted(found.items(), key=lambda one: -len(one[0]))

    def text(self, text: str) -> str:
        """A text without credentials, that UTF-8 can hold. One cut off within a credential loses that piece too."""
        text = text.encode("utf-8", "replace").decode()
        for form, placeholder in self._forms:
            text = text.replace(form, placeholder)
        if text.endswith("…"):
            for form, placeholder in self._forms:
                for length in range(len(form) - 1, _LEAST - 1, -1):
                    if text[:-1].endswith(form[:length]):
                        return f"{text[: -1 - length]}{placeholder}…"
        return text

    def __call__(self, value: Any) -> Any:
        """Any JSON value without credentials."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(key): self(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self(inner) for inner in value]
        return value
