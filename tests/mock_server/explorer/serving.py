"""The explorer in a process of its own, and the personas that it offers."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]

HOSTILE = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">\'\u2028--><!--'


def persona(workspace: str, user_id: str, role: str = "admin", *, port: int, **others: Any) -> dict[str, Any]:
    """Give a persona as the control API does, with credentials that name it."""
    return {
        "workspace": workspace,
        "host": f"{workspace}.localhost:{port}",
        "userId": user_id,
        "name": user_id.removeprefix("usr_").title(),
        "role": role,
        "status": "active",
        "apiKey": f"key-{user_id}" if role == "admin" else None,
        "token": f"token-{user_id}",
        "microsoftToken": f"microsoft-{user_id}",
    } | others


def people(port: int) -> list[dict[str, Any]]:
    """Give two workspaces: the first admin of each is not its first persona, and one name is an attack."""
    return [
        persona("acme", "usr_konrad", status="disabled", port=port),
        persona("acme", "usr_uma", "user", name=HOSTILE, port=port),
        persona("acme", "usr_ada", port=port),
        persona("globex", "usr_greta", "manager", port=port),
        persona("globex", "usr_gus", port=port),
    ]


@contextmanager
def serving(*options: str) -> Iterator[int]:
    """Serve the explorer until the end, on the port given."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mock_server.explorer.stub", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
