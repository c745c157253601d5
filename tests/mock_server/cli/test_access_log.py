"""The access log."""

import json

import httpx

from tests.mock_server.cli.commands import ADA_KEY, output, served, told
from tests.mock_server.running import API

MEMBERS = ["method", "path", "status", "ms", "requestId", "operation", "workspace", "user", "role", "rule", "fault"]


def test_the_access_log_is_json_without_secrets() -> None:
    """One line a request, the refused and the malformed too; whatever a client sends stays one line."""
    with served() as one:
        token = output("token", "usr_alan").strip()
        answers = [
            one.get(f"{API}/labels", **{"X-API-Key": ADA_KEY}),
            one.get(f"{API}/labels", Authorization=f"Bearer {token}"),
            one.get(f"{API}/invites?apiKey={ADA_KEY}", Authorization=f"Bearer {ADA_KEY}"),
            one.get(f"{API}/invites/a%0d%0ab%ff%00", **{"X-API-Key": "kly_wrong_key"}),
            one.get("/_mock/personas"),
            one.get("/_mock/clock", Origin="http://evil.example"),
            httpx.post(f"{one.url}{API}/labels", headers={"X-API-Key": ADA_KEY}, json={"name": token}),
        ]
        lines = told(one, len(answers))
        one.stop()
    assert len(lines) == len(answers)
    logged = [json.loads(line) for line in lines]
    for entry, answer in zip(logged, answers, strict=True):
        assert list(entry) == MEMBERS
        assert entry["method"] == answer.request.method
        assert (entry["status"], entry["requestId"]) == (answer.status_code, answer.headers["x-request-id"])
        assert entry["rule"] == answer.headers.get("x-mock-rule")
        assert 0 < entry["ms"] < 60_000
    caller = ["operation", "workspace", "user", "role"]
    assert [[entry[name] for name in caller] for entry in logged] == [
        ["listLabels", "acme", "usr_ada", "admin"],
        ["listLabels", "acme", "usr_alan", "user"],
        ["listInvites", "acme", "usr_ada", "admin"],
        ["getInvite", None, None, None],
        ["listPersonas", None, None, None],
        ["getClock", None, None, None],
        ["createLabel", "acme", "usr_ada", "admin"],
    ]
    for secret in (ADA_KEY, token, token.split(".")[2], "kly_"):
        assert secret not in "".join(lines)


def test_the_access_log_can_be_off_and_nothing_else_is_said() -> None:
    with served("--no-access-log") as one:
        for path in (f"{API}/labels", "/nowhere", "/_mock/health", "/api/docs"):
            one.get(path)
        one.stop()
    assert one.errors == []
