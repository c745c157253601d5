"""The growth summary compares medians with the targets."""

from bench.growth import SIZES, TARGETS, summary


def test_ratios_meet_or_miss_their_targets() -> None:
    small, large = SIZES
    found = {
        "list": {small: [100.0, 110.0, 900.0], large: [220.0, 200.0, 230.0]},
        "create": {small: [100.0], large: [151.0]},
    }
    result = summary(found)
    assert result["list"] == {
        "medianMicroseconds": {str(small): 110.0, str(large): 220.0},
        "ratio": 2.0,
        "target": TARGETS["list"],
        "met": True,
    }
    assert result["create"]["met"] is False
