"""Which operations a request for none comes close to, and what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mock_server.validation.words import LONGEST, bare
from openapi import Document, Operation

# How far an operation may be and still be told, how much farther than the nearest one, and how many are told.
_FAR, _FARTHER = 1.0, 0.7
_TOLD = 3

# How far these are: another method, a path that is not below the base, a slash at the end, a segment too few or too
# many, a segment that is quite another.
_METHOD, _BASE, _SLASH, _LENGTH, _OTHER = 0.4, 0.4, 0.2, 0.9, 1.1

# A segment of nearly the same letters is the one that was meant.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Near:
    """An operation, `path` being its whole one, and what of a request differs from it."""

    operation: Operation
    path: str
    differs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.operation.method} {self.path} ({'; '.join(self.differs)})"


def nearest(document: Document, method: str, path: str) -> list[Near]:
    """The operations of a document that are closest to a request, the closest first."""
    found = []
    for number, operation in enumerate(document.operations.values()):
        differences = list(_differences(document.base_path, operation, method, path))
        distance = sum(far for far, _ in differences)
        differs = tuple(told for _, told in differences)
        found.append((distance, number, Near(operation, document.base_path + operation.path, differs)))
    found.sort(key=lambda one: one[:2])
    far = min(_FAR, found[0][0] + _FARTHER)
    return [near for distance, _, near in found[:_TOLD] if distance <= far]


def _differences(base: str, operation: Operation, method: str, path: str) -> Iterator[tuple[float, str]]:
    """What differs, each with how far that is."""
    if method != operation.method:
        yield _METHOD, f"the method is {bare(method)}, expected {operation.method}"
    below = path.startswith(f"{base}/")
    if not below:
        yield _BASE, f"the path does not begin with {base}"
    given = path.removeprefix(base).split("/")[1:] if below else _without(base, path.split("/")[1:])
    expected = operation.path.split("/")[1:]
    for wrong, right in zip(given, expected, strict=False):
        if right.startswith("{") and wrong:
            continue
        if wrong != right:
            alike = SequenceMatcher(None, wrong[:LONGEST].lower(), right.lower()).ratio()
            yield (1 - alike if alike >= _ALIKE else _OTHER), f"{bare(wrong)}, expected {right}"
    if missing := expected[len(given) :]:
        yield _LENGTH * len(missing), f"/{'/'.join(missing)} is missing"
    if beyond := given[len(expected) :]:
        yield (_SLASH if beyond == [""] else _LENGTH * len(beyond)), f"{bare('/' + '/'.join(beyond))} is too much"


def _without(base: str, segments: Sequence[str]) -> Sequence[str]:
    """The segments of a path behind what it has of the base."""
    known = base.split("/")[1:]
    start = max((at + 1 for at, segment in enumerate(segments[: len(known)]) if segment in known), default=0)
    return segments[start:]
