"""The console, opened in the worker's browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.mock_server.browser import Browser, Page
from tests.mock_server.running import Mock


class Console:
    """A page of the console, and what one does in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.do = page.do

    def open(self, view: str) -> None:
        """Go to a view by its address, and wait until it is shown."""
        self.do("open", f"{self.url}/_mock/#/{view}")
        self.do("wait", ".link.live")
        self.do("wait", "main h1", "attached")

    def go(self, view: str) -> None:
        """Go to a view by its link."""
        self.do("click", f"nav >> text='{view}'")
        self.do("wait", f"h1 >> text='{view}'")

    def sees(self, text: str) -> None:
        """Wait until a text is there to see."""
        self.do("wait", f"text={text}")

    def texts(self, selector: str) -> list[str]:
        """Give the texts of elements as one sees them, their whitespace as blanks."""
        return [" ".join(text.split()) for text in self.do("text", selector)]

    def keys(self, *names: str) -> None:
        """Press keys, or type what is no key's name."""
        for name in names:
            self.do("press", name)

    def focused(self) -> str:
        """Give the name of what has the focus."""
        script = """(() => { const at = document.activeElement;
            return at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.innerText })()"""
        return " ".join(str(self.do("evaluate", script)).split())


Opened = Callable[..., Console]


@pytest.fixture
def opened(browser: Browser, mock: Mock) -> Iterator[Opened]:
    """Open a view of the mock's console. At the end no page may have complained of anything."""
    mock.control("DELETE", "/requests")
    pages: list[Page] = []
    with ExitStack() as stack:

        def open_(view: str = "requests", *, complains: bool = False, **context: Any) -> Console:
            page = stack.enter_context(browser.page(**context))
            if not complains:
                pages.append(page)
            console = Console(page, mock.url)
            console.open(view)
            return console

        yield open_
    assert [line for page in pages for line in page.console] == []
    assert [url for page in pages for url in page.requests if not url.startswith((mock.url, "blob:", "data:"))] == []
