"""The command's own input: one clear line for each mistake, and settings from everywhere in their order."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract_tests.cli import main
from contract_tests.cli.plan import table
from contract_tests.plan import Planned
from contract_tests.settings import CALLERS, Settings
from tests.contract_tests.workspace import ROOT

REAL = ["--target", "https://acme.kailenty.com"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for caller in CALLERS:
        monkeypatch.delenv(f"KAILENTY_CONTRACT_{caller.upper()}", raising=False)


def called(*arguments: str) -> Result:
    """What a command says."""
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rules", "PAGE-99"], "there is no rule PAGE-99; is PAGE-0"),
        (["--rules", "nonsense!"], "there is no rule nonsense!"),
        (["--require", "SROT-01"], "is SORT-01 meant?"),
        (["--rules", "PAGE", "--require", "SORT-01"], "--require SORT-01 contradicts --rules"),
        (["--shard", "6/5"], "6/5 is no part such as 2/5"),
        (["--shard", "0/5"], "0/5 is no part"),
        (["-n", "many"], "many is neither auto nor a number"),
        (["--config", "missing.toml"], "missing.toml: No such file"),
        (["--baseline", "missing.toml"], "missing.toml: No such file"),
        (["--target", "acme.kailenty.com"], "--target acme.kailenty.com is no URL"),
        (["--target", "https://a:b@acme.kailenty.com"], "is no URL such as"),
        ([*REAL, "--allow-writes"], 'needs write-hosts = ["acme.kailenty.com"]'),
        ([*REAL, "--defect", "x"], "--defect is for the mock"),
        (["--defect", "PAGE-02"], "--defect PAGE-02 is none; `kailenty-mock defects` lists them"),
        (["--record", "missing/requests.jsonl"], "--record missing/requests.jsonl: No such file"),
        ([*REAL, "--rival", "key:abcdefgh"], "--rival and --rival-url need each other"),
        ([*REAL, "--rival-url", "https://globex.kailenty.com"], "--rival and --rival-url need each other"),
        (["--timeout", "0"], "--timeout"),
        (["--unknown"], "No such option"),
    ],
)
def test_a_mistake_gets_one_line(arguments: list[str], said: str) -> None:
    done = called("run", *arguments)
    assert done.exit_code == 2, done.output
    assert said in done.output.splitlines()[-1]


@pytest.mark.parametrize(
    "credential",
    ["hunter2hunter2", "key:", "bearer:", "Authorization: Basic abc", "key:two\nlines", "cookie:hunter2", "key:ä"],
)
def test_a_bad_credential_is_told_without_being_shown(credential: str) -> None:
    done = called("run", *REAL, "--admin", credential)
    assert done.exit_code == 2
    assert "it is none of key:..., bearer:..." in done.output
    assert "hunter2" not in done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("target = ", "contract.toml: "),
        ("tarGet = 'x'", "contract.toml: tarGet is unknown; is target meant?"),
        ("[credentials]\nboss = 'key:x'", "credentials: boss is unknown"),
        ("credentials = 3", "[credentials] names one for each of"),
        ("write-hosts = 'acme'", "write-hosts is no list"),
        ("[credentials]\nadmin = 'hunter2'", "none of key:..."),
        ("seed = 'many'", "seed"),
    ],
)
def test_a_bad_file_gets_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "contract.toml").write_text(text)
    done = called("run")
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert "hunter2" not in done.output


def test_an_unreadable_directory_of_reports_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    assert called("run", "--out", "taken").exit_code == 2
    assert called("run", "--out", "taken/below").exit_code == 2


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 99}'])
def test_merge_tells_of_a_file_that_is_no_result(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_text(text)
    done = called("merge", "results.json")
    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 1


def test_sweep_wants_a_workspace_and_consent() -> None:
    assert "--target" in called("sweep").output
    assert "needs --allow-writes" in called("sweep", *REAL).output


def test_options_come_before_the_environment_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contract_tests.cli import plan

    seen = []
    monkeypatch.setattr(plan, "plan", lambda settings, workers: seen.append(settings) or [])
    (tmp_path / "contract.toml").write_text(
        'target = "https://file.kailenty.com"\nseed = 3\nrate = 2.5\nexamples = 4\nrules = ["PAGE-01"]\n'
        'write-hosts = ["OPTION.kailenty.com"]\nallow-writes = true\n[credentials]\nadmin = "key:abcdefgh"\n'
        'other-user = "bearer:one.two.three"\n'
    )
    monkeypatch.setenv("KAILENTY_CONTRACT_SEED", "5")
    monkeypatch.setenv("KAILENTY_CONTRACT_TARGET", "https://environment.kailenty.com")
    done = called("plan", "--target", "https://option.kailenty.com")
    assert done.exit_code == 0, done.output
    (made,) = seen
    assert (made.target, made.seed, made.rate, made.examples) == ("https://option.kailenty.com", 5, 2.5, 4)
    assert made.rules == ("PAGE-01",)
    assert made.allow_writes
    assert made.credentials == {"admin": "X-API-Key: abcdefgh", "other_user": "Authorization: Bearer one.two.three"}


@pytest.mark.parametrize(("count", "takes"), [(142, "28 seconds"), (6600, "22 minutes")])
def test_a_plan_tells_how_long_it_takes(count: int, takes: str) -> None:
    settings = Settings(target=REAL[1], rate=5, credentials={"admin": "X-API-Key: abcdefgh"})
    told = table(settings, [Planned("listInvites", "GET", "admin", write=False, count=count)])
    assert f"at 5 a second that takes {takes}\n" in told
    assert "no credential" not in told
    assert "no credential was given" in table(Settings(target=REAL[1]), [])


def test_every_option_stands_in_the_documentation() -> None:
    shown = CliRunner().invoke(main, ["run", "--help"], terminal_width=200).output
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", shown, re.MULTILINE)) - {"--help"}
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "conformance.md").read_text(), re.MULTILINE)
    assert options == {name for row in rows for name in re.findall(r"`(--[a-z-]+)`", row)}
    for name in options:
        assert f"KAILENTY_CONTRACT_{name.strip('-').upper().replace('-', '_')}" in shown


def test_rules_are_listed_with_their_checks() -> None:
    done = called("rules", "--rules", "PAGE-02", "--json")
    (rule,) = json.loads(done.output)
    assert rule["id"] == "PAGE-02"
    assert any("test_pages_join" in test for test in rule["checks"])
