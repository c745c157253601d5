"""Two hundred tests at once, each with a world of its own on one server."""

from concurrent.futures import ThreadPoolExecutor

from tests.mock_server.running import Mock, ok
from tests.mock_server.worlds.making import caller, make

WORLDS = 200
THREADS = 16


def test_worlds_used_in_parallel_do_not_disturb_each_other(mock: Mock) -> None:
    """Each makes, changes, snapshots, restores and deletes; each sees what it would see alone, ids and times too."""

    def test(number: int) -> tuple[str, str, list[str], str, str]:
        world = make(mock, workspace=f"test-{number}", clock={"now": "2040-01-01T00:00:00Z", "frozen": True})
        at = f"/worlds/test-{number}"
        ada = caller(mock, world)
        first = ok(ada.post("/labels", {"name": f"Label {number}", "color": "#000000"}))
        mock.control("POST", f"{at}/snapshots", {"name": "one"})
        second = ok(ada.post("/labels", {"name": "Another", "color": "#000000"}))
        seen = sorted(label["name"] for label in ok(ada.get("/labels"))["items"])
        mock.control("PUT", f"{at}/clock", {"advanceSeconds": number})
        now: str = mock.control("GET", f"{at}/clock")["now"]
        mock.control("POST", f"{at}/snapshots/one/restore")
        again = ok(ada.post("/labels", {"name": "Another", "color": "#000000"}))
        assert again == second
        assert f"Label {number}" in seen
        mock.control("DELETE", at)
        seen.remove(f"Label {number}")
        return first["id"], second["id"], seen, second["createdAt"], now

    with ThreadPoolExecutor(THREADS) as threads:
        results = list(threads.map(test, range(WORLDS)))
    ids, names, times = {one[:2] for one in results}, {tuple(one[2]) for one in results}, {one[3] for one in results}
    assert (len(ids), len(names), times) == (1, 1, {"2040-01-01T00:00:00.000Z"})
    assert len({one[4] for one in results}) == WORLDS
    assert mock.control("GET", "/health")["workspaces"] == ["acme", "globex"]
