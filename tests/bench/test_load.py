"""What wrk printed becomes a sample, or an error and never a number."""

import pytest

from bench.load import LoadError, Sample, medians, parse

COUNTS = '"status": {status}, "connect": 0, "read": {read}, "write": 0, "timeout": 0'
RESULT = 'RESULT {{"requests": {requests}, "microseconds": 2000000, "p50": 250, "p99": 4000, ' + COUNTS + "}}"


def output(requests: int = 5000, status: int = 0, read: int = 0) -> str:
    result = RESULT.format(requests=requests, status=status, read=read)
    return f"Running 2s test @ http://127.0.0.1:8080/\n  1 threads and 1 connections\n{result}\n"


def test_a_clean_run_is_a_sample() -> None:
    assert parse(output()) == Sample(requests_per_second=2500.0, p50_ms=0.25, p99_ms=4.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (output(status=1), "failed requests: 1 status"),
        (output(status=2, read=3), "failed requests: 2 status, 3 read"),
        (output(requests=0), "no request was answered"),
        ("unable to connect to 127.0.0.1:1 Connection refused", "Connection refused"),
    ],
)
def test_a_run_with_any_failure_is_void(text: str, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        parse(text)


def test_medians_are_taken_measure_by_measure() -> None:
    samples = [Sample(100, 3, 9), Sample(300, 1, 8), Sample(200, 2, 70)]
    assert medians(samples) == Sample(200, 2, 9)
