"""Every rule that shows from outside has a check, and every test names rules that there are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from openapi import Rule, load_rules
from tests.contract_tests.workspace import contract, environment

SEEN = [rule for rule in load_rules().values() if rule.observable == "api"]


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    done = contract(tmp_path_factory.mktemp("here"), "rules", "--json")
    assert done.returncode == 0, done.stderr
    return {one["id"]: one["checks"] for one in json.loads(done.stdout)}


@pytest.mark.parametrize("rule", SEEN, ids=lambda rule: rule.id)
def test_a_rule_that_shows_has_a_check(checks: dict[str, list[str]], rule: Rule) -> None:
    assert checks[rule.id], f"nothing verifies {rule.id}: {rule.text}"


def test_tests_name_rules_that_there_are_and_have_ids_of_their_own(tmp_path: Path) -> None:
    code = "import json; from contract_tests.collect import collect; print(json.dumps(collect()))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    tests = json.loads(done.stdout)
    assert {rule for _, rules in tests for rule in rules} <= set(load_rules())
    assert not [test for test, rules in tests if not rules]
    names = [test for test, _ in tests]
    assert len(set(names)) == len(names)
