"""docs/testing-with-the-mock.md: its tests run, and its tables have what there is."""

import re

import pytest

from tests.integrations.running import ROOT, Run

pytest_plugins = ["pytester"]

PAGE = (ROOT / "docs/testing-with-the-mock.md").read_text()
FILES = re.findall(r"```python\n# (test_\w+\.py)\n(.*?)```", PAGE, re.DOTALL)


def test_the_tests_shown_pass(pytester: pytest.Pytester, run: Run, url: str) -> None:
    for name, text in FILES:
        (pytester.path / name).write_text(text)
    run("", "--kailenty-url", url, "--strict-markers").assert_outcomes(passed=4)


def test_every_option_stands_there(run: Run) -> None:
    shown = run("", "--help").stdout.str()
    names = {name.strip() for name in re.findall(r"--kailenty-[a-z-]+|KAILENTY_MOCK_\w+|^ +kailenty_\w+", shown, re.M)}
    assert len(names) > 10
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []
