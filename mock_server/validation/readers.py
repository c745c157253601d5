"""From the text of one parameter to a value that fits its schema."""

import re
from typing import Any, NoReturn

from mock_server.meanings import Invalid
from mock_server.validation.explain import Explainer, message
from mock_server.validation.rules import ANY, Rules
from mock_server.validation.sentences import span
from mock_server.validation.words import cut, shown
from openapi import Document, Operation, Parameter

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_LOST_PLUS = re.compile(r" \d\d:\d\d$")
# The integers that every JSON reader has.
_LARGEST = 2**53 - 1


class Reader:
    """Reads the text of a parameter; this one leaves it a text.

    Raises Invalid: STR-06 for a time, FILT-05 for a filter, SORT-07 for a sort key, else ERR-05.
    """

    def __init__(self, document: Document, operation: Operation, parameter: Parameter) -> None:
        self.name = parameter.name
        self.schema = parameter.schema
        self._is_valid = document.validator(parameter.pointer).is_valid
        self._explainer = Explainer(document, parameter.pointer, parameter.name)
        self._is_time = parameter.name in operation.times
        self._rules = Rules(operation)

    def __call__(self, text: str) -> Any:
        if not text:
            self._refuse_empty()
        return self._checked(text)

    def _checked(self, value: Any) -> Any:
        try:
            if self._is_valid(value):
                return value
        except UnicodeEncodeError:  # a path that the server did not decode strictly
            raise Invalid(f"{self.name} is not UTF-8", rule=self._rule()) from None
        problems = self._explainer.problems(value)
        advice = "; a + in a query is a space, write it as %2B" if self._is_time and _LOST_PLUS.search(value) else ""
        raise Invalid(message(problems) + advice, rule=self._rule(problems[0].kind))

    def _refuse_empty(self) -> NoReturn:
        raise Invalid(f"{self.name} has no value", rule=self._rule())

    def _rule(self, kind: str = "minLength") -> str:
        """The rule that a value breaks, by the schema keyword it breaks."""
        if self._is_time:
            return self._rules.first("STR-06", ANY)
        return "SORT-07" if self.name in ("sort", "sortBy", "sortDir") else ANY


class BooleanReader(Reader):
    """Reads `true` and `false`."""

    def __call__(self, text: str) -> bool:
        if text == "true":
            return True
        if text == "false":
            return False
        raise Invalid(f"{self.name} is {shown(text)}, expected true or false", rule=self._rule())


class IntegerReader(Reader):
    """Reads integers in canonical decimal form: no sign but `-`, no leading zero, no fraction, no exponent.

    Raises Invalid: PAGE-07 for another form or a number too large, PAGE-06 for other bounds of a list.
    """

    def __init__(self, document: Document, operation: Operation, parameter: Parameter) -> None:
        super().__init__(document, operation, parameter)
        self._low = self.schema.get("minimum", -_LARGEST)
        self._high = self.schema.get("maximum", _LARGEST)
        self._is_page = operation.listing is not None

    def __call__(self, text: str) -> int:
        if not text:
            self._refuse_empty()
        # Python refuses to read numbers of more than 4300 digits; 20 are beyond all bounds.
        if not _INTEGER.fullmatch(text) or not self._low <= (number := int(text[:20])) <= self._high:
            self._refuse(text)
        value: int = self._checked(number)
        return value

    def _refuse(self, text: str) -> NoReturn:
        found = cut(text) if _INTEGER.fullmatch(text) else shown(text)
        expected = f"an integer from {span(self._low, self._high)}"
        if not _INTEGER.fullmatch(text):
            rule = "PAGE-07"
            expected += " in plain decimal digits"
        else:
            rule = "PAGE-07" if self.name == "page" and not text.startswith("-") else "PAGE-06"
        raise Invalid(f"{self.name} is {found}, expected {expected}", rule=rule if self._is_page else ANY)


class ListReader(Reader):
    """Reads texts joined by commas. Raises Invalid (FILT-05, SORT-07) for an empty value or segment."""

    def __call__(self, text: str) -> list[str]:
        if not text:
            self._refuse_empty()
        segments = text.split(",")
        if "" in segments:
            raise Invalid(f"{self.name} has an empty segment; join values by single commas", rule=self._rule())
        value: list[str] = self._checked(segments)
        return value


class FilterReader(ListReader):
    """Reads the ids of a filter."""

    def _rule(self, kind: str = "minLength") -> str:
        return "FILT-05" if kind in ("minLength", "uniqueItems") else ANY
