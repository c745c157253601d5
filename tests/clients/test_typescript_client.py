"""The types of openapi-typescript: they compile, and allow exactly what the contract allows."""

import shutil
from pathlib import Path

import pytest

from openapi import load_app_api
from tests.openapi.node import ROOT, run

STRICT = (
    *("--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"),
    *("--target", "es2022", "--lib", "es2022", "--skipDefaultLibCheck"),
    *("--module", "esnext", "--moduleResolution", "bundler"),
)


@pytest.fixture(scope="module")
def types(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the types of both documents."""
    folder = tmp_path_factory.mktemp("typescript-client")
    for name in ("app-api", "mock-control"):
        source, target = ROOT / "openapi" / f"{name}.yaml", folder / f"{name}.d.ts"
        # Elsewhere than at the root, where it would take redocly.yaml for its own.
        generated = run(node_modules / ".bin/openapi-typescript", source, "--output", target, cwd=folder)
        assert generated.returncode == 0, generated.stderr
        assert "⚠" not in generated.stdout + generated.stderr
    return folder


def test_types_compile_with_a_callers_code(types: Path, node_modules: Path) -> None:
    usage = shutil.copy(Path(__file__).with_name("usage.ts"), types)
    compiled = run(node_modules / ".bin/tsc", *STRICT, usage)
    assert compiled.returncode == 0, compiled.stdout


def test_a_mistake_does_not_compile(types: Path, node_modules: Path) -> None:
    mistake = types / "mistake.ts"
    mistake.write_text(
        'import type { components } from "./app-api";\n'
        'export const color: components["schemas"]["LabelCreate"] = { name: "Data" };\n'
    )
    compiled = run(node_modules / ".bin/tsc", *STRICT, mistake)
    assert compiled.returncode != 0
    assert "Property 'color' is missing" in compiled.stdout


def test_types_have_every_operation(types: Path) -> None:
    text = (types / "app-api.d.ts").read_text()
    assert [name for name in load_app_api().operations if f"    {name}: {{" not in text] == []
