"""Whatever comes, it is read or refused by one of three meanings, with a rule that exists."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.meanings import ContentTooLarge, Invalid, Refusal, UnsupportedMediaType
from mock_server.validation import Input
from openapi import load_app_api, load_mock_control, load_rules
from tests.mock_server.validation.asking import DIRECT, IDS, JSON, MEETING, MOTHER, ask

OPERATIONS = sorted({**load_app_api().operations, **load_mock_control().operations})
WITH_BODY = sorted(
    name
    for document in (load_app_api(), load_mock_control())
    for name, operation in document.operations.items()
    if operation.body
)
PARAMETERS = sorted({p.name for o in load_app_api().operations.values() for p in o.parameters_in("query")})

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["users", "2030-01-01T00:00:00Z"])
)
names = st.text(max_size=8) | st.sampled_from(sorted({*MOTHER, *DIRECT, *MEETING, "type", "userIds", "guests", "now"}))
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=5), max_leaves=20
)
pieces = st.sampled_from(
    [*PARAMETERS, "=", "&", ",", ":", "%", "%41", "+", "asc", "title", "0", "-1", "9" * 40, "\u0663"]
)


def holds(operation: str, **request: Any) -> None:
    try:
        read: Input | Refusal = ask(operation, **request)
    except (Invalid, ContentTooLarge, UnsupportedMediaType) as refusal:
        read = refusal
    if isinstance(read, Refusal):
        assert read.rule in load_rules()
        assert read.message
        assert read.message.isprintable()
        assert len(read.message) < 2500


@settings(deadline=None)
@given(st.sampled_from(OPERATIONS), st.binary(max_size=200))
def test_any_bytes_as_a_query(operation: str, query: bytes) -> None:
    holds(operation, query=query)


@settings(deadline=None)
@given(st.sampled_from(OPERATIONS), st.lists(pieces, max_size=12).map("".join))
def test_any_pieces_as_a_query(operation: str, query: str) -> None:
    holds(operation, query=query)


@settings(deadline=None)
@given(st.sampled_from(OPERATIONS), st.binary(max_size=300))
def test_any_bytes_as_a_body(operation: str, body: bytes) -> None:
    holds(operation, body=body)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WITH_BODY), documents)
def test_any_json_as_a_body(operation: str, body: Any) -> None:
    holds(operation, body=json.dumps(body).encode())
    holds(operation, body=json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(WITH_BODY),
    st.sampled_from([MOTHER, DIRECT, MEETING]),
    names,
    documents,
    st.sampled_from([*MOTHER, *MEETING]),
)
def test_any_change_of_a_good_body(operation: str, body: dict[str, Any], name: str, value: Any, dropped: str) -> None:
    changed = {key: item for key, item in {**body, name: value}.items() if key != dropped}
    holds(operation, body=json.dumps(changed).encode())


@settings(deadline=None)
@given(st.sampled_from(OPERATIONS), st.text(st.characters(codec=None, exclude_categories=[])))
def test_any_text_in_the_path(operation: str, text: str) -> None:
    holds(operation, path=dict.fromkeys(IDS, text))


@settings(deadline=None)
@given(
    st.sampled_from(WITH_BODY), st.text(st.characters(codec="latin-1"), max_size=50), st.binary(min_size=1, max_size=5)
)
def test_any_content_type(operation: str, content_type: str, body: bytes) -> None:
    holds(operation, headers={**JSON, "content-type": content_type}, body=body)
