"""Which workspace a request is addressed to."""

from functools import lru_cache


class Hosts:
    """Tells workspaces by host names: `acme.localhost` is acme where `localhost` is among the suffixes (D-01)."""

    def __init__(self, suffixes: tuple[str, ...]) -> None:
        self._endings = tuple(f".{suffix.lower().lstrip('.')}" for suffix in suffixes)
        self._known = lru_cache(maxsize=64)(self._find)

    def workspace(self, host: str) -> str | None:
        """The workspace that a `Host` header names; None for a bare host, where the credential decides."""
        return self._known(host)

    def _find(self, host: str) -> str | None:
        name = host.lower().rpartition(":")[0] if not host.endswith("]") and ":" in host else host.lower()
        name = name.rstrip(".")
        for ending in self._endings:
            if name.endswith(ending) and (label := name[: -len(ending)]) and "." not in label:
                return label
        return None
