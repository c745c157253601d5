"""The page as a whole: readable anywhere, usable by anybody, and deaf to hostile strings."""

import pytest

from tests.mock_server.browser import Browser
from tests.mock_server.console.conftest import Console, Opened
from tests.mock_server.running import Mock, ok, serving

VIEWS = ("Requests", "People", "Data", "Calendar", "Clock", "Faults", "API keys", "Worlds")
MARKUP = "<img src=x onerror=window.hacked=1>"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\'\u2028-->'


def fill(mock: Mock) -> str:
    """Put hostile strings wherever a client may; give the id of a request with them."""
    ada = mock.as_("usr_ada")
    ok(ada.post("/labels", {"name": MARKUP, "color": "#0F766E", "description": HOSTILE}))
    people = [{"type": "users", "userIds": ["usr_ada"]}]
    invite = {
        "allowMultipleBookings": False,
        "requiredAttendees": people,
        "candidates": [{"name": HOSTILE, "email": "x@candidates.example"}],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"meetingDurationMinutes": 30, "title": HOSTILE, "description": HOSTILE, "location": HOSTILE},
    }
    made = ok(ada.post("/invites", invite))
    mock.book(made["id"], "2030-05-16T15:00:00Z")
    mock.control("POST", "/worlds/acme/api-keys", {"name": HOSTILE, "createdByUserId": "usr_ada"})
    answer = ada.send(
        "POST", f"/labels?{HOSTILE}", json={"name": HOSTILE}, headers={"User-Agent": HOSTILE.encode("utf-8")}
    )
    assert answer.status_code == 400
    request_id: str = answer.headers["x-request-id"]
    return request_id


def test_hostile_strings_are_text(opened: Opened, mock: Mock) -> None:
    """The page's policy would refuse them as markup; that none of it complains shows that nobody tried."""
    request_id = fill(mock)
    console = opened(f"requests/{request_id}")
    console.do("click", "summary >> nth=0")
    assert any(HOSTILE[:40] in text for text in console.texts(".detail dd"))
    for view in ("data/labels", "data/invites", "keys", "calendar"):
        console.open(view)
        assert any("<img src=x" in text for text in console.texts("main")), view
    console.do("click", "[aria-label='Thursday 16 May'] >> text=<img")
    assert any(HOSTILE[:40] in text for text in console.texts("dialog dd"))
    assert console.do("evaluate", "[window.hacked, document.querySelectorAll('main img, dialog img').length]") == [
        None,
        0,
    ]


def nameless(console: Console) -> list[str]:
    """Give the controls of a view that a screen reader has no name for."""
    script = """[...document.querySelectorAll("button, input, select, textarea, a[href], summary")]
      .filter((one) => one.checkVisibility())
      .filter((one) => !(one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent).trim())
      .map((one) => one.outerHTML)"""
    found: list[str] = console.do("evaluate", script)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_fits_a_phone_and_follows_the_systems_scheme(opened: Opened, mock: Mock, scheme: str) -> None:
    request_id = fill(mock)
    console = opened(colorScheme=scheme, viewport={"width": 360, "height": 740}, isMobile=True, hasTouch=True)
    for view in VIEWS:
        console.go(view)
        assert console.do("evaluate", "[document.documentElement.scrollWidth, innerWidth]") == [360, 360], view
        assert console.do("evaluate", "document.querySelectorAll('h1').length") == 1
        assert nameless(console) == []
    console.do("evaluate", f"location.hash = '#/requests/{request_id}'")
    console.sees("What was checked")
    assert console.do("evaluate", "[document.documentElement.scrollWidth, innerWidth]") == [360, 360]
    background = console.do("evaluate", "getComputedStyle(document.body).backgroundColor")
    bright = sum(int(part) for part in background.strip("rgb()").split(",")) / 3
    assert (bright > 128) is (scheme == "light")


