"""The journal's summary compares the faster batches with and without it."""

from bench.journal import OFF, ON, Found, summary
from bench.report import journal_table

FOUND: Found = {
    "get": {OFF: [100.0, 100.0, 100.0, 900.0], ON: [104.0, 104.0, 104.0, 104.0]},
    "create": {OFF: [200.0, 200.0, 200.0, 200.0], ON: [220.0, 220.0, 220.0, 900.0]},
}


def test_the_ratio_meets_or_misses_its_target() -> None:
    result = summary(FOUND)
    assert result["get"] == {
        "microsecondsPerRequest": {OFF: 100.0, ON: 104.0},
        "batches": 4,
        "ratio": 1.04,
        "target": 1.05,
        "met": True,
    }
    assert (result["create"]["ratio"], result["create"]["met"]) == (1.1, False)


def test_the_table_has_both_settings() -> None:
    head, _, get, create = journal_table(summary(FOUND)).splitlines()
    assert OFF in head
    assert "1.040" in get
    assert "220" in create
