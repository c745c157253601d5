"""Children are stopped with all their descendants, and their memory is added up."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.process import Child, free_port, started, sum_tree

# A parent that starts a child, tells its number and waits: killing the parent alone would leave the child.
FAMILY = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path("child").write_text(str(child.pid))
time.sleep(60)
"""


def test_sum_tree_adds_descendants_only() -> None:
    rows = [(1, 0, 100), (2, 1, 10), (3, 2, 5), (4, 0, 1000), (5, 3, 1)]
    assert sum_tree(rows, 1) == 116
    assert sum_tree(rows, 3) == 6


def test_the_whole_family_ends_with_the_block_even_on_error(tmp_path: Path) -> None:
    seen: list[int] = []

    def fail() -> None:
        with started([sys.executable, "-c", FAMILY], tmp_path) as child:
            seen.extend((child.process.pid, _child_of(tmp_path)))
            assert child.memory_mb() > 1
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    assert len(seen) == 2
    assert not any(_runs(number) for number in seen)


def test_the_error_output_is_kept_for_the_complaint(tmp_path: Path) -> None:
    with started([sys.executable, "-c", "import sys; sys.exit('no such file')"], tmp_path) as child:
        child.process.wait(10)
        assert isinstance(child, Child)
        assert child.complaint() == "no such file"


def test_free_ports_can_be_bound() -> None:
    assert 1024 <= free_port() <= 65535


def _child_of(work: Path) -> int:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if (work / "child").exists() and (text := (work / "child").read_text()):
            return int(text)
        time.sleep(0.01)
    raise AssertionError("the family did not start")


def _runs(number: int) -> bool:
    command = ["ps", "-o", "stat=", "-p", str(number)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return listed.stdout.strip()[:1] not in ("", "Z")
