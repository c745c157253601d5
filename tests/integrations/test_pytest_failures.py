"""What is left of a failed test: what its worlds were asked, and the worlds themselves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integrations.running import CALL, Run

pytest_plugins = ["pytester"]

REFUSED = (
    CALL
    + """
def test_of_a_user(kailenty):
    with open("headers", "w") as file:
        print(*kailenty.user.headers.values(), kailenty.admin.api_key, file=file)
    call(kailenty, kailenty.admin, "/labels?page=0")
    call(kailenty, kailenty.admin, "/labels", {"name": "Platform", "color": "#336699"})
    status, _ = call(kailenty, kailenty.user, "/labels", {"name": "Another", "color": "#336699"})
    assert status == 201
"""
)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_the_report_shows_what_was_asked_and_why_it_was_refused(
    run: Run, url: str, pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    result = run(REFUSED, "--kailenty-url", url, *workers)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- kailenty world w-* -*",
            "GET /api/v1/app/labels?page=0 -> 200  req_*",
            "    by usr_ada (admin)",
            '    got: {"success":true,*',
            "POST /api/v1/app/labels -> 201  req_*",
            "    by usr_ada (admin)",
            '    sent: {"name": "Platform", "color": "#336699"}',
            '    got: {"success":true,*',
            "POST /api/v1/app/labels -> 403  req_*",
            "    by usr_alan (user)",
            "    ROLE-02: *",
            "",
            "Answer it again: kailenty-mock replay .kailenty/*.py-test_of_a_user.json",
        ],
        consecutive=False,
    )
    secrets = (pytester.path / "headers").read_text().removeprefix("Bearer ").split()
    assert [secret for secret in secrets if secret in result.stdout.str()] == []


def test_the_world_can_be_replayed(run: Run, url: str, pytester: pytest.Pytester) -> None:
    run(REFUSED, "--kailenty-url", url)
    (bundle,) = pytester.path.glob(".kailenty/*.json")
    assert json.loads(bundle.read_bytes())
    assert (bundle.parent / ".gitignore").read_text() == "*\n"
    replay = [sys.executable, "-m", "mock_server", "replay", bundle]
    done = subprocess.run(replay, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_world_of_a_test_is_kept_and_none_of_one_that_did_not_fail(
    run: Run, url: str, pytester: pytest.Pytester
) -> None:
    result = run(
        """
import pytest

def test_passes(kailenty):
    pass

@pytest.mark.xfail
def test_fails_as_expected(kailenty):
    assert False

@pytest.mark.parametrize("way", ["/a b/ü", "long" * 100])
def test_fails(kailenty, kailenty_rival, way):
    kailenty.another()
    assert False
""",
        *("--kailenty-url", url, "-o", "kailenty_bundles=kept"),
    )
    result.assert_outcomes(passed=1, xfailed=1, failed=2)
    names = {path.name for path in (pytester.path / "kept").glob("*.json")}
    assert len(names) == 6
    assert {"a-b", "long"} == {name.split("test_fails-")[1][:4].rstrip("-.") for name in names}
    assert max(map(len, names)) < 200


def test_a_failing_set_up_is_told_too(run: Run, url: str) -> None:
    result = run(
        CALL
        + """
@pytest.fixture
def label(kailenty):
    assert call(kailenty, kailenty.user, "/labels", {"name": "Platform", "color": "#336699"})[0] == 201

def test_it(label):
    pass
""",
        *("--kailenty-url", url),
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["    ROLE-02: *"])


def test_a_world_that_is_gone_hides_no_failure(run: Run, url: str) -> None:
    result = run(
        """
def test_it(kailenty, kailenty_mock):
    kailenty_mock.control.send("DELETE", f"/worlds/{kailenty.workspace}")
    assert "the failure itself" == 0
""",
        *("--kailenty-url", url),
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the failure itself*", "What it was asked is lost: GET /_mock/*: 404 *"])


def test_a_bundle_is_a_files_content(run: Run, url: str, tmp_path: Path) -> None:
    run(
        f"""
def test_it(kailenty):
    with open({str(tmp_path / "bundle.json")!r}, "wb") as file:
        file.write(kailenty.bundle())
""",
        *("--kailenty-url", url),
    ).assert_outcomes(passed=1)
    assert json.loads((tmp_path / "bundle.json").read_bytes())
