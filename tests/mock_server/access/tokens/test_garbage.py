"""Whatever else is given for a token: refused, and nothing else can happen."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.access.issuers import KAILENTY, MICROSOFT, Issuer
from mock_server.access.tokens import InvalidToken, read
from tests.mock_server.access.tokens.signing import NOW, encode, good_claims, refusal, signed

DEEP = b"[" * 5000
RS256 = b'{"alg":"RS256"}'


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "é.é.é",
        "\ud800",
        "kk_live_0123456789",
        *(
            f"{encode(header)}.{encode(payload)}."
            for header, payload in [
                (b"[]", b"{}"),
                (b"{}", b"{}"),
                (DEEP, b"{}"),
                (b'["alg"]', b"{}"),
                (b'"alg"', b"{}"),
                (b'"alg b64"', b"{}"),
                (RS256, b""),
                (RS256, b"[1]"),
                (RS256, DEEP),
                (RS256, b"\xff"),
                (b'{"alg":"RS256","b64":false,"crit":["b64"]}', b"{}"),
            ]
        ),
    ],
)
def test_what_is_no_jwt_is_called_so(token: str) -> None:
    with pytest.raises(InvalidToken) as caught:
        read(token, now=NOW)
    assert caught.value.reason in (
        "not a JWT",
        "the header demands extensions ('crit'), and none is supported",
    )
    assert caught.value.kind is None


def test_a_huge_token_is_refused_by_its_length() -> None:
    claims = good_claims(KAILENTY)
    read(signed(KAILENTY, claims | {"padding": "x" * 5000}), now=NOW)
    assert refusal(signed(KAILENTY, claims | {"padding": "x" * 6000})).reason == (
        "the token is longer than 8192 characters"
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=10,
)
segments = st.one_of(
    st.text(max_size=50),
    st.binary(max_size=50).map(encode),
    json_values.map(lambda value: encode(json.dumps(value).encode())),
    st.dictionaries(st.sampled_from(["alg", "kid", "crit", "b64", "typ", "jwk"]), json_values).map(
        lambda header: encode(json.dumps({"alg": "RS256", "kid": KAILENTY.key_id} | header).encode())
    ),
)


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(segments, max_size=5).map(".".join)))
def test_no_text_does_more_than_be_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        read(token, now=NOW)


@settings(deadline=None)
@given(
    issuer=st.sampled_from([KAILENTY, MICROSOFT]),
    changes=st.dictionaries(
        st.sampled_from(["iss", "aud", "exp", "nbf", "iat", "sub", "jti", "workspace", "tid", "oid", "uti"])
        | st.text(),
        json_values,
        min_size=1,
    ),
)
def test_no_claims_do_more_than_be_refused(issuer: Issuer, changes: dict[str, Any]) -> None:
    token = signed(issuer, good_claims(issuer) | changes)
    with contextlib.suppress(InvalidToken):
        claims = read(token, now=NOW)
        assert claims.not_before <= NOW < claims.expires_at
        return
    refusal(token)
