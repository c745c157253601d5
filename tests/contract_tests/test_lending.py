"""Users whose labels a run may add to: they keep theirs, and lose the run's, whatever happens to it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract_tests.workspace import Workspace, contract, kill, started, wait, workspace

RULES = ("USR-02", "USR-03", "LBL-03")
ASKED = ("--rules", ",".join(RULES), "--examples", "2")

Row = dict[str, Any]


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with workspace(tmp_path_factory.mktemp("worlds")) as begun:
        yield begun


@pytest.fixture
def user(staging: Workspace, tmp_path: Path) -> Row:
    """A user with two labels, who may get others for a while."""
    labels = [label["id"] for label in staging.ask("GET", "/labels")["items"]][:2]
    users = staging.ask("GET", "/users")["items"]
    chosen = next(one for one in users if one["status"] == "active" and one["role"] == "user")
    named: Row = staging.ask("PUT", f"/users/{chosen['id']}/labels", {"labelIds": labels})
    staging.config(tmp_path, writes=True, extra=f"label-users = [{named['email'].upper()!r}]\n")
    return named


def users(staging: Workspace) -> list[Row]:
    """All users with their labels."""
    items: list[Row] = staging.ask("GET", "/users?pageSize=100")["items"]
    return items


def labels(staging: Workspace, user: Row) -> set[str]:
    """The ids of a user's labels."""
    now = next(one for one in users(staging) if one["id"] == user["id"])
    return {label["id"] for label in now["labels"]}


def had(user: Row) -> set[str]:
    """The ids of the labels that a user had."""
    return {label["id"] for label in user["labels"]}


def test_rules_of_users_labels_are_verified_on_a_named_user(staging: Workspace, tmp_path: Path, user: Row) -> None:
    before, record = users(staging), tmp_path / "requests.jsonl"
    done = contract(
        tmp_path, "run", *ASKED, "--record", str(record), "--out", "out", "--require", ",".join(RULES),
        given=staging.environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"put back: labels of user {user['id']} at {staging.url[7:]}: as before" in done.stdout
    assert users(staging) == before
    told = json.loads((tmp_path / "out" / "results.json").read_text())
    assert [told["rules"][rule]["verdict"] for rule in RULES] == ["passed"] * 3
    assert not any(line.startswith(("label", "user")) for line in told["left"])
    for name in ("report.html", "summary.md"):
        assert "as before" in (tmp_path / "out" / name).read_text()
    sent = [json.loads(line) for line in record.read_text().splitlines()]
    changes = [one for one in sent if one["operation"] == "replaceUserLabels" and f"/{user['id']}/" in one["url"]]
    assert changes
    assert all(had(user) <= set(json.loads(one["body"])["labelIds"]) for one in changes)
    others = {one["id"] for one in before} - {user["id"]}
    assert not any(f"/users/{one}/" in request["url"] for one in others for request in sent)


@pytest.mark.parametrize("named", ["", "label-users = ['nobody@acme.example']"])
def test_nobody_is_touched_who_is_not_named(staging: Workspace, tmp_path: Path, user: Row, named: str) -> None:
    staging.config(tmp_path, writes=True, extra=named)
    record = tmp_path / "requests.jsonl"
    done = contract(tmp_path, "run", *ASKED, "--record", str(record), given=staging.environment)
    assert "label-users" in done.stdout, done.stdout + done.stderr
    assert "put back" not in done.stdout
    assert not any(f"/users/{one['id']}/" in record.read_text() for one in users(staging))


def interrupted(staging: Workspace, folder: Path, user: Row) -> None:
    """A run that is killed when its label is on a user, and it does not know yet."""
    # The answer to the second change is still on its way when the run ends.
    fault = {"kind": "slow-body", "milliseconds": 4000, "operations": ["replaceUserLabels"]}
    run = started(folder, "run", *ASKED, given=staging.environment)
    try:
        wait(lambda: (folder / ".kailenty-contract" / "ledger.jsonl").exists())
        staging.control("POST", "/worlds/north/faults", fault)
        wait(lambda: labels(staging, user) - had(user))
    finally:
        kill(run)
        staging.control("DELETE", "/worlds/north/faults")
    time.sleep(0.5)
    assert labels(staging, user) > had(user)


def test_a_sweep_takes_off_what_a_killed_run_put_on(staging: Workspace, tmp_path: Path, user: Row) -> None:
    before = users(staging)
    interrupted(staging, tmp_path, user)
    swept = contract(tmp_path, "sweep", given=staging.environment)
    assert swept.returncode == 0, swept.stdout + swept.stderr
    assert f"labels of user {user['id']} at {staging.url[7:]}: as before" in swept.stdout
    assert users(staging) == before
    assert not any("[ct-" in label["name"] for label in staging.ask("GET", "/labels?pageSize=100")["items"])
    assert "as before" not in contract(tmp_path, "sweep", given=staging.environment).stdout


def test_what_others_changed_meanwhile_stays(staging: Workspace, tmp_path: Path, user: Row) -> None:
    interrupted(staging, tmp_path, user)
    every = [label["id"] for label in staging.ask("GET", "/labels")["items"] if "[ct-" not in label["name"]]
    gone, new = sorted(had(user))[0], next(one for one in every if one not in had(user))
    changed = labels(staging, user) - {gone} | {new}
    staging.ask("PUT", f"/users/{user['id']}/labels", {"labelIds": sorted(changed)})
    swept = contract(tmp_path, "sweep", given=staging.environment)
    assert swept.returncode == 0, swept.stdout + swept.stderr
    assert labels(staging, user) == had(user) - {gone} | {new}
    assert f"but for what others changed: without {gone}, with {new}" in swept.stdout


def test_what_cannot_be_put_back_is_told_and_tried_again(staging: Workspace, tmp_path: Path, user: Row) -> None:
    interrupted(staging, tmp_path, user)
    fault = {"kind": "server-error", "status": 503, "operations": ["replaceUserLabels"]}
    staging.control("POST", "/worlds/north/faults", fault)
    swept = contract(tmp_path, "sweep", given=staging.environment)
    assert swept.returncode == 1, swept.stdout + swept.stderr
    assert f"left  user {user['id']} with labels of the run" in swept.stdout
    staging.control("DELETE", "/worlds/north/faults")
    assert contract(tmp_path, "sweep", given=staging.environment).returncode == 0
    assert labels(staging, user) == had(user)
