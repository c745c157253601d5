"""Which workspace a request is addressed to."""


class Hosts:
    """Tells workspaces by host names: `acme.localhost` is acme where `localhost` is among the suffixes (D-01)."""

    def __init__(self, suffixes: tuple[str, ...]) -> None:
        self._endings = tuple(f".{suffix.lower().lstrip('.')}" for suffix in suffixes)

    def workspace(self, host: str) -> str | None:
        """The workspace that a `Host` header names; None for a bare host, where the credential decides."""
        name = host.lower().rpartition(":")[0] if not host.endswith("]") and ":" in host else host.lower()
        name = name.rstrip(".")
        for ending in self._endings:
            if name.endswith(ending) and (label := name[: -len(ending)]) and "." not in label:
                return label
        return None
