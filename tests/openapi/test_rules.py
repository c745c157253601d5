"""The rules: numbered once, traced to where they come from, bound to operations that exist."""

import dataclasses
import re
from collections import Counter

import pytest

from openapi import Rule, load_app_api, load_rules, rules
from openapi.document import read_yaml

FACTS = [f"D-{number:02}" for number in range(1, 29)]

# Documented facts that no rule follows, and why.
WITHOUT_RULE = {
    "D-01": "the address itself: every check of every other rule is a request below it",
    "D-28": "the MCP server is another interface; this document has no operation of it",
}

# The paragraphs of the contract's decisions that a rule may follow.
DECISIONS = {
    "Invite",
    "Keys",
    "Labels, users",
    "Lists",
    "Meeting",
    "Names of members",
    "Order of checks",
    "Own",
    "Status",
    "Strictness",
    "Visibility",
}

each_rule = pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.id)


def test_ids_are_unique() -> None:
    ids = [node["id"] for node in read_yaml("rules.yaml")["rules"]]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert ids == list(load_rules())


def test_numbers_of_a_family_have_no_gap_and_a_family_stands_together() -> None:
    families = [rule_id.rsplit("-", 1)[0] for rule_id in load_rules()]
    counted = Counter(families)
    assert list(load_rules()) == [f"{family}-{n:02}" for family in counted for n in range(1, counted[family] + 1)]


def test_texts_are_unique() -> None:
    assert [text for text, count in Counter(rule.text for rule in load_rules().values()).items() if count > 1] == []


@each_rule
def test_rule_is_well_formed(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3,4}-\d\d", rule.id)
    assert rule.text.endswith(".")
    assert rule.severity in ("critical", "major", "minor")
    assert rule.observable in ("api", "dashboard", "none")


@each_rule
def test_rule_follows_a_fact_or_a_decision(rule: Rule) -> None:
    if rule.documented:
        assert rule.source in FACTS
    else:
        assert rule.source.removeprefix("contract: ") in DECISIONS
        assert rule.source.startswith("contract: ")


@each_rule
def test_rule_binds_operations_that_exist_each_once(rule: Rule) -> None:
    assert rule.operations
    assert set(rule.operations) <= set(load_app_api().operations)
    assert len(set(rule.operations)) == len(rule.operations)


@pytest.mark.parametrize("fact", FACTS)
def test_every_documented_fact_has_a_rule_or_a_reason(fact: str) -> None:
    followed = [rule.id for rule in load_rules().values() if rule.source == fact]
    assert bool(followed) != (fact in WITHOUT_RULE)


def test_every_operation_is_bound_by_a_rule_of_its_own() -> None:
    """Rules of groups bind everything; what an operation is for stands in a rule that names it."""
    named = {
        operation
        for node in read_yaml("rules.yaml")["rules"]
        if isinstance(node["operations"], list)
        for operation in node["operations"]
    }
    assert named == set(load_app_api().operations)


def test_the_number_of_participants_is_that_of_the_document() -> None:
    """The rules repeat few limits in words; those stay true."""
    participants = load_app_api().operations["createMeeting"].participants
    assert participants is not None
    assert f"at most {participants.maximum} distinct people" in load_rules()["MTG-09"].text


def test_the_message_of_a_past_deadline_is_that_of_the_document() -> None:
    media = load_app_api().at("#/components/responses/BadRequest")["content"]["application/json"]
    assert f'"{media["example"]["message"]}"' in load_rules()["INV-06"].text


def test_a_rule_is_frozen() -> None:
    rule = load_rules()["ENV-01"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.text = "Anything goes."  # type: ignore[misc]


def test_a_rule_of_an_unknown_operation_is_a_mistake() -> None:
    node = {"id": "X-01", "operations": ["getTeapot"]}
    with pytest.raises(ValueError, match="rule X-01 names unknown operations: \\['getTeapot'\\]"):
        rules._rule(load_app_api(), node)
