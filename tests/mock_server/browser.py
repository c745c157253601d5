"""A headless Chromium, driven by playwright-core from the project's npm tools."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
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


class Browser:
    """One browser for many pages, each in a context of its own: no page knows of another's storage."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._numbers = count()

    def step(self, page: int, action: str, *values: Any) -> Any:
        """Take a step in a page; `browse.mjs` has the actions. A step that fails is an error of the test."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{json.dumps([page, action, *values])}\n")
        stdin.flush()
        line = stdout.readline()
        assert line, "the browser is gone"
        answer = json.loads(line)
        assert "error" not in answer, f"{action} {values}: {answer['error']}"
        return answer["value"]

    @contextmanager
    def page(self, **context: Any) -> "Iterator[Page]":
        """Give a fresh page; `context` is Playwright's, such as `colorScheme`."""
        page = Page(self, next(self._numbers))
        page.do("start", context)
        try:
            yield page
        finally:
            seen = page.do("stop")
            page.console += seen["console"]
            page.requests += seen["requests"]

    def browse(self, *steps: list[Any], **context: Any) -> Seen:
        """Go through steps in a fresh page, keeping what each of them gave."""
        with self.page(**context) as page:
            results = [page.do(action, *values) for action, *values in steps]
        return Seen([result for result in results if result is not None], page.console, page.requests)


@dataclass
class Page:
    """A page; what it logged and asked for is known once it is closed."""

    browser: Browser
    number: int
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def do(self, action: str, *values: Any) -> Any:
        """Take a step; `browse.mjs` has the actions."""
        return self.browser.step(self.number, action, *values)


@contextmanager
def launched(node_modules: Path) -> Iterator[Browser]:
    """Give a browser, closed at the end."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        missing("Chromium (Debian: chromium)")
    script = Path(__file__).with_name("browse.mjs")
    command = ["node", script, executable, node_modules]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Browser(process)
