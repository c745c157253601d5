"""What the journal tells of one request: what was asked and answered, what was checked, and what refused."""

from collections.abc import Callable

import httpx
import pytest

from tests.mock_server.journal.reading import explained, requests, steps
from tests.mock_server.running import API, Mock, refused

ADA = {"X-API-Key": "kly_acme_ada_test_key"}
STEPS = [
    "route",
    "credential",
    "workspace",
    "rate limit",
    "role",
    "request",
    "existence",
    "content role",
    "state",
    "fit",
]
MEETING = {"title": "A talk", "startAt": "2030-05-21T09:00:00.000Z", "endAt": "2030-05-21T09:30:00.000Z"}


def test_a_request_is_kept_whole(mock: Mock) -> None:
    body = {"name": "Berlin", "color": "#0F766E"}
    answer = mock.as_("usr_ada").send("POST", "/labels?", json=body, headers={"X-Trace": "7"})
    entry = explained(mock, answer)
    assert entry["requestId"] == answer.headers["x-request-id"]
    assert (entry["workspace"], entry["at"], entry["control"]) == ("acme", "2030-05-15T10:00:00.000Z", False)
    assert (entry["method"], entry["path"], entry["query"]) == ("POST", f"{API}/labels", "")
    assert (entry["operationId"], entry["status"]) == ("createLabel", 201)
    assert entry["caller"] == {
        "userId": "usr_ada",
        "role": "admin",
        "credential": "kailenty JWT persona-usr_ada of usr_ada",
    }
    assert entry["request"]["body"] == answer.request.content.decode()
    assert entry["request"]["headers"]["x-trace"] == "7"
    assert entry["response"]["body"] == answer.text
    assert entry["response"]["headers"]["x-request-id"] == entry["requestId"]
    assert (entry["rule"], entry["reason"], entry["fault"]) == (None, None, None)
    assert (entry["wouldRefuse"], entry["nearest"]) == ([], [])
    assert entry["durationMs"] > 0
    assert not steps(entry, "refused")


def test_the_checks_of_a_request_that_passes(mock: Mock) -> None:
    """Each says what it found, or why there was nothing to look at."""
    entry = explained(mock, mock.as_("usr_alan").get("/invites", pageSize=1))
    assert [check["step"] for check in entry["checks"]] == STEPS
    assert steps(entry, "passed") == {
        "route": "listInvites: GET /invites",
        "credential": "kailenty JWT persona-usr_alan of usr_alan",
        "workspace": "acme",
        "role": "user, of user, manager, admin",
        "request": None,
    }
    assert set(steps(entry, "skipped")) == {"rate limit", "existence", "content role", "state", "fit"}
    assert all(steps(entry, "skipped").values())


Send = Callable[[Mock], httpx.Response]

