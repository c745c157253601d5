"""Where it was measured."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from bench.server import node

BUSY = 0.25  # of the cores


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_average() -> float:
    """How many processes wanted a core in the last minute: numbers of a busy machine are of little worth."""
    return round(os.getloadavg()[0], 2)


def describe() -> dict[str, str | int]:
    """The processor, the system and the versions of what runs the servers."""
    return {
        "cpu": _cpu(),
        "cores": cores(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "node": _first_line(node(), "--version"),
        "java": _first_line("java", "-version"),
        "wrk": _first_line("wrk", "--version"),
    }


def _cpu() -> str:
    """The processor's model, from the system's own words."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", information.read_text(), re.MULTILINE)
        if found:
            return found[1].strip()
    return _first_line("sysctl", "-n", "machdep.cpu.brand_string") or platform.processor() or "unknown"


def _first_line(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return next(iter((done.stdout or done.stderr).splitlines()), "").strip()
