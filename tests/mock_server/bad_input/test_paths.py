"""Ids and paths that there are not."""

import pytest

from tests.mock_server.bad_input.sending import JSON, refuses
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, Wire, request

# Of each id, the status of a GET and what it says.
IDS: dict[str, tuple[bytes, int, str]] = {
    "encoded-slash": (b"inv%2Fmother", 404, "There is no path"),
    "encoded-slash-to-another-route": (b"inv_mother%2Fsub-invites", 404, "There is no path"),
    "dot": (b".", 404, "There is no invite ."),
    "dots": (b"..", 404, "There is no invite .."),
    "encoded-dots": (b"%2E%2e", 404, "There is no invite .."),
    "dots-to-another-route": (b"../labels", 404, "There is no path"),
    "encoded-dots-to-another-route": (b"%2E%2E%2Flabels", 404, "There is no path"),
    "backslash": (b"..%5Clabels", 404, r"There is no invite ..\labels"),
    "space": (b"inv%20mother", 400, 'inviteId is "inv mother"'),
    "blank-around": (b"%20inv_mother%20", 400, 'inviteId is " inv_mother "'),
    "plus": (b"inv+mother", 404, "There is no invite inv+mother"),
    "comma": (b"inv_mother,inv_active", 400, "inviteId is"),
    "semicolon": (b"inv_mother;v=1", 404, "There is no invite inv_mother;v=1"),
    "encoded-percent": (b"inv%25mother", 404, "There is no invite inv%mother"),
    "encoded-twice": (b"inv%255Fmother", 404, "There is no invite inv%5Fmother"),
    "stray-percent": (b"inv%", 404, "There is no invite inv%"),
    "no-hexadecimal": (b"inv%zz", 404, "There is no invite inv%zz"),
    "null": (b"inv_mother%00", 400, r'inviteId is "inv_mother\u0000"'),
    "null-alone": (b"%00", 400, r'inviteId is "\u0000"'),
    "invalid-utf-8": (b"inv%ff", 400, "inviteId is"),
    "overlong-utf-8": (b"%c0%ae%c0%ae", 400, "inviteId is"),
    "encoded-surrogate": (b"%ed%a0%80", 400, "inviteId is"),
    "no-utf-8": (b"inv_\xff", 400, "inviteId is"),
    "non-ascii": ("inv_größe".encode(), 400, 'inviteId is "inv_größe"'),
    "encoded-non-ascii": (b"inv_gr%C3%B6%C3%9Fe", 400, 'inviteId is "inv_größe"'),
    "right-to-left": (b"%E2%80%AEinv", 400, r'inviteId is "\u202einv"'),
    "line-break": (b"inv%0d%0aX-Evil:%201", 400, "inviteId is"),
    "tab": (b"inv%09mother", 400, r'inviteId is "inv\tmother"'),
    "sql": (b"inv_mother'%20or%20'1'='1", 400, "inviteId is"),
    "65-characters": (b"a" * 65, 400, "inviteId has 65 characters, expected 1 to 64"),
    "10-kb": (b"a" * 10_000, 400, "inviteId has 10000 characters, expected 1 to 64"),
    "10-kb-of-escapes": (b"%41" * 10_000, 400, "inviteId has 10000 characters, expected 1 to 64"),
    "10-kb-of-slashes": (b"/" * 10_000, 404, "There is no path"),
    "unknown": (b"inv_nowhere", 404, "There is no invite inv_nowhere"),
    "wrong-case": (b"INV_MOTHER", 404, "There is no invite INV_MOTHER"),
}


@pytest.mark.parametrize("case", IDS)
def test_an_id_that_is_none(unchanged: Mock, case: str) -> None:
    """ERR-05, ERR-06, ERR-10: of a read and of a write alike."""
    given, status, told = IDS[case]
    base = f"{API}/invites/".encode()
    refuses(unchanged, request("GET", base + given, ADA), status, None, told)
    body = b'{"meeting": {"title": "Changed"}}'
    refuses(unchanged, request("PATCH", base + given, ADA, JSON, body=body), status, None, told)
    if told != "There is no path":
        refuses(unchanged, request("GET", base + given + b"/sub-invites", ADA), status, None, told)


def test_an_encoded_id_is_the_id(mock: Mock) -> None:
    with Wire(mock.url) as wire:
        for given in ("inv_mother", "%69nv_mother", "inv%5Fmother", "inv%5fmother"):
            assert wire.ask(request("GET", f"{API}/invites/{given}", ADA)).json["data"]["id"] == "inv_mother"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/api",
        "/api/v1",
        "/api/v2/app/invites",
        API,
        f"{API}/",
        f"{API}/invites/",
        f"{API}/invites/inv_mother/",
        f"{API}//invites",
        f"/{API}/invites",
        f"{API}/./invites",
        f"{API}/labels/../invites",
        f"{API}/Invites",
        f"{API.upper()}/invites",
        f"{API}/invites.json",
        f"{API}/invites/inv_mother/booking",
        f"{API}/openapi.json/",
        f"{API}/openapi.yaml",
        "/_mock/nowhere",
        "/_mock/health/",
        "/_mocks",
        "/" + "a" * 10_000,
        "/%ff",
        "/%00",
        "/%0d%0aX-Evil:%201",
        "/größe",
    ],
)
def test_a_path_that_there_is_not(unchanged: Mock, path: str) -> None:
    """ERR-06: with any method, and before the credential is looked at."""
    for method in ("GET", "POST", "DELETE", "HEAD", "OPTIONS", "BREW"):
        refuses(unchanged, request(method, path), 404, "ERR-06", "There is no path /")


def test_the_asterisk_is_no_path(unchanged: Mock) -> None:
    refuses(unchanged, request("OPTIONS", "*"), 404, "ERR-06", "There is no path")
