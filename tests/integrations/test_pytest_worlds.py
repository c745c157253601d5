"""What a test gets from the plugin's fixtures."""

import errno
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.integrations.running import CALL, Run
from tests.mock_server.running import serving

pytest_plugins = ["pytester"]


def test_each_test_has_a_world_of_its_own(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
@pytest.mark.parametrize("again", [1, 2, 3])
def test_label(kailenty, again):
    assert call(kailenty, kailenty.admin, "/labels", {"name": "Only one", "color": "#336699"})[0] == 201
    assert call(kailenty, kailenty.admin, "/labels", {"name": "Only one", "color": "#336699"})[0] == 409

def test_more_worlds(kailenty, kailenty_rival):
    assert len({kailenty.workspace, kailenty_rival.workspace, kailenty.another().workspace}) == 3

def test_worlds_are_gone_afterwards(kailenty_mock):
    worlds = kailenty_mock.control.send("GET", "/worlds")["items"]
    assert [world for world in worlds if world["source"] != "start"] == []
""",
        "--kailenty-url",
        url,
    )
    result.assert_outcomes(passed=5)


def test_personas_are_whom_their_credentials_say(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
def test_roles(kailenty):
    assert [who.role for who in (kailenty.admin, kailenty.manager, kailenty.user)] == ["admin", "manager", "user"]
    assert kailenty.admin.headers == {"X-API-Key": kailenty.admin.api_key}
    assert kailenty.user.headers == {"Authorization": f"Bearer {kailenty.user.token}"}
    statuses = [call(kailenty, who, "/users")[0] for who in (kailenty.admin, kailenty.manager, kailenty.user)]
    assert statuses == [200, 403, 403]

def test_one_user(kailenty):
    assert call(kailenty, kailenty.as_("usr_boris"), "/labels")[0] == 200
    assert call(kailenty, kailenty.as_("usr_piet"), "/labels")[0] == 401
    assert kailenty.as_("usr_piet").status == "pending"
    with pytest.raises(LookupError, match="no user usr_nobody in .*, which has .*usr_alan"):
        kailenty.as_("usr_nobody")

def test_credentials_do_not_show(kailenty):
    assert kailenty.admin.api_key not in repr(kailenty.admin)
    assert kailenty.user.token not in repr(kailenty.user)

def test_hosts(kailenty, kailenty_rival):
    host = {"base": kailenty.base_url, "Host": kailenty.host}
    assert call(kailenty, kailenty.user, "/invites", **host)[0] == 200
    assert call(kailenty, kailenty_rival.user, "/invites", **host)[0] == 401
    assert kailenty.host_url == f"http://{kailenty.host}/api/v1/app"
""",
        "--kailenty-url",
        url,
    )
    result.assert_outcomes(passed=4)


def test_a_rival_knows_nothing(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
def test_tenants(kailenty, kailenty_rival):
    label = call(kailenty, kailenty.admin, "/labels", {"name": "Mine", "color": "#336699"})[1]
    names = [label["name"] for label in call(kailenty_rival, kailenty_rival.admin, "/labels")[1]["items"]]
    assert "Mine" not in names
    other = kailenty.another()
    assert other.admin.user_id == kailenty.admin.user_id
    names = [label["name"] for label in call(other, other.admin, "/labels")[1]["items"]]
    assert names
    assert "Mine" not in names
""",
        "--kailenty-url",
        url,
    )
    result.assert_outcomes(passed=1)


def test_time_is_the_tests(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
@pytest.mark.kailenty(now="2030-05-15T10:00:00Z", frozen=True)
def test_clock(kailenty):
    clock = kailenty.clock
    assert clock.now == datetime(2030, 5, 15, 10, tzinfo=UTC)
    clock.advance(days=1, hours=2, minutes=3)
    assert clock.now == datetime(2030, 5, 16, 12, 3, tzinfo=UTC)
    clock.advance(timedelta(seconds=-60))
    assert clock.now == datetime(2030, 5, 16, 12, 2, tzinfo=UTC)
    clock.set(datetime(2031, 1, 1, tzinfo=UTC))
    assert clock.now.year == 2031
    clock.run()
    clock.freeze()
    assert clock.now == clock.now
    with pytest.raises(ValueError, match="no time zone"):
        clock.set(datetime(2031, 1, 1))

def test_credentials_are_valid_at_any_time(kailenty):
    kailenty.clock.advance(days=300)
    assert call(kailenty, kailenty.user, "/invites")[0] == 200
    kailenty.clock.advance(days=-300)
    assert call(kailenty, kailenty.user, "/invites")[0] == 200

def test_booking(kailenty):
    meeting = kailenty.book("inv_active", kailenty.clock.now + timedelta(days=1))
    kailenty.clock.set(meeting["endAt"])
    assert call(kailenty, kailenty.admin, "/invites/inv_active")[1]["status"] == "booked"
""",
        "--kailenty-url",
        url,
    )
    result.assert_outcomes(passed=3)


