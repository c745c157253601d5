"""The growth summary compares medians with the targets."""

from bench.growth import CREATE, LIST, MANAGED, SIZES, Found, Series, summary
from bench.report import growth_table

SMALL, LARGE = SIZES
FOUND: Found = {
    LIST: {SMALL: Series(1, [100.0, 110.0, 900.0]), LARGE: Series(20, [220.0, 200.0, 230.0])},
    MANAGED: {SMALL: Series(20, [100.0]), LARGE: Series(20, [900.0])},
    CREATE: {SMALL: Series(None, [100.0]), LARGE: Series(None, [151.0])},
}


def test_ratios_of_medians_meet_or_miss_their_targets() -> None:
    result = summary(FOUND)
    assert result[LIST] == {
        "medianMicroseconds": {str(SMALL): 110.0, str(LARGE): 220.0},
        "rows": {str(SMALL): 1, str(LARGE): 20},
        "ratio": 2.0,
        "target": 3.0,
        "met": True,
    }
    assert result[MANAGED]["met"] is True
    assert result[CREATE]["met"] is False


def test_the_table_tells_how_full_the_pages_are() -> None:
    head, _, *rows = growth_table(summary(FOUND)).splitlines()
    assert "1,000 invites, µs" in head
    assert "110 (1 rows)" in rows[0]
    assert "220 (20 rows)" in rows[0]
    assert "<= 3.0" in rows[0]
    assert "<=" not in rows[1]
