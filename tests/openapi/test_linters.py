"""Redocly and Spectral find nothing to say, with their recommended rules; what is exempt says why in their files."""

import json
from pathlib import Path

import pytest
import yaml

from tests.openapi.node import ROOT, run

FILES = ("openapi/app-api.yaml", "openapi/mock-control.yaml")


def test_redocly(node_modules: Path) -> None:
    found = run(node_modules / ".bin/redocly", "lint", "--format", "github-actions")
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.strip() == ""


def test_spectral(node_modules: Path) -> None:
    found = run(
        node_modules / ".bin/spectral", "lint", *FILES, "--fail-severity", "hint", "--format", "json", "--quiet"
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert json.loads(found.stdout or "[]") == []


@pytest.mark.parametrize("tool", ["redocly", "spectral"])
def test_the_linter_would_say_so(tool: str, node_modules: Path, tmp_path: Path) -> None:
    """A linter that finds nothing in a bad document is set up wrongly."""
    (tmp_path / "openapi").mkdir()
    for name in FILES:
        document = yaml.safe_load((ROOT / name).read_text())
        for item in document["paths"].values():
            item.get("get", {}).pop("operationId", None)
        (tmp_path / name).write_text(yaml.safe_dump(document))
    for name in ("redocly.yaml", ".spectral.yaml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    arguments = () if tool == "redocly" else (*FILES, "--fail-severity", "hint")
    found = run(node_modules / ".bin" / tool, "lint", *arguments, cwd=tmp_path)
    assert found.returncode == 1
    assert "operation-operationId" in found.stdout + found.stderr


def test_both_documents_are_linted() -> None:
    config = yaml.safe_load((ROOT / "redocly.yaml").read_text())
    assert [api["root"] for api in config["apis"].values()] == list(FILES)
    assert {path.name for path in (ROOT / "openapi").glob("*.yaml")} == {Path(name).name for name in FILES} | {
        "rules.yaml"
    }


def test_tools_are_pinned() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert all(version[0].isdigit() for version in package["devDependencies"].values())
    assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
    resolved = [entry.get("resolved", "") for entry in lock["packages"].values()]
    assert [address for address in resolved if address and not address.startswith("https://registry.npmjs.org/")] == []
