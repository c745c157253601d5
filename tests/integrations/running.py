"""Running pytest with the plugin on tests that are given as text."""

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

Run = Callable[..., pytest.RunResult]

# How an application would call the API, with the standard library.
CALL = """
import json
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

def call(world, who, path, body=None, base=None, **headers):
    request = Request((base or world.base_url) + path, body and json.dumps(body).encode(), {**who.headers, **headers})
    request.add_header("Content-Type", "application/json")
    try:
        with urlopen(request) as answer:
            return answer.status, json.load(answer)["data"]
    except HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)["message"]
"""
