"""Two OpenAPI 3.1 documents compared by what a client notices: breaking and compatible differences, by operation.

What is sent and what is received are judged the other way round: a server may ask for less and tell more. Prose,
examples, `servers` and extensions never count. No library for Python compares documents of 3.1, so this does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Keywords that bound a value, and whether a greater number allows less.
_BOUNDS = {
    "minimum": True,
    "exclusiveMinimum": True,
    "minLength": True,
    "minItems": True,
    "minProperties": True,
    "maximum": False,
    "exclusiveMaximum": False,
    "maxLength": False,
    "maxItems": False,
    "maxProperties": False,
}

# Keywords that allow less when they are there, or are another value than before.
_LIMITS = ("pattern", "format", "multipleOf")

_EVERY_TYPE = frozenset({"null", "boolean", "object", "array", "number", "string", "integer"})


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """What is different at a place of an operation, and whether a client of the first document breaks by it."""

    operation: str
    place: str
    breaking: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'breaking' if self.breaking else 'compatible'}: {self.operation}, {self.place}: {self.sentence}"


def compare(ours: Node, theirs: Node) -> list[Difference]:
    """What `theirs` has that differs from `ours`, in order; equal differences once."""
    return sorted(set(_Comparison(ours, theirs).all()))


class _Comparison:
    """One comparison. Members whose names begin with `old` are of ours, with `new` of theirs."""

    def __init__(self, ours: Node, theirs: Node) -> None:
        self._ours = ours
        self._theirs = theirs
        self._operation = ""

    def all(self) -> Iterator[Difference]:
        old_paths, new_paths = _operations(self._ours), _operations(self._theirs)
        for key, (old_item, old) in old_paths.items():
            self._operation = str(old.get("operationId", " ".join(key)))
            if key not in new_paths:
                yield self._differs("operation", True, f"{key[0].upper()} {key[1]} is gone")
                continue
            new_item, new = new_paths[key]
            yield from self._parameters([old_item, old], [new_item, new])
            yield from self._bodies(old, new)
            yield from self._responses(old, new)
            yield from self._security(old, new)
        for key in new_paths.keys() - old_paths.keys():
            self._operation = str(new_paths[key][1].get("operationId", " ".join(key)))
            yield self._differs("operation", False, f"{key[0].upper()} {key[1]} is new")

    def _differs(self, place: str, breaking: bool, sentence: str) -> Difference:
        return Difference(self._operation, place, breaking, sentence)

    def _old(self, node: Any) -> Node:
        return _resolved(self._ours, node)

    def _new(self, node: Any) -> Node:
        return _resolved(self._theirs, node)

    def _parameters(self, old_nodes: list[Node], new_nodes: list[Node]) -> Iterator[Difference]:
        old, new = _parameters(self._ours, old_nodes), _parameters(self._theirs, new_nodes)
        for key, parameter in old.items():
            place = f"{key[0]} parameter {parameter['name']}"
            if key not in new:
                yield self._differs(place, True, "it is gone")
                continue
            before, after = bool(parameter.get("required")), bool(new[key].get("required"))
            if before != after:
                yield self._differs(place, after, f"it is {'required' if after else 'optional'} now")
            if _style(parameter) != _style(new[key]):
                yield self._differs(place, True, "lists are written another way")
            yield from self._schemas(place, parameter.get("schema", {}), new[key].get("schema", {}), sent=True)
        for key in new.keys() - old.keys():
            required = bool(new[key].get("required"))
            sentence = "it is new and required" if required else "it is new and optional"
            yield self._differs(f"{key[0]} parameter {new[key]['name']}", required, sentence)

    def _bodies(self, old: Node, new: Node) -> Iterator[Difference]:
        old_body, new_body = self._old(old.get("requestBody", {})), self._new(new.get("requestBody", {}))
        if bool(new_body.get("required")) and not old_body.get("required"):
            yield self._differs("request body", True, "it is required now")
        elif old_body.get("required") and not new_body.get("required"):
            yield self._differs("request body", not new_body, "it is optional now" if new_body else "it is gone")
        yield from self._media("request body", old_body, new_body, sent=True)

    def _responses(self, old: Node, new: Node) -> Iterator[Difference]:
        for status, response in old.get("responses", {}).items():
            place = f"answer {status}"
            if status not in new.get("responses", {}):
                # A client waits for success; an error that never comes hurts nobody.
                yield self._differs(place, status.startswith("2"), "it is gone")
                continue
            old_response, new_response = self._old(response), self._new(new["responses"][status])
            yield from self._media(place, old_response, new_response, sent=False)
            lost = {name.lower() for name in old_response.get("headers", {})}
            lost -= {name.lower() for name in new_response.get("headers", {})}
            for name in sorted(lost):
                yield self._differs(place, True, f"the header {name} is gone")
        for status in new.get("responses", {}).keys() - old.get("responses", {}).keys():
            yield self._differs(f"answer {status}", False, "it is new")

    def _media(self, place: str, old: Node, new: Node, *, sent: bool) -> Iterator[Difference]:
        old_content, new_content = old.get("content", {}), new.get("content", {})
        for media in old_content:
            if media not in new_content:
                yield self._differs(place, True, f"the media type {media} is gone")
                continue
            yield from self._schemas(
                place, old_content[media].get("schema", {}), new_content[media].get("schema", {}), sent=sent
            )
        for media in new_content.keys() - old_content.keys():
            yield self._differs(place, False, f"the media type {media} is new")

    def _security(self, old: Node, new: Node) -> Iterator[Difference]:
        old_ways = _ways(self._ours, old)
        new_ways = _ways(self._theirs, new)
        if {()} & old_ways and not {()} & new_ways:
            yield self._differs("credentials", True, "it needs one now")
        elif {()} & new_ways and not {()} & old_ways:
            yield self._differs("credentials", False, "it needs none now")
        else:
            for way in sorted(old_ways - new_ways):
                yield self._differs("credentials", True, f"{' with '.join(way)} is no longer accepted")
            for way in sorted(new_ways - old_ways):
                yield self._differs("credentials", False, f"{' with '.join(way)} is accepted too")

    def _schemas(
        self, place: str, old_node: Any, new_node: Any, *, sent: bool, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> Iterator[Difference]:
        """Differences of two schemas. Less is breaking where it is sent, more where it is received."""
        names = str(_reference(old_node)), str(_reference(new_node))
        if "None" not in names:
            if names in seen:
                return
            seen |= {names}
        old, new = self._old(old_node), self._new(new_node)
        alternatives = [(list(one.get("oneOf", one.get("anyOf", ())))) for one in (old, new)]
        if any(alternatives):
            yield from self._alternatives(place, alternatives[0] or [old], alternatives[1] or [new], sent, seen)
            return
        yield from self._values(place, old, new, sent)
        yield from self._members(place, old, new, sent, seen)
        if "items" in old or "items" in new:
            yield from self._schemas(f"{place}/*", old.get("items", {}), new.get("items", {}), sent=sent, seen=seen)

    def _values(self, place: str, old: Node, new: Node, sent: bool) -> Iterator[Difference]:
        for what, old_set, new_set in (("type", _types(old), _types(new)), ("value", _values(old), _values(new))):
            if old_set is not None and (new_set is None or new_set - old_set):
                more = "any" if new_set is None else ", ".join(sorted(new_set - old_set))
                # A value that is new in answers is one that clients were told to expect: enumerations grow.
                yield self._differs(place, not sent and what == "type", f"it may have the {what} {more} too")
            if new_set is not None and (old_set is None or old_set - new_set):
                less = "any" if old_set is None else ", ".join(sorted(old_set - new_set))
                yield self._differs(place, sent, f"it no longer has the {what} {less}")
        for keyword, upward in _BOUNDS.items():
            before, after = old.get(keyword), new.get(keyword)
            if before == after:
                continue
            narrower = after is not None and (before is None or (after > before) is upward)
            yield self._differs(place, sent and narrower, f"{keyword} is {_told(after)}, not {_told(before)}")
        for keyword in _LIMITS:
            before, after = old.get(keyword), new.get(keyword)
            if before != after:
                breaking = after is not None if sent else before is not None
                yield self._differs(place, breaking, f"{keyword} is {_told(after)}, not {_told(before)}")
        if bool(old.get("uniqueItems")) != bool(new.get("uniqueItems")):
            narrower = bool(new.get("uniqueItems"))
            yield self._differs(place, sent and narrower, f"its items must {'' if narrower else 'not '}be unique now")

    def _members(
        self, place: str, old: Node, new: Node, sent: bool, seen: frozenset[tuple[str, str]]
    ) -> Iterator[Difference]:
        old_members, new_members = old.get("properties", {}), new.get("properties", {})
        old_required, new_required = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(old_members.keys() | new_members.keys()):
            at = f"{place}/{name}"
            if name not in new_members:
                lost = not sent or new.get("additionalProperties") is False
                yield self._differs(at, lost, "it is gone")
                continue
            if name not in old_members:
                required = name in new_required
                yield self._differs(at, sent and required, f"it is new{' and required' if required else ''}")
                continue
            if (name in old_required) != (name in new_required):
                required = name in new_required
                yield self._differs(at, required is sent, f"it is {'required' if required else 'optional'} now")
            yield from self._schemas(at, old_members[name], new_members[name], sent=sent, seen=seen)
        closed = old.get("additionalProperties") is False, new.get("additionalProperties") is False
        if closed[0] != closed[1]:
            word = "refused" if closed[1] else "allowed"
            yield self._differs(place, sent and closed[1], f"other members are {word} now")

    def _alternatives(
        self, place: str, old: list[Any], new: list[Any], sent: bool, seen: frozenset[tuple[str, str]]
    ) -> Iterator[Difference]:
        """Each old alternative against the new one that it differs least from; what is left over is gone, or new."""
        left = list(range(len(new)))
        for node in old:
            tried = [(list(self._schemas(place, node, new[at], sent=sent, seen=seen)), at) for at in left]
            if not tried:
                yield self._differs(place, sent, "one of its alternatives is gone")
                continue
            found, at = min(tried, key=lambda one: (sum(each.breaking for each in one[0]), len(one[0])))
            left.remove(at)
            yield from found
        for _ in left:
            yield self._differs(place, not sent, "it has another alternative")


def _operations(document: Node) -> dict[tuple[str, str], tuple[Node, Node]]:
    """Path item and operation by method and path; the names of a path's parameters do not tell paths apart."""
    return {
        (method, _plain(path)): (item, item[method])
        for path, item in document.get("paths", {}).items()
        for method in METHODS
        if method in item
    }


