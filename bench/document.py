"""The contract as the measured servers get it, and the requests that are made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "openapi" / "app-api.yaml"
BASE = "/api/v1/app"
API_KEY = "kly_acme_ada_test_key"  # the built-in world's admin; the other servers take any key
PAGE_SIZE = 20

Json = Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that is sent over and over."""

    key: str
    title: str
    method: str
    path: str  # below the base path
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """The prepared document and what the benchmark takes from its examples."""

    document: dict[str, Json]
    invite_id: str
    create: dict[str, Json]  # a request body that may be sent again and again
    one: Json  # the documented answers, in their envelopes
    page: Json
    created: Json

    def operations(self) -> dict[str, Operation]:
        """The measured requests by key."""
        body = json.dumps(self.create).encode()
        listed = (
            Operation("get", "GET one invite", "GET", f"/invites/{self.invite_id}"),
            Operation("list", f"GET a page of {PAGE_SIZE}", "GET", f"/invites?page=0&pageSize={PAGE_SIZE}"),
            Operation("create", "POST an invite", "POST", "/invites", body),
        )
        return {operation.key: operation for operation in listed}

    def write(self, path: Path) -> None:
        """Save the document as JSON, which every server reads at least as fast as YAML."""
        path.write_text(json.dumps(self.document))


def load(path: Path = DOCUMENT) -> Contract:
    """Read the contract and prepare it: a server without a variable, a full page as the page's example."""
    # The JSON round trip parts what YAML anchors share, so that a change to one example stays in it.
    document = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8"))))
    document["servers"] = [{"url": BASE}]
    one, many = document["paths"]["/invites/{inviteId}"], document["paths"]["/invites"]
    page = _example(document, many["get"], "200")
    rows = page["data"]["items"]
    page["data"]["items"] = (rows * PAGE_SIZE)[:PAGE_SIZE]  # equal work: the mock answers with as many
    page["data"]["total"] = PAGE_SIZE
    request = _resolve(document, many["post"]["requestBody"])["content"]["application/json"]
    create = dict(_first_example(document, request))
    create.pop("publicLinkValue", None)  # it is unique in a workspace, so it could be sent only once
    return Contract(
        document=document,
        invite_id=document["components"]["parameters"]["InviteId"]["example"],
        create=create,
        one=_example(document, one["get"], "200"),
        page=page,
        created=_example(document, many["post"], "201"),
    )


def _example(document: dict[str, Json], operation: Json, status: str) -> Json:
    response = _resolve(document, operation["responses"][status])
    return _first_example(document, response["content"]["application/json"])


def _first_example(document: dict[str, Json], media: Json) -> Json:
    if "example" in media:
        return media["example"]
    return _resolve(document, next(iter(media["examples"].values())))["value"]


def _resolve(document: dict[str, Json], node: Json) -> Json:
    while "$ref" in node:
        target: Json = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node
