"""The prepared contract gives every server the same work."""

import json

import pytest

from bench.document import BASE, PAGE_SIZE, Contract, load


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load()


def test_the_page_is_full(contract: Contract) -> None:
    assert len(contract.page["data"]["items"]) == PAGE_SIZE
    assert contract.page["data"]["total"] == PAGE_SIZE
    examples = contract.document["components"]["examples"].values()
    assert contract.page in [example["value"] for example in examples]


def test_other_examples_stay_as_they_are(contract: Contract) -> None:
    assert contract.one["data"]["id"] == contract.invite_id
    assert contract.created["success"] is True


def test_the_create_can_be_repeated(contract: Contract) -> None:
    assert "publicLinkValue" not in contract.create
    assert contract.create["voteDeadlineAt"] > "2090"


def test_operations_are_below_the_base_path(contract: Contract) -> None:
    operations = contract.operations()
    assert list(operations) == ["get", "list", "create"]
    assert contract.document["servers"] == [{"url": BASE}]
    assert operations["create"].body is not None
    assert json.loads(operations["create"].body) == contract.create
