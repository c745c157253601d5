"""One sentence for one schema error: the place, what was found there, what was expected."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_server.validation.words import bare, cut, either, hint, nearest, shown

_TYPES = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}
_FORMATS = {
    "date-time": "a time that the calendar has",
    "email": "an e-mail address",
    "uri": "a URI",
    "uuid": "a UUID",
}
_LIMITS = (
    ("exclusiveMinimum", "more than"),
    ("minimum", "at least"),
    ("exclusiveMaximum", "less than"),
    ("maximum", "at most"),
)
_EXCLUSIVE = frozenset({"exclusiveMinimum", "exclusiveMaximum"})
_NO_NULL = r"^[^\u0000]*$"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a schema error is.

    `place` names it; `member` does so for a member of the object there. `value` is what was found, `schema` is the
    one that has the keyword, `error` what the validator says of it, `schema_path` where the keyword stands.
    """

    place: str
    member: Callable[[str], str]
    value: Any
    schema: Mapping[str, Any]
    error: Mapping[str, Any]
    schema_path: Sequence[str | int]


def type_names(types: Iterable[str]) -> str:
    """`a string or null`; null comes last."""
    return either([_TYPES[name] for name in sorted(types, key=lambda name: name == "null")])


def span(low: Any, high: Any, unit: str = "") -> str:
    """`5 to 480`, `at least 5`, `at most 480`, with a unit in its right number."""
    words = f"{low} to {high}" if None not in (low, high) else f"at least {low}" if high is None else f"at most {high}"
    return f"{words} {_count(low if high is None else high, unit)}" if unit else words


def described(schema: Mapping[str, Any], otherwise: str) -> str:
    """What a schema stands for in its own words: the first sentence of its description, and an example."""
    text = " ".join(schema.get("description", "").split())
    first = text.split(". ")[0].removesuffix(".")
    words = first[:1].lower() + first[1:] if first else otherwise
    example = next(iter(schema.get("examples", ())), None)
    return words if example is None else f"{words}, for example {example}"


def sentence(kind: str, site: Site, message: str) -> str:
    """What is wrong; `message` is the validator's own, for kinds without a sentence of ours."""
    write = _SENTENCES.get(kind)
    return write(site) if write else f"{site.place} does not fit: {cut(message)}"


def unknown(site: Site, name: str) -> str:
    """A member that the schema does not know (STR-03)."""
    known = tuple(site.schema.get("properties", ()))
    return f"{site.member(name)} is unknown; {hint(name, known, site.member(''))}"


def found(site: Site, expected: str) -> str:
    """`/a is 1, expected a string`."""
    return f"{site.place} is {shown(site.value)}, expected {expected}"


def _count(number: Any, unit: str) -> str:
    return unit.removesuffix("s") if number == 1 else unit


def _counted(unit: str, low: str, high: str) -> Callable[[Site], str]:
    def write(site: Site) -> str:
        number = len(site.value)
        expected = "none" if site.schema.get(high) == 0 else span(site.schema.get(low), site.schema.get(high))
        return f"{site.place} has {number} {_count(number, unit)}, expected {expected}"

    return write


def _too_few_members(site: Site) -> str:
    if site.value:
        return _counted("members", "minProperties", "maxProperties")(site)
    least = site.schema["minProperties"]
    return f"{site.place} is empty, expected at least {least} of {', '.join(site.schema.get('properties', ()))}"


def one_of(site: Site, options: Sequence[Any]) -> str:
    """`/a is 1, expected 2 or 3`; of many options, the nearest is named again."""
    texts = [option for option in options if isinstance(option, str)]
    close = nearest(site.value, texts) if isinstance(site.value, str) and len(options) > 3 else None
    return found(
        site, either([shown(option) for option in options]) + (f"; did you mean {shown(close)}?" if close else "")
    )


def _pattern(site: Site) -> str:
    pattern = site.schema["pattern"]
    if pattern == _NO_NULL:
        return f"{site.place} has a null character, which no text may have"
    return found(site, described(site.schema, f"a match of {pattern}"))


def _repeated(site: Site) -> str:
    seen = set()
    for item in site.value:
        text = json.dumps(item, sort_keys=True)
        if text in seen:
            return f"{site.place} has {shown(item)} more than once"
        seen.add(text)
    return f"{site.place} has an item more than once"


def _forbidden(site: Site) -> str:
    path = list(site.schema_path)
    if "dependentSchemas" in path:
        return f"{site.place} cannot be given together with {bare(str(path[path.index('dependentSchemas') + 1]))}"
    return f"{site.place} cannot be given"


def _bounds(site: Site) -> str:
    if not _EXCLUSIVE.isdisjoint(site.schema):
        return found(site, " and ".join(f"{word} {site.schema[key]}" for key, word in _LIMITS if key in site.schema))
    return found(site, span(site.schema.get("minimum"), site.schema.get("maximum")))


_SENTENCES: Mapping[str, Callable[[Site], str]] = {
    "type": lambda site: found(site, type_names(site.error["types"])),
    "required": lambda site: f"{site.member(site.error['property'])} is missing",
    "enum": lambda site: one_of(site, site.schema["enum"]),
    "const": lambda site: found(site, shown(site.schema["const"])),
    "minimum": _bounds,
    "exclusiveMinimum": _bounds,
    "exclusiveMaximum": _bounds,
    "maximum": _bounds,
    "minLength": _counted("characters", "minLength", "maxLength"),
    "maxLength": _counted("characters", "minLength", "maxLength"),
    "minItems": _counted("items", "minItems", "maxItems"),
    "maxItems": _counted("items", "minItems", "maxItems"),
    "minProperties": _too_few_members,
    "maxProperties": _counted("members", "minProperties", "maxProperties"),
    "pattern": _pattern,
    "format": lambda site: found(site, _FORMATS.get(site.schema["format"], f"the format {site.schema['format']}")),
    "uniqueItems": _repeated,
    "falseSchema": _forbidden,
}
