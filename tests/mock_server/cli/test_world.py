"""Worlds that `world` prints and generates."""

import json
from pathlib import Path

import pytest
import yaml

from fixtures import load_world
from tests.mock_server.cli.commands import GENERATE, WORLDS, fails, output, run
from tests.mock_server.running import start


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_printed_world_is_the_world(tmp_path: Path, name: str, form: str) -> None:
    file = tmp_path / f"mine.{form}"
    file.write_text(output("world", name, "--format", form), encoding="utf-8")
    assert load_world(str(file)) == load_world(name)
    assert output("world", str(file), "--format", form) == file.read_text(encoding="utf-8")


def test_a_copied_world_is_served(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(output("world", "acme").replace("Ada Byrne", "Ada Lovelace"), encoding="utf-8")
    with start("--world", str(mine)) as mock:
        assert mock.personas["usr_ada"]["name"] == "Ada Lovelace"
        assert mock.control("GET", "/health")["workspaces"] == ["acme"]


def test_a_generated_world_is_decided_by_its_seed(tmp_path: Path) -> None:
    """Byte for byte; how far it is shows on stderr alone, and by its end."""
    first, again, other = (run(*GENERATE, "--seed", seed) for seed in ("7", "7", "8"))
    assert first.exit_code == 0
    assert first.stdout == again.stdout != other.stdout
    assert "Generating" in first.stderr
    assert "Generating" not in first.stdout
    assert (len(json.loads(first.stdout)["users"]), len(json.loads(first.stdout)["invites"])) == (20, 40)
    file = tmp_path / "world.json"
    written = run(*GENERATE, "--seed", "7", "--out", str(file))
    assert (written.exit_code, written.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == first.stdout
    in_yaml = run(*GENERATE, "--seed", "7", "--format", "yaml")
    assert yaml.safe_load(in_yaml.stdout) == json.loads(first.stdout)


def test_a_generated_world_is_served(tmp_path: Path) -> None:
    file = tmp_path / "initech.json"
    sizes = ("--meetings", "5", "--labels", "3", "--workspace", "initech")
    assert run(*GENERATE, *sizes, "--out", str(file)).exit_code == 0
    with start("--world", str(file), "--validate-responses") as mock:
        admin = next(
            one["userId"] for one in mock.personas.values() if (one["role"], one["status"]) == ("admin", "active")
        )
        caller = mock.as_(admin)
        assert len(caller.whole("/invites", includeSubInvites="true")) == 40
        assert len(caller.whole("/labels")) == 3
        assert len(caller.whole("/users")) == 20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give a NAME (acme, globex, or a file) to print, or --users to generate"),
        (["acme", "--users", "3"], "give a NAME"),
        (["initech"], "initech"),
        (["--users", "0"], "0 is not in the range"),
        (["--users", "3", "--invites", "-1"], "-1 is not in the range"),
        (["--users", "3", "--seed", "x"], "'x'"),
        (["acme", "--format", "xml"], "xml"),
    ],
)
def test_worlds_that_cannot_be_printed(arguments: list[str], words: str) -> None:
    assert words in fails("world", *arguments)


def test_a_world_that_cannot_be_generated_or_written(tmp_path: Path) -> None:
    done = run("world", "--users", "3", "--workspace", "A B")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "A B" in done.stderr.splitlines()[-1]
    missing = str(tmp_path / "missing" / "world.yaml")
    assert missing in fails("world", "acme", "--out", missing, status=1)
