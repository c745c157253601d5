"""Documents that `openapi` prints."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from openapi import load_app_api, load_mock_control
from tests.mock_server.cli.commands import COMMAND, Served, output
from tests.mock_server.running import API


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "openapi"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Error: the output: No space left on device\n")


@pytest.mark.parametrize("document", ["app-api", "mock-control"])
def test_the_documents_are_the_same_in_both_formats(document: str) -> None:
    expected = {"app-api": load_app_api, "mock-control": load_mock_control}[document]().raw
    as_json = output("openapi", "--document", document, "--format", "json")
    as_yaml = output("openapi", "--document", document)
    assert json.loads(as_json) == yaml.safe_load(as_yaml) == expected
    assert not re.search(r"(?m)[:-] [&*]\w+$", as_yaml)
    assert "$ref: app-api.yaml" not in as_yaml


def test_the_printed_document_is_the_served_one(server: Served) -> None:
    printed = json.loads(output("openapi", "--format", "json"))
    fetched = server.get(f"{API}/openapi.json").json()
    assert fetched.pop("servers")[0]["url"] == f"{server.url}{API}"
    printed.pop("servers")
    assert fetched == printed
