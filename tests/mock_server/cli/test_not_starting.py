"""Addresses and worlds that cannot be served."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fixtures import dump_world, load_world
from tests.mock_server.cli.commands import fails, served, server_fails


def test_a_port_in_use_is_told_in_one_line() -> None:
    """Although two sockets could share it."""
    with served("--no-banner") as one:
        port = str(urlsplit(one.url).port)
        for host in ("127.0.0.1", "0.0.0.0"):
            line = server_fails("--host", host, "--port", port, status=1)
            assert line == f"cannot listen at {host}:{port}: Address already in use"


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours(host: str) -> None:
    assert f"cannot listen at {host}:0: " in server_fails("--host", host, "--port", "0", status=1)


def test_worlds_that_cannot_be_served(tmp_path: Path) -> None:
    def world(name: str, text: str | bytes) -> str:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(file)

    acme = dump_world(load_world("acme"), "yaml").decode()
    others = acme.replace("workspace: acme", "workspace: initech").replace("kly_acme_", "kly_initech_")
    assert "acme, globex" in fails("serve", "--world", "initech")
    assert "missing.yaml" in fails("serve", "--world", str(tmp_path / "missing.yaml"))
    assert "line 2" in fails("serve", "--world", world("broken.yaml", "workspace: [\n"))
    assert "/workspace" in fails(
        "serve", "--world", world("number.yaml", acme.replace("workspace: acme", "workspace: 1"))
    )
    assert "bytes.yaml" in fails("serve", "--world", world("bytes.yaml", b"\xff\xfe\0"))
    twice = fails("serve", "--world", "acme", "--world", world("acme.yaml", acme))
    assert twice == f"acme and {tmp_path / 'acme.yaml'} have the same workspace acme, each needs its own"
    assert "tenantId aaaaaaaa" in fails("serve", "--world", "acme", "--world", world("tenant.yaml", others))
