"""Calls from web pages: any page may call the App API, as in production (the control API: `control.test_guard`)."""

import pytest

from openapi import load_app_api
from tests.mock_server.running import API, Mock, refused

ORIGINS = ["http://localhost:3000", "https://app.example", "null"]
KEY = {"X-API-Key": "kly_acme_ada_test_key"}
EXPOSED = {
    "X-Request-Id",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "WWW-Authenticate",
    "Allow",
    "X-Mock-Fault-Applied",
    "X-Mock-Rule",
    "X-Mock-Reason",
    "X-Mock-Credential",
    "X-Mock-Caller",
    "X-Mock-Roles",
    "X-Mock-Nearest",
    "X-Mock-Explanation",
    "X-Mock-Would-Refuse",
}


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_preflight_of_each_operation_passes(mock: Mock, origin: str) -> None:
    """With each header that a client of the API sends, and without a credential."""
    for operation in load_app_api().operations.values():
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": operation.method.upper(),
            "Access-Control-Request-Headers": "authorization,content-type,x-api-key",
        }
        answer = mock.client.options(f"{API}{operation.path}", headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert operation.method.upper() in answer.headers["access-control-allow-methods"].split(", ")
        allowed = answer.headers["access-control-allow-headers"].lower().replace(" ", "").split(",")
        assert {"authorization", "content-type", "x-api-key"} <= set(allowed)
        # A page's own credentials (cookies) are never asked for, so any origin is harmless.
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/labels", KEY, 200),
        ("/labels?x=1", KEY, 400),
        ("/labels", {}, 401),
        ("/invites/inv_nowhere", KEY, 404),
        ("/nowhere", KEY, 404),
        ("/openapi.json", {}, 200),
    ],
)
def test_a_page_reads_every_answer_and_its_headers(
    mock: Mock, origin: str, path: str, headers: dict[str, str], status: int
) -> None:
    """A refusal too, else a page would see no more than a network error."""
    answer = mock.client.get(f"{API}{path}", headers={"Origin": origin, **headers})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert set(answer.headers["access-control-expose-headers"].split(", ")) >= EXPOSED
    assert answer.headers["vary"] == "Origin"


def test_a_page_reads_every_header_that_the_document_has() -> None:
    document = load_app_api()
    answers = [
        document.at(answer) for operation in document.operations.values() for answer in operation.responses.values()
    ]
    assert {name for answer in answers for name in answer["headers"]} <= EXPOSED


def test_without_an_origin_nothing_is_said_of_it(mock: Mock) -> None:
    answer = mock.client.get(f"{API}/labels", headers=KEY)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://app.example"}, {"Access-Control-Request-Method": "GET"}])
def test_options_is_a_method_like_any_unless_it_is_a_preflight(mock: Mock, headers: dict[str, str]) -> None:
    """ERR-07: a preflight has an origin, and says which method it asks for."""
    answer = mock.client.options(f"{API}/invites", headers=headers)
    refused(answer, 405, "ERR-07")
    assert answer.headers["allow"] == "GET, POST"


def test_a_page_of_a_public_address_may_call_a_mock_on_this_machine(mock: Mock) -> None:
    """Chromium asks for that beside, and not for the control API."""
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-api-key",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = mock.client.options(f"{API}/invites", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-private-network"]) == (200, "true")
    assert "access-control-allow-private-network" not in mock.client.options("/_mock/clock", headers=asked).headers


def test_a_preflight_for_no_method_of_ours_is_refused(mock: Mock) -> None:
    """By Starlette, in its own words: only the browser ever reads an answer to a preflight."""
    asked = {"Origin": "http://app.example", "Access-Control-Request-Method": "BREW"}
    assert mock.client.options(f"{API}/invites", headers=asked).status_code == 400