# What a request is refused by, and the step that does it.
REFUSALS: dict[str, tuple[str, str, Send]] = {
    "path": ("route", "ERR-06", lambda mock: mock.with_(ADA).get("/labls")),
    "method": ("route", "ERR-07", lambda mock: mock.with_(ADA).delete("/labels")),
    "no-credential": ("credential", "AUTH-01", lambda mock: mock.with_({}).get("/labels")),
    "unknown-key": ("credential", "AUTH-06", lambda mock: mock.with_({"X-API-Key": "kly_acme_x"}).get("/labels")),
    "inactive": ("credential", "AUTH-10", lambda mock: mock.as_("usr_dora").get("/labels")),
    "other-host": (
        "workspace",
        "TEN-01",
        lambda mock: mock.with_(ADA, mock.personas["usr_gx_ada"]["host"]).get("/labels"),
    ),
    "role": ("role", "ROLE-01", lambda mock: mock.as_("usr_alan").get("/labels")),
    "media-type": ("request", "ERR-08", lambda mock: mock.with_(ADA).send("POST", "/labels", content=b"{}")),
    "size": (
        "request",
        "ERR-09",
        lambda mock: mock.with_(ADA).send("POST", "/labels", content=b" " * 1_048_577),
    ),
    "query": ("request", "STR-01", lambda mock: mock.with_(ADA).get("/labels", pagesize=1)),
    "body": ("request", "STR-05", lambda mock: mock.with_(ADA).post("/labels", {"name": "", "color": "#0F766E"})),
    "people": (
        "request",
        "MTG-10",
        lambda mock: mock.with_(ADA).post(
            "/meetings", MEETING | {"requiredAttendees": ["usr_zoe"], "optionalAttendees": ["usr_zoe"]}
        ),
    ),
    "unknown": ("existence", "TEN-02", lambda mock: mock.with_(ADA).get("/invites/inv_none")),
    "hidden": ("existence", "OWN-03", lambda mock: mock.as_("usr_zoe").get("/invites/inv_active")),
    "named-user": (
        "existence",
        "MTG-11",
        lambda mock: mock.with_(ADA).post("/meetings", MEETING | {"hostUserId": "usr_none"}),
    ),
    "host": (
        "content role",
        "ROLE-05",
        lambda mock: mock.as_("usr_alan").post("/meetings", MEETING | {"hostUserId": "usr_zoe"}),
    ),
    "state": (
        "state",
        "INV-12",
        lambda mock: mock.with_(ADA).patch("/invites/inv_sub_active", {"meeting": {"title": "A"}}),
    ),
    "fit": (
        "fit",
        "INV-14",
        lambda mock: mock.with_(ADA).patch(
            "/invites/inv_mother", {"candidates": [{"name": "A", "email": "a@example.org"}]}
        ),
    ),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_the_step_that_refused(mock: Mock, why: str) -> None:
    """Those before it passed, or had nothing to look at; none behind it was reached."""
    step, rule, send = REFUSALS[why]
    answer = send(mock)
    message = refused(answer, answer.status_code, rule)
    entry = explained(mock, answer)
    assert (entry["rule"], entry["status"]) == (rule, answer.status_code)
    assert entry["reason"] == answer.headers["x-mock-reason"]
    [(refusing, detail)] = steps(entry, "refused").items()
    assert (refusing, detail.startswith(message)) == (step, True)
    reached = STEPS.index(step)
    assert not {check["step"] for check in entry["checks"][reached + 1 :]} & set(steps(entry, "passed"))
    assert all(check["detail"] for check in entry["checks"][:reached] if check["outcome"] == "skipped")
    host = answer.request.headers["host"]
    assert answer.headers["x-mock-explanation"] == f"http://{host}/_mock/#/requests/{entry['requestId']}"


def test_a_rate_limit(mock: Mock) -> None:
    mock.control("PUT", "/worlds/acme/rate-limit", {"requests": 1, "perSeconds": 60})
    first, second = (explained(mock, mock.with_(ADA).get("/labels")) for _ in range(2))
    assert steps(first, "passed")["rate limit"] == "0 requests are left"
    assert (second["status"], second["rule"], list(steps(second, "refused"))) == (429, "RATE-01", ["rate limit"])


def test_a_fault(mock: Mock) -> None:
    """What was answered in place of the API is told; what it would have checked was not."""
    fault = "server-error; status=503"
    entry = explained(mock, mock.with_(ADA).send("GET", "/invites/inv_none", headers={"X-Mock-Fault": fault}))
    assert (entry["status"], entry["rule"], entry["fault"].split()[0]) == (503, None, "server-error")
    assert list(steps(entry, "passed")) == ["route", "credential", "workspace", "role"]
    assert not steps(entry, "refused")


def test_a_fault_that_leaves_no_answer(mock: Mock) -> None:
    with pytest.raises(httpx.TransportError):
        mock.with_(ADA).send("GET", "/invites", headers={"X-Mock-Fault": "connection-reset"})
    [entry] = requests(mock, workspace="acme")
    assert (entry["status"], entry["fault"].split()[0]) == (None, "connection-reset")
    assert entry["response"] == {"headers": {}, "body": "", "truncated": False}
    assert list(steps(entry, "passed")) == ["route", "credential", "workspace", "role"]


def test_what_only_does_not_fit_the_stored_row(mock: Mock) -> None:
    """A meeting's own attendees: who is both required and optional in the body is refused before anything is read."""
    ada = mock.with_(ADA)
    made = ada.post("/meetings", MEETING | {"requiredAttendees": ["usr_zoe"]}).json()["data"]
    entry = explained(mock, ada.patch(f"/meetings/{made['id']}/attendees", {"optionalAttendees": ["usr_zoe"]}))
    assert (entry["rule"], list(steps(entry, "refused"))) == ("MTG-10", ["fit"])


def test_whoever_may_not_be_is_told_what_was_recognised(mock: Mock) -> None:
    entry = explained(mock, mock.as_("usr_dora").get("/labels"))
    assert entry["caller"] is None
    assert "persona-usr_dora of usr_dora, whose account is disabled" in steps(entry, "refused")["credential"]


def test_no_credential_leaves(mock: Mock) -> None:
    """Not in the header it belongs to, not where it is by mistake, not in the answer that gives one."""
    token = mock.personas["usr_ada"]["token"]
    key = ADA["X-API-Key"]
    mock.with_({"Authorization": f"Bearer {token}", "Cookie": f"session={key}", "X-Other": key}).get("/invites")
    mock.with_({"Authorization": f"bearer {key}"}).get("/invites", apiKey=key)
    mock.with_(ADA).post("/labels", {"name": token[:50], "color": key})
    mock.with_({"X-API-Key": "another secret"}).get("/labels")
    mock.with_({**ADA, "Authorization": f"Basic {key}"}).get(f"/invites/{key}")
    made = mock.control("POST", "/worlds/acme/api-keys", {"name": "CI", "createdByUserId": "usr_ada"})
    listed = mock.client.get("/_mock/requests")
    assert len(listed.json()["data"]["items"]) == 7  # with that to begin anew
    for secret in (token, token[:30], key, "another secret", made["apiKey"]):
        assert secret not in listed.text
    [bearer] = requests(mock, path="/api/v1/app/invites", status=200)
    assert bearer["request"]["headers"]["authorization"] == "Bearer (kailenty JWT persona-usr_ada of usr_ada)"
    assert bearer["request"]["headers"]["cookie"] == "(cookies)"
    assert bearer["request"]["headers"]["x-other"] == "(API key)"


def test_a_long_body_is_cut(mock: Mock) -> None:
    ada = mock.with_(ADA)
    body = b'{"name": "' + b"x" * 70_000 + b'"}'
    entry = explained(mock, ada.send("POST", "/labels", content=body, headers={"Content-Type": "application/json"}))
    assert entry["request"]["truncated"] is True
    assert entry["request"]["body"] == body[:65_536].decode()
    assert entry["response"]["truncated"] is False


def test_a_body_that_is_no_text(mock: Mock) -> None:
    headers = {"Content-Type": "application/json"}
    entry = explained(mock, mock.with_(ADA).send("POST", "/labels", content=b"\xff\x00", headers=headers))
    assert entry["request"]["body"] == "\ufffd\x00"


@pytest.mark.parametrize("send", [lambda mock: mock.with_(ADA).get("/invites"), REFUSALS["size"][2]])
def test_a_body_that_was_not_read(mock: Mock, send: Send) -> None:
    request = explained(mock, send(mock))["request"]
    assert (request["body"], request["truncated"]) == (None, False)
