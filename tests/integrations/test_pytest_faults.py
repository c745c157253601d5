"""Faults that a test adds to its world."""

from tests.integrations.running import CALL, Run

pytest_plugins = ["pytester"]


def test_faults_strike_and_are_cleared(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
def test_times(kailenty):
    kailenty.faults.add("too-many-requests", retry_after_seconds=7, operations=["listLabels"], times=1)
    assert [call(kailenty, kailenty.admin, path)[0] for path in ("/users", "/labels", "/labels")] == [200, 429, 200]

def test_roles(kailenty):
    fault = kailenty.faults.add("server-error", status=503, roles=["user"])
    assert call(kailenty, kailenty.admin, "/invites")[0] == 200
    assert call(kailenty, kailenty.user, "/invites")[0] == 503
    kailenty.faults.remove(fault)
    assert call(kailenty, kailenty.user, "/invites")[0] == 200

def test_clear(kailenty):
    kailenty.faults.add("server-error", status=500)
    kailenty.faults.clear()
    assert call(kailenty, kailenty.user, "/invites")[0] == 200

def test_mistake(kailenty):
    kailenty.faults.add("latency", milisecond=5)
""",
        *("--kailenty-url", url),
    )
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [">*kailenty.faults.add*", "E*ControlError: POST /_mock/worlds/*/faults: 400 *milisecond*"]
    )
    result.stdout.no_fnmatch_line("*pytest_kailenty/*.py:*")
