"""Where it was measured."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from bench.server import node


def describe() -> dict[str, str | int]:
    """The processor, the system and the versions of what runs the servers."""
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
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
