"""The OpenAPI documents: loaded, bundled into one file each, and frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import yaml

from openapi import extensions
from openapi.extensions import Listing, Participants, Period

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# The C loader is eight times as fast; PyYAML has it wherever libyaml is.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path or query parameter.

    `schema` is resolved at its top level; `pointer` is where it stands in the document. `sort_fields` and
    `filter_targets` are set on the parameters that have them.
    """

    name: str
    location: str
    required: bool
    schema: Mapping[str, Any]
    pointer: str
    sort_fields: Mapping[str, str] | None
    filter_targets: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document.

    `path` is the template below the document's base path. `body` points to the JSON schema of the request body,
    None where there is no body; `max_body` is its limit in bytes, None where the server decides. `status` is that of
    success. `roles` may call it; `own` are the members that name a row's owners. `times` are the query parameters and
    top-level members of the body that are moments, `future` those of them that must lie after now. `responses` points
    to the response object of each status.
    """

    operation_id: str
    method: str
    path: str
    status: int
    secured: bool
    enveloped: bool
    roles: tuple[str, ...]
    own: tuple[str, ...]
    listing: Listing | None
    period: Period | None
    participants: Participants | None
    times: frozenset[str]
    future: frozenset[str]
    parameters: tuple[Parameter, ...]
    body: str | None
    max_body: int | None
    responses: Mapping[str, str]

    def parameters_in(self, location: str) -> tuple[Parameter, ...]:
        """The parameters of one location, `path` or `query`."""
        return tuple(parameter for parameter in self.parameters if parameter.location == location)

    @property
    def sort_parameter(self) -> Parameter | None:
        """The parameter that orders a list."""
        return next((p for p in self.parameters if p.sort_fields is not None), None)

    @property
    def filters(self) -> tuple[Parameter, ...]:
        """The parameters that narrow a list to ids."""
        return tuple(p for p in self.parameters if p.filter_targets is not None)


class Document:
    """A document with every reference inside it.

    `raw` is the bundled document as plain data; treat it as frozen.
    """

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        server = raw["servers"][0]["url"]
        self.base_path: str = urlsplit(server.replace("{", "").replace("}", "")).path.rstrip("/")
        self.operations: Mapping[str, Operation] = MappingProxyType(
            {operation.operation_id: operation for operation in self._operations()}
        )

    def resolve(self, node: Any) -> Any:
        """Follow `$ref` at the top of a node; members beside it win, as in JSON Schema 2020-12."""
        while isinstance(node, Mapping) and "$ref" in node:
            target = self.at(node["$ref"])
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = {**target, **beside} if beside else target
        return node

    def members(self, schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The top-level members of an object schema, those of all its alternatives together."""
        members = {name: self.resolve(child) for name, child in schema.get("properties", {}).items()}
        for alternative in schema.get("oneOf", ()):
            members |= self.members(self.resolve(alternative))
        return members

    def at(self, pointer: str) -> Any:
        """The node at a JSON pointer in fragment form, `#/components/...`."""
        node: Any = self.raw
        for token in pointer.removeprefix("#").removeprefix("/").split("/"):
            name = token.replace("~1", "/").replace("~0", "~")
            node = node[int(name)] if isinstance(node, list) else node[name]
        return node

    def validator(self, pointer: str) -> jsonschema_rs.Validator:
        """The compiled validator of the schema at a pointer."""
        return self._validators[pointer]

    @cached_property
    def _validators(self) -> jsonschema_rs.ValidatorMap:
        return jsonschema_rs.validator_map_for(self.raw, validate_formats=True)

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.raw["paths"].items():
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item)

    def _operation(self, path: str, method: str, item: Mapping[str, Any]) -> Operation:
        node = item[method]
        at_item = f"#/paths/{_escape(path)}"
        at_operation = f"{at_item}/{method}"
        content = self.resolve(node.get("requestBody", {})).get("content", {})
        media = content.get("application/json")
        body = self.resolve(media["schema"]) if media else {}
        parameters = (
            *self._parameters(item.get("parameters", ()), at_item),
            *self._parameters(node.get("parameters", ()), at_operation),
        )
        members = {**{p.name: p.schema for p in parameters}, **self.members(body)}
        return Operation(
            operation_id=node["operationId"],
            method=method.upper(),
            path=path,
            status=next(int(status) for status in node["responses"] if status.startswith("2")),
            secured=bool(node.get("security", self.raw.get("security"))),
            enveloped=extensions.enveloped(node),
            roles=extensions.roles(node),
            own=extensions.own(node),
            listing=extensions.listing(node),
            period=extensions.period(node) or extensions.period(body),
            participants=extensions.participants(body),
            times=frozenset(name for name, schema in members.items() if schema.get("format") == "date-time"),
            future=frozenset(name for name, schema in members.items() if extensions.in_future(schema)),
            parameters=parameters,
            body=self._pointer(media["schema"], f"{at_operation}/requestBody/content/application~1json/schema")
            if media
            else None,
            max_body=extensions.max_body(node),
            responses={
                status: self._pointer(response, f"{at_operation}/responses/{status}")
                for status, response in node["responses"].items()
            },
        )

    def _parameters(self, nodes: Any, at: str) -> Iterator[Parameter]:
        for index, node in enumerate(nodes):
            pointer = self._pointer(node, f"{at}/parameters/{index}")
            parameter = self.resolve(node)
            schema = parameter["schema"]
            yield Parameter(
                name=parameter["name"],
                location=parameter["in"],
                required=parameter.get("required", False),
                schema=self.resolve(schema),
                pointer=self._pointer(schema, f"{pointer}/schema"),
                sort_fields=extensions.sort_fields(parameter),
                filter_targets=extensions.filter_targets(parameter),
            )

    @staticmethod
    def _pointer(node: Mapping[str, Any], here: str) -> str:
        """Where a node really stands: the target of a bare reference, else here."""
        return str(node["$ref"]) if set(node) == {"$ref"} else here


def _escape(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


@cache
def read_yaml(name: str) -> Any:
    """Parse one of this package's YAML files, once: it is not to be changed."""
    return yaml.load(files(__package__).joinpath(name).read_bytes(), _Loader)


def _bundle(raw: dict[str, Any]) -> dict[str, Any]:
    """Copy what a document refers to in another of our files into its own components."""
    components: dict[str, Any] = {kind: dict(entries) for kind, entries in raw.get("components", {}).items()}

    def walk(node: Any, home: str) -> Any:
        if isinstance(node, list):
            return [walk(child, home) for child in node]
        if not isinstance(node, dict):
            return node
        if isinstance(reference := node.get("$ref"), str):
            name, _, pointer = reference.partition("#")
            if source := name or home:
                adopt(source, pointer)
                node = {**node, "$ref": f"#{pointer}"}
        return {key: walk(child, home) for key, child in node.items()}

    def adopt(source: str, pointer: str) -> None:
        _, kind, name = pointer.lstrip("/").split("/")
        adopted = components.setdefault(kind, {})
        if name not in adopted:
            adopted[name] = {}  # stands in while it is copied, should it refer to itself
            adopted[name] = walk(read_yaml(source)["components"][kind][name], source)

    bundled: dict[str, Any] = walk(raw, "")
    for kind, entries in components.items():
        for name, node in entries.items():
            bundled.setdefault("components", {}).setdefault(kind, {}).setdefault(name, node)
    return bundled


@cache
def load_app_api() -> Document:
    """The contract of the App API."""
    return Document(read_yaml("app-api.yaml"))


@cache
def load_mock_control() -> Document:
    """The contract of the mock's control API."""
    return Document(_bundle(read_yaml("mock-control.yaml")))
