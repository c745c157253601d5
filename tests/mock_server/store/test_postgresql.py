"""The mock on a real PostgreSQL, where there is one: it answers as on SQLite, also where requests come at once."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from glob import glob
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from tests.mock_server.cli.commands import server_fails
from tests.mock_server.running import Mock, ok, start
from tests.mock_server.worlds.making import caller, change, make, post, state

AT_ONCE = 12
NAMES = ("Zebra", "zebu", "äpfel", "Apfel", "_x", "a-b", "ab", "a b", "\uffff", "😀")
COLOR = "#0F766E"


def program(name: str) -> str:
    """One of PostgreSQL's, which Debian keeps out of the path."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *glob("/usr/lib/postgresql/*/bin")]))
    return found or pytest.skip(f"PostgreSQL's {name} is not installed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Callable[[str], str]]:
    """Give the URL of each database of a PostgreSQL that orders texts otherwise than by code point."""
    pytest.importorskip("psycopg", reason="PostgreSQL's driver psycopg is not installed")
    user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root

    def run(name: str, *arguments: str) -> None:
        command = [program(name), "-D", f"{folder}/data", *arguments]
        subprocess.run(command, user=user, cwd=folder, check=True, capture_output=True, text=True)

    with TemporaryDirectory() as folder:
        if user is not None:
            shutil.chown(folder, user)
        try:
            run("initdb", "-U", "ada", "-E", "UTF8", "--no-sync", "--locale-provider=icu", "--icu-locale=en")
        except subprocess.CalledProcessError as error:
            pytest.skip(f"PostgreSQL's initdb failed: {error.stderr}")
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", f"-F -k {folder} -c listen_addresses=", "start")
        try:
            yield lambda database: f"postgresql+psycopg://ada@/{database}?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def postgres(cluster: Callable[[str], str]) -> Iterator[Mock]:
    """Like the mock of the other tests, but for where its rows are."""
    options = ("--validate-responses", "--clock", "2030-05-15T10:00:00Z", "--frozen")
    with start(*options, "--database", cluster("postgres")) as mock:
        yield mock


def at_once(*requests: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(lambda send: send(), requests))


def statuses(*requests: Callable[[], httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in at_once(*requests))


def test_answers_are_those_of_sqlite(mock: Mock, postgres: Mock) -> None:
    def answers(one: Mock) -> list[Any]:
        ada = caller(one, make(one, workspace="one"))
        seen: list[Any] = change(one, "one", ada)
        seen += [ada.post("/labels", {"name": name, "color": COLOR}).text for name in NAMES]
        seen += [ada.get("/labels", sort=f"name:{way}", pageSize=100).text for way in ("asc", "desc")]
        seen += [ada.get("/invites", sort="status:desc,title:asc", includeSubInvites="true").text]
        seen += [ada.get("/invites", labelIds="lbl_hiring").text, ada.get("/users", labelIds="lbl_sales").text]
        one.control("POST", "/worlds/one/snapshots", {"name": "changed"})
        for path in ("/worlds/one/reset", "/worlds/one/snapshots/changed/restore"):
            post(one, path)
            seen.append(state(one, "one"))
        make(one, workspace="copy", copyOf="one")
        return [*seen, state(one, "copy")]

    assert answers(postgres) == answers(mock)


def test_rules_hold_where_requests_come_at_once(postgres: Mock) -> None:
    """LBL-02, LBL-04, LBL-06, INV-05, INV-09, USR-02; and no two rows have one id."""
    ada = caller(postgres, make(postgres, workspace="race"))
    attendees = [{"type": "users", "userIds": ["usr_zoe"]}]
    meeting = {"meetingDurationMinutes": 30, "title": "Race"}
    invite = {"requiredAttendees": attendees, "voteDeadlineAt": "2030-07-01T00:00:00Z", "meeting": meeting}
    direct = {**invite, "candidates": [{"name": "Joan", "email": "joan@candidates.example"}]}
    mother = {**invite, "allowMultipleBookings": True, "publicLinkValue": "race"}

    made = [ok(one)["id"] for one in at_once(*[partial(ada.post, "/invites", direct)] * AT_ONCE)]
    assert len(set(made)) == AT_ONCE
    assert statuses(*[partial(ada.post, "/invites", mother)] * AT_ONCE) == {201: 1, 409: AT_ONCE - 1}
    book = partial(post, postgres, f"/worlds/race/invites/{made[0]}/booking", {"startAt": "2030-05-21T09:00:00Z"})
    assert statuses(*[book] * AT_ONCE) == {201: 1, 409: AT_ONCE - 1}
    name = partial(ada.post, "/labels", {"name": "Race", "color": COLOR})
    assert statuses(*[name] * AT_ONCE) == {201: 1, 409: AT_ONCE - 1}
    assert statuses(*[partial(ada.delete, "/labels/lbl_unused")] * AT_ONCE) == {200: 1, 404: AT_ONCE - 1}
    assign = partial(ada.put, "/users/usr_alan/labels", {"labelIds": ["lbl_sales", "lbl_hiring"]})
    assert statuses(*[assign] * AT_ONCE) == {200: AT_ONCE}
    for number in range(AT_ONCE):
        label = ok(ada.post("/labels", {"name": f"Torn {number}", "color": COLOR}))["id"]
        named = {**direct, "requiredAttendees": [{"type": "labels", "labelIds": [label]}]}
        both = at_once(partial(ada.delete, f"/labels/{label}"), partial(ada.post, "/invites", named))
        assert [one.status_code for one in both] in ([200, 404], [409, 201])


def test_a_world_is_steered_by_many_at_once(postgres: Mock) -> None:
    """Every request is answered as in some order of them, and what they leave can be put back."""
    create = partial(post, postgres, "/worlds", {"workspace": "busy"})
    assert statuses(*[create] * AT_ONCE) == {201: 1, 409: AT_ONCE - 1}
    ada = postgres.with_({"X-API-Key": "kly_busy_ada_test_key"})
    began = state(postgres, "busy")
    save = partial(post, postgres, "/worlds/busy/snapshots", {"name": "here"})
    assert ok(save())
    restore = partial(post, postgres, "/worlds/busy/snapshots/here/restore")
    assert statuses(*[save, restore] * AT_ONCE) == {200: 2 * AT_ONCE}
    label = partial(ada.post, "/labels", {"name": "Late", "color": COLOR})
    bundle = partial(postgres.client.get, "/_mock/worlds/busy/bundle")
    reset = partial(post, postgres, "/worlds/busy/reset")
    assert set(statuses(*[label, save, bundle, reset] * AT_ONCE)) <= {200, 201, 409}
    ok(reset())
    assert state(postgres, "busy") == began
    delete = partial(postgres.client.delete, "/_mock/worlds/busy")
    assert set(statuses(*[delete, label, save, bundle, reset] * AT_ONCE)) <= {200, 201, 401, 404, 409}
    assert "busy" not in postgres.control("GET", "/health")["workspaces"]


def test_worlds_outlast_the_server(cluster: Callable[[str], str]) -> None:
    options = ("--database", database(cluster, "lasting"), "--clock", "2030-05-15T10:00:00Z", "--frozen")
    with start(*options) as mock:
        change(mock, "one", caller(mock, make(mock, workspace="one")))
        mock.control("POST", "/worlds/one/snapshots", {"name": "changed"})
        before = state(mock, "one")
    with start(*options) as mock:
        assert state(mock, "one") == before
        post(mock, "/worlds/one/reset")
        post(mock, "/worlds/one/snapshots/changed/restore")
        assert state(mock, "one") == before


def test_a_database_that_will_not_do_is_refused(cluster: Callable[[str], str]) -> None:
    assert 'database "none" does not exist' in server_fails("--database", cluster("none"))
    for encoding in ("SQL_ASCII", "LATIN1"):
        url = database(cluster, encoding.lower(), f"ENCODING {encoding} LOCALE 'C' LOCALE_PROVIDER libc")
        assert "UTF-8" in server_fails("--database", url)
    others = database(cluster, "others")
    told(cluster, "others", "CREATE TABLE workspaces (colour text)")
    assert "workspaces.name does not exist" in server_fails("--database", others)


def database(cluster: Callable[[str], str], name: str, options: str = "") -> str:
    """The URL of a new database."""
    told(cluster, "postgres", f"CREATE DATABASE {name} TEMPLATE template0 {options}")
    return cluster(name)


def told(cluster: Callable[[str], str], name: str, sql: str) -> None:
    """Say something to a database as its owner."""
    import psycopg

    with closing(psycopg.connect(cluster(name).replace("+psycopg", ""), autocommit=True)) as connection:
        connection.execute(sql)
