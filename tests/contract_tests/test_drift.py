"""Differences of two documents: which ones break a client, and which ones nobody notices."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from contract_tests.drift import compare
from openapi import load_app_api

Raw = dict[str, Any]


def document() -> Raw:
    """A small document: a list and a create, with references."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rooms", "version": "1"},
        "servers": [{"url": "https://one.example"}],
        "security": [{"Key": []}],
        "paths": {
            "/rooms": {
                "get": {
                    "operationId": "listRooms",
                    "parameters": [
                        {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": 9}},
                        {"name": "size", "in": "query", "schema": {"type": "string", "enum": ["s", "m"]}},
                    ],
                    "responses": {
                        "200": {
                            "description": "Rooms.",
                            "headers": {"X-Request-Id": {"schema": {"type": "string"}}},
                            "content": {
                                "application/json": {
                                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Room"}}
                                }
                            },
                        },
                        "400": {"description": "Bad."},
                    },
                },
                "post": {
                    "operationId": "createRoom",
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RoomCreate"}}},
                    },
                    "responses": {"201": {"description": "The room."}},
                },
            }
        },
        "components": {
            "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "schemas": {
                "Room": {
                    "type": "object",
                    "required": ["id", "kind"],
                    "properties": {
                        "id": {"type": "string"},
                        "kind": {"type": "string", "enum": ["office", "hall"]},
                        "note": {"type": "string"},
                        "inner": {"$ref": "#/components/schemas/Room"},
                    },
                },
                "RoomCreate": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string", "maxLength": 10},
                        "seats": {"type": ["integer", "null"]},
                        "kind": {"oneOf": [{"type": "string", "const": "office"}, {"type": "string", "const": "hall"}]},
                    },
                },
            },
        },
    }


Change = Callable[[Raw], object]


def get(raw: Raw) -> Any:
    """The list."""
    return raw["paths"]["/rooms"]["get"]


def room(raw: Raw) -> Any:
    """What is received."""
    return raw["components"]["schemas"]["Room"]


def create(raw: Raw) -> Any:
    """What is sent."""
    return raw["components"]["schemas"]["RoomCreate"]


BREAKING: dict[str, Change] = {
    "an operation is gone": lambda raw: raw["paths"]["/rooms"].pop("post"),
    "a path is gone": lambda raw: raw["paths"].update({"/halls": raw["paths"].pop("/rooms")}),
    "a parameter is gone": lambda raw: get(raw)["parameters"].pop(),
    "a parameter is required": lambda raw: get(raw)["parameters"][0].update(required=True),
    "a new parameter is required": lambda raw: get(raw)["parameters"].append(
        {"name": "from", "in": "query", "required": True, "schema": {}}
    ),
    "a parameter has fewer values": lambda raw: get(raw)["parameters"][1]["schema"]["enum"].pop(),
    "a parameter has a lower maximum": lambda raw: get(raw)["parameters"][0]["schema"].update(maximum=5),
    "a parameter is written another way": lambda raw: get(raw)["parameters"][1].update(explode=False),
    "a success is gone": lambda raw: get(raw)["responses"].pop("200"),
    "a header is gone": lambda raw: get(raw)["responses"]["200"].pop("headers"),
    "a media type is gone": lambda raw: get(raw)["responses"]["200"].pop("content"),
    "a received member is gone": lambda raw: room(raw)["properties"].pop("id"),
    "a received member is optional": lambda raw: room(raw)["required"].remove("id"),
    "a received member can be null": lambda raw: room(raw)["properties"]["id"].update(type=["string", "null"]),
    "a received member has another type": lambda raw: room(raw)["properties"]["id"].update(type="integer"),
    "a received member loses its format": lambda raw: room(raw)["properties"]["id"].pop("format"),
    "a sent member is gone": lambda raw: create(raw)["properties"].pop("seats"),
    "a sent member is required": lambda raw: create(raw)["required"].append("seats"),
    "a new sent member is required": lambda raw: (
        create(raw)["required"].append("floor"),
        create(raw)["properties"].update(floor={"type": "integer"}),
    ),
    "a sent member may not be null": lambda raw: create(raw)["properties"]["seats"].update(type="integer"),
    "a sent member is shorter": lambda raw: create(raw)["properties"]["name"].update(maxLength=5),
    "a sent member has a pattern": lambda raw: create(raw)["properties"]["name"].update(pattern="^a"),
    "a sent alternative is gone": lambda raw: create(raw)["properties"]["kind"]["oneOf"].pop(),
    "another credential": lambda raw: raw["components"]["securitySchemes"]["Key"].update(name="X-Other"),
}

