"""In a browser: the explorer works with its own files only, acts as whom one chooses, and runs no name as code."""

import pytest

from tests.mock_server.browser import Browser
from tests.mock_server.explorer.serving import HOSTILE
from tests.mock_server.running import Mock

READY = ["wait", "#operations-Users-listUsers"]
LIST_USERS = ["execute", "Users-listUsers"]
CHOICES = "[...document.querySelectorAll('#persona option')].map((option) => option.textContent)"


def address(port: int, host: str = "acme.localhost") -> str:
    return f"http://{host}:{port}/api/docs"


def test_a_request_is_sent_as_the_first_active_admin_of_the_host(browser: Browser, port: int) -> None:
    for host, key in (("acme.localhost", "key-usr_ada"), ("globex.localhost", "key-usr_gus")):
        seen = browser.browse(["open", address(port, host)], ["wait", "#persona"], LIST_USERS)
        [answer] = seen.results
        assert answer["body"]["data"]["sent"] == {"x-api-key": key}


def test_a_bare_host_begins_with_the_first_active_admin_of_all(browser: Browser, port: int) -> None:
    seen = browser.browse(["open", address(port, "127.0.0.1")], ["wait", "#persona"], LIST_USERS)
    assert seen.results[0]["body"]["data"]["sent"] == {"x-api-key": "key-usr_ada"}


def test_whoever_is_chosen_sends_one_credential(browser: Browser, port: int) -> None:
    seen = browser.browse(
        ["open", address(port)],
        ["wait", "#persona"],
        ["select", "#credential", "token"],
        LIST_USERS,
        ["select", "#credential", "microsoftToken"],
        LIST_USERS,
        ["select", "#persona", {"label": "Greta (manager)"}],
        LIST_USERS,
        ["select", "#persona", {"label": "nobody"}],
        LIST_USERS,
        ["evaluate", "document.getElementById('credential').disabled"],
        ["select", "#persona", {"label": "Gus (admin)"}],
        LIST_USERS,
    )
    answers = [result["body"]["data"]["sent"] for result in seen.results if isinstance(result, dict)]
    assert answers == [
        {"authorization": "Bearer token-usr_ada"},
        {"authorization": "Bearer microsoft-usr_ada"},
        {"authorization": "Bearer token-usr_greta"},
        {},
        {"x-api-key": "key-usr_gus"},
    ]
    assert True in seen.results
    assert [line for line in seen.console if not line.startswith("log")] == []


def test_forms_are_empty_unless_required(browser: Browser, port: int) -> None:
    """Swagger UI fills in examples, which together would narrow the list to nothing."""
    seen = browser.browse(
        ["open", address(port)], ["wait", "#persona"], LIST_USERS, ["execute", "Meetings-listMeetings"]
    )
    users, meetings = (result["body"]["data"]["query"] for result in seen.results)
    assert users == "page=0&pageSize=20"
    assert meetings == "from=2099-01-01T00%3A00%3A00.000Z&to=2099-12-31T00%3A00%3A00.000Z&page=0&pageSize=20"


def test_everybody_can_be_chosen_and_is_text(browser: Browser, port: int) -> None:
    seen = browser.browse(
        ["open", address(port)],
        ["wait", "#persona"],
        ["evaluate", CHOICES],
        ["evaluate", "[...document.querySelectorAll('#persona optgroup')].map((group) => group.label)"],
        ["select", "#persona", "1"],
        ["evaluate", "window.hacked === undefined && document.images.length"],
    )
    choices, groups, images = seen.results
    assert choices == [
        "nobody",
        "Konrad (admin, disabled)",
        f"{HOSTILE} (user)",
        "Ada (admin)",
        "Greta (manager)",
        "Gus (admin)",
    ]
    assert groups == ["acme", "globex"]
    assert images == 0


def test_everything_is_loaded_from_the_host(browser: Browser, port: int) -> None:
    """And nothing is refused by the page's own policy."""
    seen = browser.browse(["open", address(port)], ["wait", "#persona"], READY, LIST_USERS)
    assert len(seen.requests) > 5
    assert [url for url in seen.requests if not url.startswith((f"http://acme.localhost:{port}/", "data:"))] == []
    assert seen.console == []


def test_without_personas_there_is_no_picker(browser: Browser, empty_port: int) -> None:
    seen = browser.browse(
        ["open", address(empty_port)],
        READY,
        LIST_USERS,
        ["evaluate", "document.querySelectorAll('select#persona, select#credential').length"],
    )
    answer, pickers = seen.results
    assert answer["body"]["data"]["sent"] == {}
    assert pickers == 0


def test_picker_is_named_and_reached_first_by_keyboard(browser: Browser, port: int) -> None:
    focused = "[document.activeElement.id, document.activeElement.labels[0].innerText.trim().split('\\n')[0]]"
    seen = browser.browse(
        ["open", address(port)],
        ["wait", "#persona"],
        ["press", "Tab"],
        ["evaluate", focused],
        ["press", "Tab"],
        ["evaluate", focused],
    )
    (first, name), (second, other) = seen.results
    assert (first, second) == ("persona", "credential")
    assert name.startswith("Act as")
    assert other.startswith("with")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_follows_the_systems_scheme(browser: Browser, port: int, scheme: str) -> None:
    """The bar, and Swagger UI's own text below it."""
    brightness = (
        "[['.act-as', 'backgroundColor'], ['.act-as', 'color'], ['.swagger-ui .info .title', 'color']]"
        ".map(([name, property]) => getComputedStyle(document.querySelector(name))[property])"
        ".map((color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part) / 3)"
    )
    seen = browser.browse(["open", address(port)], ["wait", "#persona"], ["evaluate", brightness], colorScheme=scheme)
    [[bar, ink, title]] = seen.results
    assert (bar < 80, ink > 160, title > 160) == ((scheme == "dark"),) * 3


def test_page_fits_a_phone(browser: Browser, port: int) -> None:
    width = "[document.documentElement.scrollWidth, window.innerWidth]"
    seen = browser.browse(
        # The host is the name of the page's server: a long one is wide in every font.
        ["open", address(port, "a-workspace-with-a-rather-long-name.localhost")],
        ["wait", "#persona"],
        ["evaluate", width],
        ["execute", "Meetings-listMeetings"],
        ["wait", "#operations-Meetings-listMeetings .live-responses-table"],
        ["evaluate", width],
        viewport={"width": 360, "height": 740},
        isMobile=True,
        hasTouch=True,
    )
    assert [result for result in seen.results if isinstance(result, list)] == [[360, 360], [360, 360]]


def test_the_mock_is_tried_out_in_its_explorer(browser: Browser, mock: Mock) -> None:
    port = int(mock.url.rpartition(":")[2])
    seen = browser.browse(
        ["open", address(port)],
        ["wait", "#persona"],
        LIST_USERS,
        ["execute", "Invites-listInvites"],
        ["execute", "Labels-createLabel"],
    )
    users, invites, label = seen.results
    assert users["status"] == invites["status"] == 200
    assert "usr_ada" in [user["id"] for user in users["body"]["data"]["items"]]
    assert invites["body"]["data"]["total"] > 0
    assert label["status"] == 201
    assert seen.console == []
