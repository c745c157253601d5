"""Schema errors as sentences. Only requests that have failed come here; it may take its time, but not for ever."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from jsonschema_rs import ValidationError, ValidationErrorKind

from mock_server.validation.sentences import Site, found, one_of, sentence, type_names, unknown
from mock_server.validation.words import pointer
from openapi import Document

Path = tuple[str | int, ...]

_TOLD = 3
_MOST = 128
# An unknown member explains a missing one, and a pattern says more than the format beside it.
_RANK = {"additionalProperties": -1, "format": 1}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the schema keyword that says so, and where. `text` writes the sentence.

    `member` is the one that is missing or unknown.
    """

    kind: str
    path: Path
    text: Callable[[], str]
    member: str | None = None


class Explainer:
    """Tells why a value does not fit the schema at a pointer.

    `name` is the parameter's that has the value; without one it is the body's.
    """

    def __init__(self, document: Document, pointer: str, name: str | None = None) -> None:
        self._document = document
        self._pointer = pointer
        self._name = name

    def problems(self, value: Any) -> list[Problem]:
        """Everything that is wrong with a value that is not valid, what matters most first, one of each place."""
        validator = self._document.validator(self._pointer)
        # Errors are collected eagerly, at 50 µs each; a large body would take minutes.
        errors = list(validator.iter_errors(_shortened(value))) or list(validator.iter_errors(value))
        kept: dict[tuple[Path, str | None], Problem] = {}
        for problem in sorted(self._told(errors, value), key=lambda problem: _RANK.get(problem.kind, 0)):
            kept.setdefault((problem.path, problem.member), problem)
        return list(kept.values())

    def _told(self, errors: Iterable[ValidationError], whole: Any) -> Iterator[Problem]:
        for error in errors:
            kind, path = error.kind.name, tuple(error.instance_path)
            if isinstance(error.kind, (ValidationErrorKind.OneOfNotValid, ValidationErrorKind.AnyOf)):
                yield from self._alternatives(error.kind.context, path, whole)
                continue
            site = self._site(error, whole)
            if kind == "additionalProperties":
                for name in site.error["unexpected"]:
                    yield Problem(kind, path, partial(unknown, site, name), name)
            else:
                text = partial(sentence, kind, site, error.message)
                yield Problem(kind, path, text, site.error.get("property"))

    def _alternatives(self, branches: list[list[ValidationError]], base: Path, whole: Any) -> Iterator[Problem]:
        """The problems with the alternative that the value is closest to.

        Alternatives are told apart by their type and by members with one constant value. If that rules out all of
        them, it is the problem, and what else each of them expects is not.
        """
        ruled_out = [[inner for inner in branch if self._decides(inner, base)] for branch in branches]
        best = min(range(len(branches)), key=lambda index: (len(ruled_out[index]), len(branches[index])))
        if not ruled_out[best]:
            yield from self._told(branches[best], whole)
            return
        first = ruled_out[best][0]
        place = first.instance_path
        alike = [inner for branch in ruled_out for inner in branch if inner.instance_path == place]
        kinds = {inner.kind.name for inner in alike}
        if kinds == {"const"}:
            options = list(dict.fromkeys(inner.kind.as_dict()["expected_value"] for inner in alike))
            text = partial(one_of, self._site(first, whole), options)
        elif kinds == {"type"}:
            expected = type_names({name for inner in alike for name in inner.kind.as_dict()["types"]})
            text = partial(found, self._site(first, whole), expected)
        else:
            yield from self._told([first], whole)
            return
        yield Problem(first.kind.name, tuple(place), text)

    def _decides(self, error: ValidationError, base: Path) -> bool:
        """Whether an error rules its alternative out: the value is of another kind altogether."""
        kind, depth = error.kind.name, len(error.instance_path) - len(base)
        if kind == "required" and depth == 0:
            properties = self._schema(error.schema_path[:-1]).get("properties", {})
            member = self._document.resolve(properties.get(error.kind.as_dict()["property"]))
            return isinstance(member, Mapping) and "const" in member
        return (kind, depth) in {("type", 0), ("enum", 0), ("const", 0), ("const", 1)}

    def _site(self, error: ValidationError, whole: Any) -> Site:
        path = tuple(error.instance_path)
        return Site(
            place=self._place(path),
            member=lambda name: self._place((*path, name)),
            value=_at(whole, path),
            schema=self._schema(error.schema_path[:-1]),
            error=error.kind.as_dict(),
            schema_path=tuple(error.schema_path),
        )

    def _schema(self, path: Sequence[str | int]) -> Any:
        """The schema at a validator's path: from the document's root behind a reference, else from our pointer."""
        node = self._document.raw if path and path[0] == "components" else self._document.at(self._pointer)
        return _at(node, path)

    def _place(self, path: Path) -> str:
        return (self._name or "") + pointer(path) or "The body"


def message(problems: Sequence[Problem]) -> str:
    """The first three problems in one text."""
    more = len(problems) - _TOLD
    return "; ".join(problem.text() for problem in problems[:_TOLD]) + (f" (and {more} more)" if more > 0 else "")


def _at(node: Any, path: Sequence[str | int]) -> Any:
    for token in path:
        node = node[token]
    return node


def _shortened(value: Any) -> Any:
    """A copy with at most 128 items in each array, and members in each object: more are wrong in any schema here."""
    if isinstance(value, dict):
        return {name: _shortened(item) for name, item in islice(value.items(), _MOST)}
    if isinstance(value, list):
        return [_shortened(item) for item in value[:_MOST]]
    return value
