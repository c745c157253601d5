"""A headless Chromium, driven by playwright-core from the project's npm tools."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.openapi.node import missing

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the steps gave, what the page logged, and every address that it asked for."""

    results: list[Any]
    console: list[str]
    requests: list[str]


def browse(node_modules: Path, *steps: list[Any], **context: Any) -> Seen:
    """Go through steps in a fresh browser; `context` is Playwright's, such as `colorScheme`."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        missing("Chromium (Debian: chromium)")
    given = {"executable": executable, "modules": str(node_modules), "context": context, "steps": steps}
    script = Path(__file__).with_name("browse.mjs")
    done = subprocess.run(
        ["node", script], input=json.dumps(given), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return Seen(**json.loads(done.stdout))