def test_views_are_reached_by_keyboard_and_say_where_one_is(opened: Opened, mock: Mock) -> None:
    mock.as_("usr_ada").get("/users")
    mock.as_("usr_alan").get("/labels")
    console = opened()
    console.keys("Tab")
    assert console.do("evaluate", "getComputedStyle(document.activeElement).outlineStyle") == "solid"
    while console.focused() != "Calendar":
        console.keys("Tab")
    console.keys("Enter")
    console.do("wait", "h1 >> text=Calendar")
    assert console.do("evaluate", "document.title") == "Calendar - kailenty mock"
    assert console.texts("[aria-current=page]") == ["Calendar"]
    assert console.focused() == "Calendar"
    console.go("Requests")
    console.keys("/")
    assert console.focused() == "Filter"
    console.do("type", "app")
    while "ROLE-01" not in console.focused():
        console.keys("Tab")
    console.keys("ArrowDown")
    assert "listUsers" in console.focused()
    console.keys("ArrowUp", "Enter")
    console.sees("Refused at: role")
    assert "ROLE-01" in console.focused()
    console.keys("Escape")
    console.sees("Choose a request")


def test_credentials_of_the_world_that_is_looked_at_are_copied(opened: Opened, mock: Mock) -> None:
    console = opened("people", permissions=["clipboard-read", "clipboard-write"])
    console.do("click", "[aria-label='Copy the API key of Ada Byrne']")
    console.sees("Copied: the API key of Ada Byrne")
    assert console.do("evaluate", "navigator.clipboard.readText()") == "kly_acme_ada_test_key"
    console.do("fill", "#who", "alan")
    assert console.texts(".person h3") == ["Alan Price"]
    console.do("click", "text='curl'")
    console.sees("Copied: a line for curl as Alan Price")
    line = console.do("evaluate", "navigator.clipboard.readText()")
    assert f"-H 'Authorization: Bearer {mock.personas['usr_alan']['token']}'" in line
    console.do("select", "#world", "globex")
    console.sees("Whom one can be in globex")
    assert all(user_id.startswith("usr_gx_") for user_id in console.texts(".person code"))


def test_data_follow_what_happens(opened: Opened, mock: Mock) -> None:
    console = opened("data/labels")
    made = ok(mock.as_("usr_ada").post("/labels", {"name": "Just made", "color": "#0F766E"}))
    console.sees("Just made")
    ok(mock.as_("usr_ada").delete(f"/labels/{made['id']}"))
    console.do("wait", "text=Just made", "detached")


def test_a_control_token_is_asked_for_and_kept_for_the_tab_only(browser: Browser) -> None:
    with serving("--control-token", "open sesame") as url, browser.page() as page:
        page.do("open", f"{url}/_mock/#/people")
        page.do("wait", "text=This mock wants its control token")
        page.do("type", "wrong")
        page.do("press", "Enter")
        page.do("wait", "text=That was not it")
        page.do("type", "open sesame")
        page.do("press", "Enter")
        page.do("wait", "text=Ada Byrne")
        page.do("wait", ".link.live")
        kept = "[localStorage.length, document.cookie, Object.values(sessionStorage).includes('open sesame')]"
        assert page.do("evaluate", kept) == [0, "", True]
        page.do("click", "text=Forget the control token")
        page.do("wait", "text=This mock wants its control token")


def test_a_mock_that_goes_is_missed_and_found_again(browser: Browser) -> None:
    with browser.page() as page:
        with serving() as url:
            console = Console(page, url)
            console.open("people")
        console.do("wait", "[role=alert] >> text=The mock does not answer")
        with serving("--port", url.rpartition(":")[2], "--world", "globex"):
            console.do("wait", ".link.live")
            console.sees("Whom one can be in globex")
            assert console.texts("#gone") == [""]


def test_a_world_that_comes_or_goes_meanwhile_is_noticed(opened: Opened, mock: Mock) -> None:
    console = opened("clock")
    mock.control("POST", "/worlds", {"workspace": "brief"})
    console.do("wait", "#world option[value=brief]", "attached")
    console.do("select", "#world", "brief")
    console.sees("What brief takes for now")
    mock.control("DELETE", "/worlds/brief")
    console.sees("What acme takes for now")
