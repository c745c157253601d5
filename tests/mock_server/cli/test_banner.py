"""What a server says when it starts."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from fixtures import load_world
from tests.mock_server.cli.commands import WORLDS, Served, run, served


def test_the_banner_begins_with_where_to_go(server: Served) -> None:
    port = urlsplit(server.url).port
    assert port
    assert server.banner[:3] == [
        f"kailenty mock at http://localhost:{port}/api/v1/app",
        f"explorer     at http://localhost:{port}/api/docs",
        f"console      at http://localhost:{port}/_mock/",
    ]
    assert server.banner[-2] == f"All personas, with Microsoft tokens: http://localhost:{port}/_mock/#/people"
    assert server.get("/api/docs").status_code == 200


def test_each_credential_of_the_banner_works_where_it_stands(server: Served) -> None:
    """Pasted as it is; each active role of each workspace has one."""
    found = []
    base = persona = ""
    for line in server.banner[3:]:
        if line.startswith("http://"):
            base = line
        elif match := re.fullmatch(r"  (admin|manager|user) +(\w+) +(.+)", line):
            persona = match[2]
            whose = next(user for world in WORLDS for user in load_world(world).users if user.id == persona)
            assert match[1] == whose.role
            assert whose.name in match[3]
            assert ("401" in match[3]) == (whose.status != "active")
        elif match := re.fullmatch(r"    ([\w-]+): (.+)", line):
            found.append((base, persona))
            # Not every resolver knows the names below localhost.
            address = urlsplit(base)
            assert address.netloc.partition(".")[0] in WORLDS
            answer = server.get(f"{address.path}/invites?x=1", Host=address.netloc, **{match[1]: match[2]})
            assert answer.status_code == 400
            assert answer.headers["x-mock-caller"].startswith(f"{persona}; ")
    active = {user.id for world in WORLDS for user in load_world(world).users if user.status == "active"}
    assert {persona for _, persona in found} <= active
    assert {"usr_ada", "usr_marta", "usr_alan", "usr_gx_ada", "usr_gx_marta", "usr_gx_alan"} <= {
        who for _, who in found
    }


def test_a_large_world_has_a_short_banner(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    assert run("world", "--users", "300", "--invites", "0", "--meetings", "0", "--out", str(large)).exit_code == 0
    with served("--world", str(large)) as one:
        assert len(one.banner) < 40


def test_without_a_banner_it_says_where_it_is() -> None:
    with served("--no-banner") as one:
        assert one.get("/_mock/health").status_code == 200
        one.stop()
        assert one.process.stdout is not None
        assert one.process.stdout.read() == ""
    assert len(one.banner) == 3


def test_off_loopback_the_banner_offers_no_control_api() -> None:
    with served("--host", "0.0.0.0") as one:
        assert one.url.startswith("http://0.0.0.0:")
        assert "_mock" not in "\n".join(one.banner)
