"""What a test asserts of the requests that its world was asked."""

from tests.integrations.running import CALL, Run

pytest_plugins = ["pytester"]


def test_the_journal_counts_and_tells_what_came_nearest(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
def test_counts(kailenty):
    label = {"name": "Platform", "color": "#336699"}
    call(kailenty, kailenty.admin, "/labels", label)
    call(kailenty, kailenty.user, "/labels", label)
    journal = kailenty.journal
    journal.verify(2, operation_id="createLabel")
    journal.verify(1, operation_id="createLabel", status=201, body={"name": "Platform"})
    journal.verify(1, status="4xx", rule="ROLE-02", user_id=kailenty.user.user_id)
    journal.verify(method="POST", path="/api/v1/app/*")
    journal.verify(at_least=1, at_most=2, role="user")
    assert [entry["status"] for entry in journal.requests(operation_id="createLabel")] == [201, 403]
    assert [entry["status"] for entry in journal.requests(1, path="*/labels")] == [403]
    journal.clear()
    kailenty.clock.freeze()
    journal.verify(0)
    journal.verify(1, path="/_mock/*")

def test_nearest(kailenty):
    call(kailenty, kailenty.user, "/labels", {"name": "Platform", "color": "#336699"})
    kailenty.journal.verify(1, operation_id="createLabel", status=201)
""",
        *("--kailenty-url", url),
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*kailenty.journal.verify(1, *",
            "E*expected *1*, found 0 of these requests: *operationId createLabel, status 201",
            "E*nearest: POST /api/v1/app/labels -> 403; status is 403",
        ]
    )