COMPATIBLE: dict[str, Change] = {
    "an operation is new": lambda raw: raw["paths"].update({"/halls": {"get": {"operationId": "listHalls"}}}),
    "a parameter is new": lambda raw: get(raw)["parameters"].append({"name": "q", "in": "query", "schema": {}}),
    "a parameter has more values": lambda raw: get(raw)["parameters"][1]["schema"]["enum"].append("l"),
    "a parameter has a higher maximum": lambda raw: get(raw)["parameters"][0]["schema"].update(maximum=20),
    "a status is new": lambda raw: get(raw)["responses"].update({"418": {"description": "Teapot."}}),
    "an error is gone": lambda raw: get(raw)["responses"].pop("400"),
    "a received member is new": lambda raw: room(raw)["properties"].update(floor={"type": "integer"}),
    "a received member is required": lambda raw: room(raw)["required"].append("note"),
    "a received member has another value": lambda raw: room(raw)["properties"]["kind"]["enum"].append("lab"),
    "a sent member is new": lambda raw: create(raw)["properties"].update(floor={"type": "integer"}),
    "a sent member is optional": lambda raw: create(raw)["required"].clear(),
    "a sent member is longer": lambda raw: create(raw)["properties"]["name"].update(maxLength=20),
    "a sent alternative is new": lambda raw: create(raw)["properties"]["kind"]["oneOf"].append({"type": "null"}),
    "other members are allowed": lambda raw: create(raw).pop("additionalProperties"),
    "no credential is needed": lambda raw: get(raw).update(security=[]),
}

IGNORED: dict[str, Change] = {
    "prose": lambda raw: get(raw).update(summary="Rooms", description="All of them.", tags=["Rooms"]),
    "examples": lambda raw: room(raw)["properties"]["id"].update(examples=["r1"], title="Id"),
    "extensions": lambda raw: get(raw).update({"x-roles": ["admin"]}),
    "servers": lambda raw: raw["servers"].append({"url": "https://two.example"}),
    "the name of a component": lambda raw: (
        raw["components"]["schemas"].update(Chamber=deepcopy(room(raw))),
        get(raw)["responses"]["200"]["content"]["application/json"]["schema"].update(
            items={"$ref": "#/components/schemas/Chamber"}
        ),
    ),
}


def changed(change: Change) -> tuple[Raw, Raw]:
    """A document, and it after a change."""
    before = document()
    room(before)["properties"]["id"]["format"] = "uuid"
    after = deepcopy(before)
    change(after)
    return before, after


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING.keys())
def test_a_breaking_difference_is_told(change: Change) -> None:
    assert any(one.breaking for one in compare(*changed(change)))


@pytest.mark.parametrize("change", COMPATIBLE.values(), ids=COMPATIBLE.keys())
def test_a_compatible_difference_is_told_as_such(change: Change) -> None:
    found = compare(*changed(change))
    assert found
    assert not [one for one in found if one.breaking]


@pytest.mark.parametrize("change", IGNORED.values(), ids=IGNORED.keys())
def test_what_no_client_notices_does_not_count(change: Change) -> None:
    assert compare(*changed(change)) == []


def test_a_difference_names_operation_and_place() -> None:
    (found,) = compare(*changed(BREAKING["a sent member is shorter"]))
    assert str(found) == "breaking: createRoom, request body/name: maxLength is 5, not 10"


def test_the_name_of_a_path_parameter_does_not_count() -> None:
    def at(name: str) -> Raw:
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        return {"paths": {f"/rooms/{{{name}}}": {"get": {"operationId": "getRoom", "parameters": [parameter]}}}}

    assert compare(at("id"), at("roomId")) == []


def test_our_document_does_not_differ_from_itself() -> None:
    raw = load_app_api().raw
    assert compare(raw, deepcopy(raw)) == []