def test_a_world_goes_back(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
def total(kailenty):
    return call(kailenty, kailenty.admin, "/labels")[1]["total"]

def test_snapshot(kailenty):
    before, then = total(kailenty), kailenty.clock.now
    call(kailenty, kailenty.admin, "/labels", {"name": "One", "color": "#336699"})
    point = kailenty.snapshot()
    call(kailenty, kailenty.admin, "/labels", {"name": "Two", "color": "#336699"})
    kailenty.clock.advance(days=100)
    kailenty.restore(point)
    assert total(kailenty) == before + 1
    assert kailenty.clock.now - then < timedelta(days=1)
    assert call(kailenty, kailenty.user, "/invites")[0] == 200
    kailenty.reset()
    assert total(kailenty) == before
""",
        "--kailenty-url",
        url,
    )
    result.assert_outcomes(passed=1)


def test_what_a_world_is_made_of(run: Run, url: str) -> None:
    result = run(
        """
import pytest
from pytest_kailenty import ControlError

TINY = {"workspace": "tiny", "tenantId": "cccccccc-0000-4000-8000-000000000000", "seed": 3, "users": [{
    "id": "usr_eve", "name": "Eve Moreau", "email": "eve@tiny.example", "role": "admin", "status": "active",
    "objectId": "cccccccc-0000-4000-8000-000000000001"}]}

@pytest.mark.kailenty("globex")
def test_named(kailenty):
    assert kailenty.admin.user_id == "usr_gx_ada"

@pytest.mark.kailenty(document=TINY, seed=7)
def test_document(kailenty):
    assert [who.user_id for who in kailenty.personas] == ["usr_eve"]
    assert kailenty.admin.headers == {"Authorization": f"Bearer {kailenty.admin.token}"}
    with pytest.raises(LookupError, match="no active manager"):
        kailenty.manager

def test_ini(kailenty):
    assert kailenty.admin.user_id == "usr_gx_ada"

@pytest.fixture(scope="module")
def shared(kailenty_mock):
    with kailenty_mock.world("acme") as world:
        yield world

def test_wider_scope(shared, kailenty):
    shared.book("inv_active", "2099-01-01T10:00:00Z")
    copy = kailenty.another(copy_of=shared.workspace)
    with pytest.raises(ControlError, match="409 .*booked"):
        copy.book("inv_active", "2099-01-01T10:00:00Z")

@pytest.mark.kailenty("atlantis")
def test_unknown(kailenty):
    pass

@pytest.mark.kailenty(frosen=True)
def test_mistaken(kailenty):
    pass
""",
        *("--kailenty-url", url, "-o", "kailenty_world=globex"),
    )
    result.assert_outcomes(passed=4, errors=2)
    result.stdout.fnmatch_lines(["kailenty: POST /_mock/worlds: 404 *atlantis*", "E*TypeError: *'frosen'*"])


@pytest.mark.parametrize(("workers", "processes"), [((), 1), (("-n", "2"), 2)], ids=["alone", "xdist"])
def test_one_mock_serves_the_whole_run_and_stops_with_it(
    run: Run, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workers: tuple[str, ...], processes: int
) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("SEEN", str(seen))
    # Options of somebody's shell are not the run's: with a token, the plugin would be refused.
    monkeypatch.setenv("KAILENTY_MOCK_SERVE_CONTROL_TOKEN", "of-the-shell")
    result = run(
        """
import os
import pytest

@pytest.mark.parametrize("number", range(6))
def test_each(kailenty, number):
    with open(os.environ["SEEN"], "a") as file:
        print(os.getpid(), kailenty.base_url, file=file)
""",
        *("--kailenty-command", command, *workers),
    )
    result.assert_outcomes(passed=6)
    by, addresses = (
        set(words) for words in zip(*(line.split() for line in seen.read_text().splitlines()), strict=True)
    )
    assert len(by) == processes
    (address,) = addresses
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(address).port or 0))


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")], ids=["alone", "xdist"])
def test_the_mock_of_a_run_that_is_killed_stops(command: str, tmp_path: Path, workers: tuple[str, ...]) -> None:
    (tmp_path / "test_it.py").write_text(
        """
import time
from pathlib import Path

def test_for_long(kailenty):
    Path("part").write_text(kailenty.base_url)
    Path("part").rename("address")
    time.sleep(60)
"""
    )
    plugins = ("-p", "pytest_kailenty.plugin", "--kailenty-command", command, *workers)
    run = subprocess.Popen([sys.executable, "-m", "pytest", *plugins], cwd=tmp_path, stdout=subprocess.DEVNULL)
    address = tmp_path / "address"
    _wait(address.exists)
    run.kill()
    run.wait()
    port = urlsplit(address.read_text()).port or 0

    def refused() -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED

    _wait(refused)


def _wait(come: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not come():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_token_opens_a_guarded_mock(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving("--control-token", "sesame") as guarded:
        refused = run("def test_it(kailenty): pass", "--kailenty-url", guarded)
        refused.stdout.fnmatch_lines(["kailenty: POST /_mock/worlds: 401 Unauthorized: Send the control token*"])
        monkeypatch.setenv("KAILENTY_MOCK_CONTROL_TOKEN", "sesame")
        monkeypatch.setenv("KAILENTY_MOCK_URL", guarded)
        opened = run("def test_it(kailenty): pass")
    opened.assert_outcomes(passed=1)
    assert "sesame" not in refused.stdout.str() + opened.stdout.str()
