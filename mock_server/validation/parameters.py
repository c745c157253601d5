"""The path and query parameters of a request."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from mock_server.meanings import Invalid, Refuse
from mock_server.validation.readers import BooleanReader, FilterReader, IntegerReader, ListReader, Reader
from mock_server.validation.rules import ANY, Rules
from mock_server.validation.sorting import SortReader
from mock_server.validation.words import bare, hint
from openapi import Document, Operation, Parameter

_STRAY_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BY_TYPE: Mapping[str, type[Reader]] = {"boolean": BooleanReader, "integer": IntegerReader, "array": ListReader}


def _reader(document: Document, operation: Operation, parameter: Parameter) -> Reader:
    kind = _BY_TYPE.get(parameter.schema["type"], Reader)
    if parameter.sort_fields is not None:
        kind = SortReader
    elif parameter.filter_targets is not None:
        kind = FilterReader
    return kind(document, operation, parameter)


class PathReader:
    """Reads the path parameters of an operation."""

    def __init__(self, document: Document, operation: Operation) -> None:
        self._readers = [(p.name, _reader(document, operation, p)) for p in operation.parameters_in("path")]

    def read(self, given: Mapping[str, str]) -> dict[str, str]:
        """The values by name. Raises Invalid (ERR-05)."""
        return {name: reader(given[name]) for name, reader in self._readers}


class QueryReader:
    """Reads the query of an operation."""

    def __init__(self, document: Document, operation: Operation) -> None:
        parameters = operation.parameters_in("query")
        self._readers = {p.name: _reader(document, operation, p) for p in parameters}
        self._required = tuple(p.name for p in parameters if p.required)
        self._defaults = {p.name: p.schema["default"] for p in parameters if "default" in p.schema}
        self._missing = Rules(operation).first("MTG-01", ANY)

    def read(self, raw: bytes, refuse: Refuse) -> dict[str, Any]:
        """The values by name, with the defaults of those not given.

        Raises Invalid: what is not percent-encoded UTF-8 (ERR-05), an unknown parameter (STR-01), a repeated one
        (STR-02), a missing one (MTG-01), or what a reader refuses. Where `refuse` does not raise, an unknown one is
        left out, and of a repeated one the first stays.
        """
        if not raw and not self._required:
            return self._defaults.copy()
        given: dict[str, Any] = {}
        for name, text in _pairs(raw):
            if name in given:
                refuse(Invalid(f"The parameter {name} is given more than once", rule="STR-02"))
            elif (reader := self._readers.get(name)) is not None:
                given[name] = reader(text)
            else:
                message = f"The query parameter {bare(name)} is unknown; {hint(name, tuple(self._readers))}"
                refuse(Invalid(message, rule="STR-01"))
        for name in self._required:
            if name not in given:
                raise Invalid(f"{name} is missing", rule=self._missing)
        return {**self._defaults, **given}


def _pairs(raw: bytes) -> Iterator[tuple[str, str]]:
    """Names and values, decoded; `+` is a space, and nothing between two `&` is nothing."""
    encoded = b"%" in raw or b"+" in raw
    if encoded and _STRAY_PERCENT.search(raw):
        raise Invalid("The query has a % without two hexadecimal digits; write a % as %25", rule=ANY)
    for piece in raw.split(b"&"):
        if piece:
            name, _, text = piece.partition(b"=")
            try:
                yield (_decoded(name), _decoded(text)) if encoded else (name.decode(), text.decode())
            except UnicodeDecodeError:
                raise Invalid("The query is not UTF-8", rule=ANY) from None


def _decoded(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode()
