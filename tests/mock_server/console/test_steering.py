"""What one changes in the console is changed in the mock: by mouse and by keyboard."""

import json
from pathlib import Path

from tests.mock_server.console.conftest import Opened
from tests.mock_server.running import Mock, ok


def test_a_key_is_made_and_revoked_by_keyboard_alone(opened: Opened, mock: Mock) -> None:
    console = opened("keys")
    console.keys("Tab")
    assert console.focused() == "Skip to the content"
    console.keys("Enter", "Tab")
    assert console.focused() == "Revoke CRM"
    while console.focused() != "Name":
        console.keys("Tab")
    console.do("type", "Nightly export")
    console.keys("Enter")
    console.sees("It is shown this once.")
    secret = console.texts(".once code")[0]
    made = mock.with_({"X-API-Key": secret})
    assert ok(made.get("/users"))["total"] == 10
    while console.focused() != "Revoke Nightly export":
        console.keys("Shift+Tab")
    console.keys("Enter")
    assert console.focused() == "Cancel"
    console.keys("Tab", "Enter")
    console.sees("Revoked: Nightly export")
    assert made.get("/users").status_code == 401
    assert console.texts(".once") == []
    assert not any(secret in text for text in console.texts("body"))


def test_the_clock_is_moved_and_stopped(opened: Opened, mock: Mock) -> None:
    console = opened("clock")
    console.sees("It stands still.")
    console.do("click", "text=+ 1 hour")
    console.do("wait", ".face >> text=11:00:00")
    console.do("fill", "[name=amount]", "2")
    console.do("click", "text='Advance'")
    console.do("wait", ".face >> text=Fri, 17 May 2030")
    console.do("fill", "[name=now]", "2031-01-01T08:30:00")
    console.do("click", "text='Set'")
    console.do("wait", ".face >> text=08:30:00")
    assert mock.control("GET", "/clock") == {"now": "2031-01-01T08:30:00.000Z", "frozen": True}
    console.do("click", "text=Let it run")
    console.sees("It runs.")
    assert mock.control("GET", "/clock")["frozen"] is False
    console.do("wait", "#now >> text=2031")


def test_faults_and_limits_come_and_go(opened: Opened, mock: Mock) -> None:
    console = opened("faults")
    console.sees("everything answers as it should")
    console.do("select", "[name=variant]", {"label": "Server error"})
    console.do("select", "[name=status]", "503")
    console.do("click", "text=Only for some requests")
    console.do("click", ".boxes >> text='listLabels'")
    console.do("click", ".boxes >> text='admin'")
    console.do("fill", "[name=times]", "2")
    console.do("click", "text=Add the fault")
    console.sees("Added: server-error")
    assert mock.as_("usr_ada").get("/labels").status_code == 503
    assert mock.as_("usr_ada").get("/users").status_code == 200
    console.do("wait", "td >> text='always, 1 more'")
    console.do("click", "td >> text=Remove")
    console.sees("everything answers as it should")
    assert mock.as_("usr_ada").get("/labels").status_code == 200
    console.do("fill", "[name=requests]", "7")
    console.do("click", "text='Set'")
    console.sees("may make 7 requests in 60 seconds")
    assert mock.control("GET", "/worlds/acme/rate-limit") == {"requests": 7, "perSeconds": 60}
    console.do("click", "text=Lift it")
    console.sees("No limit.")


def test_every_kind_of_fault_is_offered(opened: Opened, mock: Mock) -> None:
    document = mock.client.get("/_mock/openapi.json").json()
    kinds = document["components"]["schemas"]["FaultCreate"]["oneOf"]
    console = opened("faults")
    assert len(console.do("evaluate", "[...document.querySelector('[name=variant]').options].map(o => o.text)")) == len(
        kinds
    )
    assert len(console.texts("[name=variant] option")) == len(kinds)


def test_worlds_and_snapshots(opened: Opened, mock: Mock) -> None:
    console = opened("worlds")
    console.do("select", "[name=from]", "acme")
    console.do("fill", "[name=workspace] >> nth=0", "trial")
    console.do("click", "text=Make it")
    console.sees("Made trial")
    console.do("click", "[aria-label='Look at trial']")
    console.sees("Snapshots of trial")
    console.do("fill", "[name=name]", "before")
    console.do("click", "text=Save a snapshot")
    console.sees("before")
    persona = next(one for one in mock.control("GET", "/personas?workspace=trial")["items"] if one["apiKey"])
    ada = mock.with_({"X-API-Key": persona["apiKey"]}, persona["host"])
    ok(ada.post("/labels", {"name": "Passing", "color": "#0F766E"}))
    console.do("click", "[aria-label='Restore before']")
    console.do("click", "dialog .danger")
    console.sees("Restored before")
    assert "Passing" not in [label["name"] for label in ada.whole("/labels")]
    console.do("click", "[aria-label='Delete trial']")
    console.do("click", "dialog .danger")
    console.sees("Deleted trial")
    assert {one["workspace"] for one in mock.control("GET", "/worlds")["items"]} == {"acme", "globex"}
    assert console.texts("#world option") == ["acme", "globex"]


def test_a_bundle_goes_out_and_comes_in(opened: Opened, mock: Mock, tmp_path: Path) -> None:
    console = opened("worlds")
    bundle = console.do("download", "[aria-label='Download the bundle of acme']")
    assert bundle["name"] == "acme.bundle.json"
    assert json.loads(bundle["text"])
    (tmp_path / "acme.json").write_text(bundle["text"])
    console.do("upload", "[name=bundle]", str(tmp_path / "acme.json"))
    console.do("fill", "[name=workspace] >> nth=1", "elsewhere")
    console.do("click", "text='Import'")
    console.sees("Imported elsewhere")
    mock.control("DELETE", "/worlds/elsewhere")


def test_what_goes_wrong_is_said_where_it_was_asked(opened: Opened, mock: Mock) -> None:
    console = opened("worlds", complains=True)
    console.do("fill", "[name=workspace] >> nth=0", "globex")
    console.do("click", "text=Make it")
    console.do("wait", "[role=alert] >> text=globex")
    assert console.do("evaluate", "document.querySelector('[name=workspace]').value") == "globex"


def test_a_candidate_books_and_the_calendar_shows_it(opened: Opened, mock: Mock) -> None:
    console = opened("data")
    card = "li.card:has(code:text-is('inv_active'))"
    console.do("click", f"{card} >> text=Book as the candidate")
    console.do("fill", f"{card} >> [name=startAt]", "2030-05-21T09:00")
    console.do("click", f"{card} >> text='Book'")
    console.do("click", f"{card} >> text='Tue, 21 May 2030, 09:00'")
    console.do("wait", "h2 >> text=26 May 2030")
    console.do("click", "[aria-label='Tuesday 21 May'] >> text=Interview: Backend")
    console.do("wait", "dialog >> text=inv_active")
    console.keys("Escape")
    console.do("click", "text=Next week")
    console.do("click", "text=Next week")
    console.do("click", "text=Go to the next one")
