"""Worlds for tests, and who calls in them."""

from typing import Any

import httpx

from tests.mock_server.running import Caller, Mock


def make(mock: Mock, **body: Any) -> dict[str, Any]:
    """A new world as the control API answers."""
    made: dict[str, Any] = mock.control("POST", "/worlds", body)
    return made


def post(mock: Mock, path: str, body: Any = None) -> httpx.Response:
    """A request to the control API that may be refused."""
    return mock.client.post(f"/_mock{path}", json=body)


def caller(mock: Mock, world: dict[str, Any], user_id: str = "usr_ada") -> Caller:
    """A persona of a new world, with a kailenty JWT."""
    persona = next(one for one in world["personas"] if one["userId"] == user_id)
    return Caller(mock.client, persona["host"], {"Authorization": f"Bearer {persona['token']}"})


def state(mock: Mock, workspace: str) -> dict[str, Any]:
    """All that is in a world."""
    seen: dict[str, Any] = mock.control("GET", f"/worlds/{workspace}/state?limit=1000")
    keys: dict[str, Any] = mock.control("GET", f"/worlds/{workspace}/api-keys")
    return {**seen, "keys": keys["items"]}


def change(mock: Mock, workspace: str, ada: Caller) -> list[str]:
    """Change a bit of everything; gives the answers' bodies."""
    mother = {
        "allowMultipleBookings": True,
        "requiredAttendees": [
            {"type": "labels", "labelIds": ["lbl_hiring"]},
            {"type": "users", "userIds": ["usr_zoe"]},
        ],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"meetingDurationMinutes": 45, "title": "Häppening", "description": "A talk"},
    }
    meeting = {
        "title": "Sync",
        "startAt": "2030-06-20T09:00:00Z",
        "endAt": "2030-06-20T09:30:00Z",
        "optionalAttendees": ["usr_zoe", "usr_alan"],
        "guests": [{"name": "Linus", "email": "linus@candidates.example"}],
        "labelIds": ["lbl_sales"],
    }
    candidate = {"name": "Grace", "email": "grace@candidates.example"}
    answers = [ada.post("/labels", {"name": "Data", "color": "#0F766E"}), ada.post("/invites", mother)]
    made = answers[-1].json()["data"]["id"]
    answers += [ada.post(f"/invites/{made}/sub-invites", {"candidate": candidate}) for _ in range(2)]
    sub = answers[-1].json()["data"]["id"]
    answers += [
        ada.patch(f"/invites/{made}", {"meeting": {"title": "Otherwise"}}),
        ada.post("/meetings", meeting),
        ada.delete("/labels/lbl_unused"),
        ada.put("/users/usr_zoe/labels", {"labelIds": ["lbl_sales", "lbl_hiring"]}),
        post(mock, f"/worlds/{workspace}/invites/{sub}/booking", {"startAt": "2030-06-21T09:00:00Z"}),
        post(mock, f"/worlds/{workspace}/api-keys", {"name": "Export", "createdByUserId": "usr_grace"}),
        mock.client.delete(f"/_mock/worlds/{workspace}/api-keys/key_grace"),
    ]
    assert {answer.status_code for answer in answers} <= {200, 201}, [answer.text for answer in answers]
    return [answer.text for answer in answers]
