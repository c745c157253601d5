"""The summary of worlds compares medians with either kind of target."""

from bench.report import large_table, worlds_table
from bench.worlds import COPY, GET, MAKE, RESET, RESTORE, Found, summary, summary_large

FOUND: Found = {
    MAKE: {1: [9_000.0, 10_000.0, 90_000.0], 1_000: [11_000.0]},
    RESTORE: {1: [10_000.0], 1_000: [21_000.0]},
    GET: {1: [100.0], 1_000: [121.0]},
}


def test_medians_meet_or_miss_their_target() -> None:
    result = summary(FOUND)
    assert result[MAKE] == {
        "medianMilliseconds": {"1": 10.0, "1000": 11.0},
        "ratio": 1.1,
        "limitMilliseconds": 20.0,
        "met": True,
    }
    assert (result[RESTORE]["met"], result[GET]["met"]) == (False, False)


def test_the_table_has_the_target_of_each() -> None:
    head, _, *rows = worlds_table(summary(FOUND)).splitlines()
    assert "with 1,000, ms" in head
    assert "<= 20 ms" in rows[0]
    assert "<= 1.2 times" in rows[2]
    assert "1.21" in rows[2]


def test_a_large_world_has_a_target_of_its_own() -> None:
    result = summary_large({COPY: [400_000.0, 500_000.0, 2_000_000.0], RESET: [1_100_000.0]})
    assert result[COPY] == {"medianMilliseconds": 500.0, "limitMilliseconds": 1_000.0, "met": True}
    assert not result[RESET]["met"]
    head, _, copied, _ = large_table(result, 20_000).splitlines()
    assert "of 20,000 invites, ms" in head
    assert ("500" in copied, "<= 1000 ms" in copied) == (True, True)