def _plain(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def _parameters(document: Node, nodes: list[Node]) -> dict[tuple[str, str], Node]:
    """Parameters by place and name, those of the path by their order: no client sends their names."""
    found = [_resolved(document, one) for node in nodes for one in node.get("parameters", ())]
    of_path = (("path", str(at)) for at, _ in enumerate(found))
    return {next(of_path) if one["in"] == "path" else (one["in"], one["name"]): one for one in found}


def _resolved(document: Node, node: Any) -> Node:
    """A node with the references at its top followed; `true` and `false` as schemas allow everything, or nothing."""
    if isinstance(node, bool):
        return {} if node else {"type": []}
    while isinstance(node, Mapping) and "$ref" in node:
        target: Any = document
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node if isinstance(node, Mapping) else {}


def _reference(node: Any) -> str | None:
    return node.get("$ref") if isinstance(node, Mapping) else None


def _types(schema: Node) -> set[str] | None:
    """The types that a schema allows, None for every type. An integer is a number."""
    given = schema.get("type")
    if given is None:
        return None
    found = {given} if isinstance(given, str) else set(given)
    return found | {"integer"} if "number" in found else found


def _values(schema: Node) -> set[str] | None:
    if "const" in schema:
        return {repr(schema["const"])}
    return {repr(value) for value in schema["enum"]} if "enum" in schema else None


def _style(parameter: Node) -> tuple[str, bool]:
    style = str(parameter.get("style", "form" if parameter["in"] in ("query", "cookie") else "simple"))
    return style, bool(parameter.get("explode", style == "form"))


def _ways(document: Node, operation: Node) -> set[tuple[str, ...]]:
    """The ways to prove who calls, by what is sent; the empty one where nothing needs to be."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    needed = operation.get("security", document.get("security", []))
    told = {name: _scheme(_resolved(document, scheme)) for name, scheme in schemes.items()}
    return {tuple(sorted(told.get(name, name) for name in way)) for way in needed} or {()}


def _scheme(scheme: Node) -> str:
    place = f"{scheme.get('in', '')} {scheme.get('name', '')}".strip()
    return place or str(scheme.get("scheme", scheme.get("type", "")))


def _told(value: Any) -> str:
    return "absent" if value is None else repr(value)
