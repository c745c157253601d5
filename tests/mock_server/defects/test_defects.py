"""Each defect shows, breaks one rule, and leaves the healthy mock alone."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from mock_server.cli import main
from mock_server.defects import DEFECTS, UNBREAKABLE, Defect, Defective
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request
from openapi import Document, load_app_api, load_rules
from tests.mock_server.defects.walking import Walker
from tests.mock_server.defects.walks import WALKS, walk

TWICE = ("AUTH", "TEN", "ROLE", "OWN", "PAGE", "SORT", "FILT")
EVERYTHING = tuple(step for steps in WALKS.values() for step in steps)


@pytest.fixture(scope="module")
def walker() -> Walker:
    return Walker()


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=lambda defect: defect.id)
def test_a_defect_shows(walker: Walker, defect: Defect) -> None:
    """Some answer of its rule's walk is another one than the healthy mock's."""
    steps = walk(defect.rule)
    healthy = walker.seen(walker.app, steps)
    assert walker.seen(Defective(walker.app, walker.app.state, defect), steps) != healthy


def test_the_wrapper_alone_changes_nothing(walker: Walker) -> None:
    async def nothing(server: Server, request: Request) -> Answer:
        return server.shown(await server.ask(request))

    wrapped = Defective(walker.app, walker.app.state, Defect("nothing", "ENV-01", "Nothing.", nothing, control=True))
    assert walker.seen(wrapped, EVERYTHING) == walker.seen(walker.app, EVERYTHING)


def test_a_defect_forgets_when_the_mock_begins_anew(walker: Walker) -> None:
    one = DEFECTS["host-change-keeps-the-event"]
    app = Defective(walker.app, walker.app.state, one)
    assert walker.seen(app, walk(one.rule)) == walker.seen(app, walk(one.rule))


def test_every_rule_that_can_be_seen_has_a_defect() -> None:
    count = Counter(defect.rule for defect in DEFECTS.values())
    needed = {rule.id: 2 if rule.id.partition("-")[0] in TWICE else 1 for rule in load_rules().values()}
    lacking = {rule for rule, number in needed.items() if count[rule] < number}
    assert lacking == set(UNBREAKABLE)


def test_nothing_that_sorts_is_null() -> None:
    """Why SORT-04 has no defect."""
    document = load_app_api()
    for operation in document.operations.values():
        if operation.listing is None or operation.sort_parameter is None:
            continue
        schema = document.at(f"{operation.responses['200']}/content/application~1json/schema")
        for pointer in (operation.sort_parameter.sort_fields or {}).values():
            node = document.resolve(schema)
            for step in ("data", "items", "*", *pointer.strip("/").split("/")):
                child = node["items"] if step == "*" else _member(document, node, step)
                node = document.resolve(child)
            assert "null" not in node["type"], (operation.operation_id, pointer)


def _member(document: Document, node: Any, name: str) -> Any:
    parts = [node, *(document.resolve(part) for part in node.get("allOf", ()))]
    return next(part["properties"][name] for part in parts if name in part.get("properties", {}))


def test_defects_name_rules_and_say_a_sentence() -> None:
    rules = load_rules()
    for name, defect in DEFECTS.items():
        assert defect.id == name
        assert {defect.rule, *defect.also} <= set(rules), name
        assert defect.rule not in defect.also, name
        assert defect.sentence[0] in f"{defect.sentence[0].upper()}abcdefghijklmnopqrstuvwxyz", name
        assert defect.sentence.endswith("."), name
    sentences = Counter(defect.sentence for defect in DEFECTS.values())
    assert max(sentences.values()) == 1


def test_a_mock_without_a_defect_does_not_import_them() -> None:
    code = "import sys, mock_server.app, mock_server.cli.serve; print([n for n in sys.modules if 'defects' in n])"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_list_for_people_and_for_programs() -> None:
    text = CliRunner().invoke(main, ["defects", "--rule", "PAGE-02"]).output
    assert "page-off-by-one" in text
    assert "TEN-01" not in text
    told = orjson.loads(CliRunner().invoke(main, ["defects", "--format", "json"]).output)
    assert [one["id"] for one in told["defects"]] == list(DEFECTS)
    assert set(told["unbreakable"]) == set(UNBREAKABLE)


def test_an_unknown_defect_is_refused_in_one_line() -> None:
    result = CliRunner().invoke(main, ["serve", "--defect", "page-of-by-one"])
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert "did you mean page-off-by-one?" in result.output
