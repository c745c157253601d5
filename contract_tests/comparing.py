"""Whole objects against each other, told as the members that differ."""

from collections.abc import Collection, Mapping
from typing import Any

from contract_tests.target import Answer

# When a row was last touched follows from every write, and no rule says more of it.
TOUCHED = ("updatedAt",)


def settled(value: Any) -> Any:
    """A value in which the order of lists does not matter: those within rows are sets of ids or of people."""
    if isinstance(value, dict):
        return {name: settled(member) for name, member in value.items()}
    if isinstance(value, list):
        return sorted((settled(member) for member in value), key=repr)
    return value


def differing(expected: Mapping[str, Any], actual: Mapping[str, Any], but: Collection[str] = TOUCHED) -> list[str]:
    """The members in which two objects differ, in order; a member that only one has differs."""
    names = sorted((expected.keys() | actual.keys()) - set(but))
    missing = object()
    return [name for name in names if settled(expected.get(name, missing)) != settled(actual.get(name, missing))]


def agree(
    answer: Answer,
    rule: str,
    expected: Mapping[str, Any],
    actual: Mapping[str, Any] | None = None,
    *,
    but: Collection[str] = TOUCHED,
    rules: Mapping[str, str] | None = None,
) -> None:
    """Raises Broken unless an object, the answer's data if none is given, is as expected.

    `rules` names a more specific rule for members; the first member that differs decides.
    """
    found = answer.data if actual is None else actual
    if names := differing(expected, found, but):
        broken = next((rules[name] for name in names if rules and name in rules), rule)
        wanted = {name: expected[name] for name in names if name in expected}
        raise answer.broken(broken, f"{wanted or 'nothing'}", {name: found.get(name, "no member") for name in names})


def named(answer: Answer, rule: str, missing: str) -> None:
    """Raises Broken unless an answer is 404 and its message names what does not exist."""
    answer.must_be(404, rule, f"{missing} does not exist")
    if missing not in answer.body["message"]:
        raise answer.broken(rule, f"a message that names {missing}", answer.body["message"])


def one_of(rows: list[dict[str, Any]], row_id: str) -> dict[str, Any] | None:
    """The row with an id."""
    return next((row for row in rows if row["id"] == row_id), None)
