"""A run against the mock: its verdict, its reports, and the same requests for the same seed."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.contract_tests.workspace import contract

# Laws, matrix and rules of rows, without taking long.
SOME = "PAGE-02,ROLE-02,INV-05,LBL-04"


def requests(path: Path) -> Iterator[tuple[str, ...]]:
    """Every request that a run recorded, but for the port that its mock had, and the ids that rows got in a race."""
    for line in path.read_text().splitlines():
        if "test_concurrency.py" in line:
            line = re.sub(r"\b(inv|mtg|lbl)_[a-z0-9]{16}\b", r"\1", line)
        one = json.loads(line)
        parts = urlsplit(one["url"])
        yield one["test"], one["caller"], one["method"], f"{parts.path}?{parts.query}", one["body"] or ""


def test_the_same_seed_sends_the_same_requests_however_they_are_shared(tmp_path: Path) -> None:
    seen = []
    for name, workers, seed in (("one", "1", "4"), ("two", "2", "4"), ("other", "2", "5")):
        record = tmp_path / name
        shared = ("-n", workers, "--seed", seed, "--examples", "2", "--record", str(record))
        done = contract(tmp_path, "run", "--rules", SOME, *shared)
        assert done.returncode == 0, done.stdout + done.stderr
        seen.append(Counter(requests(record)))
    assert sum(seen[0].values()) > 100
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_healthy_mock_is_conformant(tmp_path: Path, workers: str) -> None:
    done = contract(tmp_path, "run", "--rules", "PAGE", "-n", workers, "--out", "out", "--require", "PAGE")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().splitlines()[-2] == "conformant"
    told = json.loads((tmp_path / "out" / "results.json").read_text())
    assert {rule for rule, one in told["rules"].items() if one["verdict"] == "passed"} >= {"PAGE-01", "PAGE-07"}
    assert not (tmp_path / "out" / "failures").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_shards_are_the_whole(tmp_path: Path) -> None:
    for part in ("1", "2"):
        done = contract(tmp_path, "run", "--rules", "LBL", "--shard", f"{part}/2", "--out", part)
        assert done.returncode == 0, done.stdout + done.stderr
    parts = [json.loads((tmp_path / part / "results.json").read_text()) for part in ("1", "2")]
    tests = [{one["test"] for one in part["outcomes"]} for part in parts]
    assert all(tests)
    assert not tests[0] & tests[1]
    whole = contract(tmp_path, "run", "--rules", "LBL", "--out", "whole")
    assert whole.returncode == 0
    assert tests[0] | tests[1] == {
        one["test"] for one in json.loads((tmp_path / "whole" / "results.json").read_text())["outcomes"]
    }


def test_a_defect_is_a_violation_with_a_script(tmp_path: Path) -> None:
    done = contract(tmp_path, "run", "--rules", "PAGE-03", "--defect", "total-of-the-page", "--out", "out")
    assert done.returncode == 1, done.stdout + done.stderr
    told = json.loads((tmp_path / "out" / "results.json").read_text())
    assert {one["rule"] for one in told["failures"]} >= {"PAGE-03"}
    assert all(one["reproduced"] for one in told["failures"] if one["rule"] == "PAGE-03")
    scripts = [path.read_text() for path in (tmp_path / "out" / "failures").iterdir()]
    assert scripts
    assert all("kailenty-mock token" in text for text in scripts)


def test_fail_fast_ends_every_process(tmp_path: Path) -> None:
    """Also one that has tests of its own left when another meets the failure."""
    done = contract(tmp_path, "run", "--defect", "page-off-by-one", "--fail-fast", "-n", "2", "--out", "out")
    assert done.returncode == 1, done.stdout + done.stderr
    told = json.loads((tmp_path / "out" / "results.json").read_text())
    assert any(one["finding"] for one in told["outcomes"])
    assert len(told["outcomes"]) < told["facts"]["tests"] / 4


def test_the_mock_is_not_that_of_the_shell(tmp_path: Path) -> None:
    """Options of `kailenty-mock serve` in the environment are for a mock that somebody serves."""
    given = {"KAILENTY_MOCK_SERVE_WORLD": "globex", "KAILENTY_MOCK_SERVE_RATE_LIMIT": "1/day"}
    done = contract(tmp_path, "run", "--rules", "PAGE-02", given=given)
    assert done.returncode == 0, done.stdout + done.stderr
