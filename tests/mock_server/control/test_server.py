"""The server as a whole: its document, its health, and starting anew."""

from importlib.metadata import version
from typing import Any

from tests.mock_server.control.calling import CONTROL, PUBLIC, START, STREAM, call, prepare, target
from tests.mock_server.running import Mock, ok, refused


def test_served_is_what_the_document_has(mock: Mock) -> None:
    """Each operation answers, with a status and a body of the document; each path has its methods and no other."""
    for operation in CONTROL:
        prepare(mock, operation)
        answer = call(mock, operation)
        assert answer.status_code == operation.status, answer.text
        if answer.headers["content-type"] != STREAM:
            assert ("success" in answer.json()) is operation.enveloped
        allowed = {other.method.upper() for other in CONTROL if other.path == operation.path}
        refusal = mock.client.request("BREW", target(operation))
        refused(refusal, 405)
        assert set(refusal.headers["allow"].split(", ")) == allowed
    assert {operation.operation_id for operation in CONTROL if not operation.secured} == PUBLIC


def test_health_tells_version_time_and_workspaces(mock: Mock) -> None:
    expected = {
        "status": "ok",
        "version": version("kailenty-contract-suite"),
        "now": START,
        "workspaces": ["acme", "globex"],
    }
    assert mock.control("GET", "/health") == expected


def test_reset_puts_rows_clock_and_ids_back(mock: Mock) -> None:
    def change() -> list[Any]:
        ada = mock.as_("usr_ada")
        made = [ok(ada.post("/labels", {"name": "Data", "color": "#0F766E"}))]
        made += [mock.control("POST", "/worlds/acme/api-keys", {"name": "Test", "createdByUserId": "usr_ada"})]
        made += [mock.book("inv_active", "2030-05-21T09:00:00Z")]
        made += [
            ok(ada.delete("/labels/lbl_unused")),
            ok(ada.put("/users/usr_zoe/labels", {"labelIds": ["lbl_sales"]})),
        ]
        made += [mock.control("DELETE", "/worlds/acme/api-keys/key_ada")]
        mock.control("PUT", "/clock", {"advanceSeconds": 3600, "frozen": False})
        return made

    def seen() -> list[Any]:
        ada = mock.as_("usr_ada")
        year = {"from_": "2030-01-01T00:00:00Z", "to": "2030-12-31T00:00:00Z"}
        rows = [ada.whole(path) for path in ("/invites", "/labels", "/users")]
        return [*rows, ada.whole("/meetings", **year), mock.control("GET", "/worlds/acme/api-keys")]

    before, made = seen(), change()
    assert seen() != before
    assert mock.control("POST", "/reset")["now"] == START
    assert seen() == before
    assert mock.control("GET", "/clock") == {"now": START, "frozen": True}
    assert change() == made
