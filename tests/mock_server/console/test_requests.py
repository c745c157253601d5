"""The stream of requests, and the explanation of one of them."""

from tests.mock_server.browser import Browser
from tests.mock_server.console.conftest import Console, Opened
from tests.mock_server.running import Mock, start

SENTENCE = "Listing labels is for managers and admins; a regular user gets 403."


def test_a_refused_request_appears_and_is_explained(opened: Opened, mock: Mock) -> None:
    console = opened()
    console.sees("No request yet.")
    mock.as_("usr_ada").get("/users")
    mock.as_("usr_alan").get("/labels")
    console.do("click", "text=ROLE-01")
    console.sees("Refused at: role")
    assert SENTENCE in console.texts(".verdict p")
    assert console.texts(".checks .refused") == [
        "✕ May this role call the operation? refused This is for managers and admins; your role is user"
    ]
    assert any('"error": "Forbidden"' in text for text in console.texts("pre"))
    assert "usr_alan, user" in console.texts("dd")
    # The list stays where it is, and tells which one is looked at.
    assert console.texts(".entries [aria-current] .status") == ["403"]
    assert console.texts(".entries .status") == ["403", "200"]


def test_the_header_of_a_refusal_leads_to_its_explanation(opened: Opened, mock: Mock) -> None:
    link = mock.as_("usr_alan").get("/labels").headers["x-mock-explanation"]
    console = opened(link.partition("#/")[2])
    console.sees("Refused at: role")
    assert console.texts(".detail h2") == ["GET /api/v1/app/labels"]
    unknown = opened("requests/req_unknown", complains=True)
    unknown.sees("is not kept")


def test_the_list_is_narrowed_and_paused(opened: Opened, mock: Mock) -> None:
    ada, alan = mock.as_("usr_ada"), mock.as_("usr_alan")
    ada.get("/users")
    alan.get("/labels")
    console = opened()
    console.do("fill", "#filter", "usr_alan label")
    console.do("wait", "text=1 of 2 requests")
    assert console.texts(".entries .status") == ["403"]
    console.do("fill", "#filter", "nothing has this")
    console.sees("No request fits the filter.")
    console.do("fill", "#filter", "")
    console.do("click", "text=Refused only")
    console.do("wait", "text=1 of 2 requests")
    console.do("click", "text=Pause")
    alan.get("/users")
    console.do("click", "text=Resume (1 new)")
    console.do("wait", "text=2 of 3 requests")
    console.do("click", "text=Clear")
    console.do("click", "dialog .danger")
    console.sees("No request yet.")
    assert mock.control("GET", "/requests")["items"] == []


def test_an_empty_list_is_one_sentence(opened: Opened) -> None:
    """The link in it stands in its line, and is none of the list's."""
    console = opened()
    console.sees("No request yet.")
    assert console.do("evaluate", "getComputedStyle(document.querySelector('.entries .empty a')).display") == "inline"


def test_without_a_journal_it_says_so(browser: Browser) -> None:
    with start("--journal", "0") as mock, browser.page() as page:
        mock.as_("usr_alan").get("/labels")
        console = Console(page, mock.url)
        console.open("requests")
        console.sees("The journal is off")
        assert "No request yet" not in " ".join(console.texts(".entries"))


def test_a_path_that_is_none_shows_the_nearest(opened: Opened, mock: Mock) -> None:
    request_id = mock.as_("usr_ada").get("/invite").headers["x-request-id"]
    console = opened(f"requests/{request_id}")
    console.sees("Did you mean")
    assert any("/invites" in text for text in console.texts(".nearest li"))


def test_the_stream_is_told_in_few_words(opened: Opened, mock: Mock) -> None:
    """A screen reader hears a sum now and then, and not each request."""
    console = opened()
    for _ in range(3):
        mock.as_("usr_alan").get("/labels")
    console.do("wait", "#heard:has-text('3 new requests, 3 refused')", "attached")
    assert console.do("evaluate", "document.querySelectorAll('.entries[aria-live], .entries [aria-live]').length") == 0


def test_copied_curl_is_the_request_as_its_caller(opened: Opened, mock: Mock) -> None:
    request_id = mock.as_("usr_ada").post("/labels", {"name": "It's", "color": "#0F766E"}).headers["x-request-id"]
    console = opened(f"requests/{request_id}", permissions=["clipboard-read", "clipboard-write"])
    console.do("click", "text=Copy curl")
    console.sees("Copied: the request as a line for curl")
    line = console.do("evaluate", "navigator.clipboard.readText()")
    assert line.startswith("curl -X POST http://acme.localhost:")
    assert "-H 'X-API-Key: kly_acme_ada_test_key'" in line
    assert """-d '{"name":"It'\\''s","color":"#0F766E"}'""" in line
