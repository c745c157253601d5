"""The plugin as others install it: one wheel, one package, nothing but pytest beside it."""

import ast
import os
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.integrations.running import ROOT

PLUGIN = ROOT / "integrations/pytest"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, PLUGIN)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site-packages of an environment that has the wheel, and sees this one's packages."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    _pip("--python", folder, "install", "--no-deps", "--no-index", wheel)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (site / "parent.pth").write_text(sysconfig.get_path("purelib"))
    return site


def test_the_wheel_brings_one_name(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"pytest_kailenty"}
    sources = {path.relative_to(PLUGIN).as_posix() for path in PLUGIN.glob("pytest_kailenty/*.*")}
    assert sources <= set(ZipFile(wheel).namelist())
    assert "pytest_kailenty/py.typed" in sources


def test_it_needs_pytest_alone(site: Path) -> None:
    trees = [ast.parse(path.read_text()) for path in PLUGIN.glob("pytest_kailenty/*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    imported = {name.partition(".")[0] for name in names}
    assert imported - sys.stdlib_module_names == {"pytest", "pytest_kailenty"}
    (installed,) = (one for one in distributions(path=[str(site)]) if one.name == "pytest-kailenty")
    assert installed.requires == ["pytest>=8"]


def test_pytest_finds_it_where_it_is_installed(
    site: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH")
    (tmp_path / "test_it.py").write_text(
        "import pytest_kailenty\n"
        "def test_it(kailenty):\n"
        f"    assert pytest_kailenty.__file__.startswith({str(site)!r})\n"
        "    assert isinstance(kailenty, pytest_kailenty.World)\n"
    )
    done = subprocess.run(
        # By the name of its entry point, so that nobody else's plugins are loaded.
        [site.parents[2] / "bin/python", "-m", "pytest", "-p", "kailenty", "--kailenty-url", url],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _pip(*arguments: str | Path) -> None:
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_QUIET": "1"}
    command = [sys.executable, "-m", "pip", *arguments]
    done = subprocess.run(command, env=os.environ | quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
