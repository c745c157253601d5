"""Methods that a path has not."""

import pytest

from openapi import load_app_api
from tests.mock_server.bad_input.sending import refused
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import Wire, request

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY", "BREW", "get")
OPERATIONS = load_app_api().operations.values()
PATHS = {
    path: {one.method.upper() for one in OPERATIONS if one.path == path}
    for path in dict.fromkeys(one.path for one in OPERATIONS)
}


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_a_path_has_not(unchanged: Mock, path: str) -> None:
    """ERR-07: `Allow` is complete; before the credential is looked at, and whether the row exists or not."""
    allowed = PATHS[path]
    assert allowed
    target = f"{API}{path}".replace("{", "").replace("}", "")
    with Wire(unchanged.url) as wire:
        for method in set(METHODS) - allowed:
            answer = wire.ask(request(method, target))
            assert set(answer.headers["allow"].split(", ")) == allowed
            refused(answer, 405, "ERR-07", head=method == "HEAD")
