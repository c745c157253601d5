"""The proof: the catalogue is read, attempts become a matrix, and a defect is caught by a check of its rule."""

from pathlib import Path

import pytest

from contract_tests.prove import (
    Attempt,
    Defect,
    Matrix,
    catalogue,
    document,
    markdown,
    prove,
    summary,
    terminal,
)
from contract_tests.settings import UsageError
from openapi import load_rules

PAGE = Defect("page-off-by-one", "PAGE-02", (), "Pages overlap.")
SORT = Defect("desc-ignored", "SORT-01", ("SORT-02",), "Every order ascends.")
CAUGHT = Attempt(PAGE, "test_laws.py::test_pages[listInvites-admin]", "PAGE-02", 3.0, ("PAGE-03",))
BESIDE = Attempt(SORT, "test_laws.py::test_order[listUsers-admin]", "SORT-02", 5.0)
MISSED = Attempt(SORT, None, None, 20.0, ("ENV-03",))
BROKEN = Attempt(SORT, None, None, 20.0, (), "the mock did not start")


def test_the_catalogue_is_the_mocks() -> None:
    every = catalogue()
    assert {one.rule for one in every} <= set(load_rules())
    assert len({one.id for one in every}) == len(every) > 200


def test_the_catalogue_by_id_and_by_rule() -> None:
    found = catalogue(["page-off-by-one", "SORT-08"])
    assert {one.rule for one in found} == {"PAGE-02", "SORT-08"}
    assert len(found) > 2


def test_an_unknown_defect_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError, match="there is no defect nothing"):
        catalogue(["nothing"])


def test_a_matrix_counts_and_takes_the_median_of_what_is_caught() -> None:
    matrix = Matrix((CAUGHT, BESIDE, MISSED), seed=7)
    assert matrix.survivors == (MISSED,)
    assert matrix.median_seconds == 4.0
    assert summary(matrix) == "2 of 3 defects caught, in a median of 4.0 s to the first failure (seed 7)"
    assert summary(Matrix((), seed=1)).startswith("0 of 0")


def test_a_matrix_in_a_terminal() -> None:
    lines = terminal(Matrix((CAUGHT, BESIDE, MISSED, BROKEN), seed=1)).splitlines()
    assert lines[0] == "PAGE-02  page-off-by-one  caught after 3.0 s by test_laws.py::test_pages[listInvites-admin]"
    assert lines[1].endswith("test_order[listUsers-admin] (SORT-02)")
    assert lines[2].endswith("NOT CAUGHT, seen as ENV-03")
    assert lines[3].endswith("NOT CAUGHT: the mock did not start")


def test_a_matrix_in_the_documentation() -> None:
    text = markdown(Matrix((CAUGHT, MISSED), seed=1))
    assert "| PAGE-02 | `page-off-by-one` | Pages overlap. | `test_pages` | 3.0 |" in text
    assert "| SORT-01 | `desc-ignored` | Every order ascends. | **not caught** |  |" in text
    assert "| `test_order` (SORT-02) | 5.0 |" in markdown(Matrix((BESIDE,), seed=1))


def test_the_published_matrix_is_complete_and_has_no_survivor() -> None:
    page = (Path(__file__).parents[2] / "docs" / "kill-matrix.md").read_text("utf-8")
    missing = [one.id for one in catalogue() if f"| {one.rule} | `{one.id}` |" not in page]
    assert not missing, "renew it: kailenty-contract prove --markdown docs/kill-matrix.md"
    assert "not caught" not in page


def test_a_matrix_as_data() -> None:
    told = document(Matrix((CAUGHT, MISSED), seed=1))
    assert (told["caught"], told["medianSeconds"]) == (1, 3.0)
    assert [one["caught"] for one in told["attempts"]] == [True, False]


def test_a_defect_is_caught_by_a_check_of_its_rule_or_not_at_all() -> None:
    """The same fault counts only where its own rule is reported."""
    elsewhere = Defect(PAGE.id, "MTG-03", (), "It does not break this rule.")
    heard: list[tuple[str, int]] = []
    matrix = prove([PAGE, elsewhere], workers=2, watch=lambda attempt, left: heard.append((attempt.defect.rule, left)))
    [caught, missed] = matrix.attempts
    assert (caught.rule, caught.defect) == ("PAGE-02", PAGE)
    assert "test_laws.py::test_pages_join_to_the_whole" in str(caught.test)
    assert not missed.caught
    assert sorted(left for _, left in heard) == [0, 1]
