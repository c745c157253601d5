"""The examples for JavaScript and for whatever speaks HTTP run as they stand."""

import os
import shutil
import subprocess

import pytest

from tests.integrations.running import ROOT
from tests.mock_server.running import serving
from tests.openapi.node import installed, missing

EXAMPLES = {
    "JavaScript": ("node", "--test", "integrations/javascript/example.test.mjs"),
    "Vitest": ("npm", "test", "--prefix", "integrations/vitest"),
    "HTTP": ("sh", "integrations/http/example.sh"),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_passes(example: str, url: str) -> None:
    done = _run(example, KAILENTY_MOCK_URL=url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pass" in done.stdout


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_fails_where_the_mock_breaks_a_rule(example: str) -> None:
    """Where creating a label answers 202, an example that passes has tested nothing."""
    with serving("--defect", "undescribed-status") as broken:
        assert _run(example, KAILENTY_MOCK_URL=broken).returncode != 0


def _run(example: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = EXAMPLES[example]
    for tool in (command[0], "curl"):
        if shutil.which(tool) is None:
            missing(tool)
    if example == "Vitest":
        installed(ROOT / "integrations/vitest")
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120
    )
