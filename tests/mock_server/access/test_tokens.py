"""Tokens: what is accepted, what is refused and with which words, and that nothing else can happen."""

import base64
import contextlib
import hashlib
import hmac
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.access import issuers, keys
from mock_server.access.issuers import KAILENTY, MICROSOFT, Issuer
from mock_server.access.keys import jose
from mock_server.access.tokens import Claims, Flaw, InvalidToken, TokenKind, mint, read

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TENANT = "7d1c7c3e-52f4-4f0b-9d0a-0c1f2a3b4c5d"
UNKNOWN_KID = keys.private("unknown")["kid"]

both_kinds = pytest.mark.parametrize("kind", TokenKind)
both_issuers = pytest.mark.parametrize("issuer", [KAILENTY, MICROSOFT], ids=lambda issuer: issuer.kind)


def minted(kind: TokenKind, *, flaw: Flaw | None = None, **changes: Any) -> str:
    arguments = {
        "workspace": "acme",
        "tenant_id": TENANT,
        "user_id": "usr_ada",
        "object_id": "obj-ada",
        "email": "ada@acme.example",
        "name": "Ada Löwe",
        "token_id": "tok-1",
        "now": NOW,
    }
    return mint(kind, flaw=flaw, **{**arguments, **changes})


def good_claims(issuer: Issuer) -> dict[str, Any]:
    payload = minted(issuer.kind).split(".")[1]
    claims: dict[str, Any] = json.loads(decode(payload))
    return claims


def signed(issuer: Issuer, claims: dict[str, Any]) -> str:
    """Sign any claims as the issuer would: its keys are public, so a client can do this too."""
    return jose.sign(claims, key=issuer.kind, key_id=issuer.key_id)


def with_header(token: str, header: Any, *, key: str = "kailenty") -> str:
    """Replace the header and sign again with RS256, without the help of a JOSE library."""
    signing_input = f"{encode(json.dumps(header).encode())}.{token.split('.')[1]}"
    signature = private_key(key).sign(signing_input.encode(), padding.PKCS1v15(), SHA256())
    return f"{signing_input}.{encode(signature)}"


def number(jwk: dict[str, str], member: str) -> int:
    return int.from_bytes(decode(jwk[member]), "big")


def public_key(jwk: dict[str, str]) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(number(jwk, "e"), number(jwk, "n")).public_key()


def private_key(name: str) -> rsa.RSAPrivateKey:
    jwk = keys.private(name)
    parts = {"p": "p", "q": "q", "d": "d", "dmp1": "dp", "dmq1": "dq", "iqmp": "qi"}
    numbers = {ours: number(jwk, theirs) for ours, theirs in parts.items()}
    return rsa.RSAPrivateNumbers(**numbers, public_numbers=public_key(jwk).public_numbers()).private_key()


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def refusal(token: str, *, now: datetime = NOW) -> InvalidToken:
    with pytest.raises(InvalidToken) as caught:
        read(token, now=now)
    reason = caught.value.reason
    assert len(reason) < 250
    assert reason.isascii()
    assert reason.isprintable()
    assert not any(part in reason for part in token.split(".") if len(part) > 20)
    return caught.value


def test_a_kailenty_token_reads_back() -> None:
    assert read(minted(TokenKind.KAILENTY), now=NOW) == Claims(
        kind=TokenKind.KAILENTY,
        workspace="acme",
        tenant_id=None,
        subject="usr_ada",
        token_id="tok-1",
        not_before=NOW,
        expires_at=NOW + timedelta(hours=8),
    )


def test_a_microsoft_token_reads_back() -> None:
    assert read(minted(TokenKind.MICROSOFT, lifetime=timedelta(hours=1)), now=NOW) == Claims(
        kind=TokenKind.MICROSOFT,
        workspace=None,
        tenant_id=TENANT,
        subject="obj-ada",
        token_id="tok-1",
        not_before=NOW,
        expires_at=NOW + timedelta(hours=1),
    )


def test_the_claims_are_those_the_issuers_are_known_for() -> None:
    times = {"iat", "nbf", "exp"}
    assert good_claims(KAILENTY).keys() == {"iss", "aud", "sub", "workspace", "jti"} | times
    microsoft = good_claims(MICROSOFT)
    names = {"iss", "aud", "sub", "tid", "oid", "preferred_username", "name", "uti", "ver"}
    assert microsoft.keys() == names | times
    assert microsoft["name"] == "Ada Löwe"
    assert microsoft["sub"] != microsoft["oid"]


@both_kinds
@pytest.mark.parametrize("flaw", [None, *Flaw])
def test_minting_is_deterministic(kind: TokenKind, flaw: Flaw | None) -> None:
    assert minted(kind, flaw=flaw) == minted(kind, flaw=flaw)
    assert minted(kind, flaw=flaw) != minted(kind, flaw=flaw, token_id="tok-2")


@both_kinds
@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        (Flaw.EXPIRED, "the token expired at 2026-06-01T11:00:00.000Z"),
        (Flaw.NOT_YET_VALID, "the token is not valid before 2026-06-01T13:00:00.000Z"),
        (Flaw.WRONG_AUDIENCE, "the audience is 'another-api', expected '{audience}'"),
        (Flaw.WRONG_ISSUER, "the issuer is 'https://login.elsewhere.mock', expected '{issuer}'"),
        (Flaw.BAD_SIGNATURE, "the signature does not match the issuer's key"),
        (Flaw.ALG_NONE, "the algorithm is 'none', expected RS256"),
    ],
)
def test_each_flaw_is_refused_with_its_reason(kind: TokenKind, flaw: Flaw, reason: str) -> None:
    issuer = issuers.ISSUERS[kind]
    refused = refusal(minted(kind, flaw=flaw))
    assert refused.reason == reason.format(audience=issuer.audience, issuer=issuer.url(TENANT))
    assert refused.kind is kind


def test_a_token_of_the_wrong_tenant_reads_as_that_of_nobody() -> None:
    assert read(minted(TokenKind.KAILENTY, flaw=Flaw.WRONG_TENANT), now=NOW).workspace == "no-such-workspace"
    tenant_id = read(minted(TokenKind.MICROSOFT, flaw=Flaw.WRONG_TENANT), now=NOW).tenant_id
    assert tenant_id == "00000000-0000-0000-0000-000000000000"


@both_kinds
def test_a_token_once_accepted_expires_to_the_second(kind: TokenKind) -> None:
    token = minted(kind, lifetime=timedelta(hours=1))
    end = NOW + timedelta(hours=1)
    read(token, now=end - timedelta(microseconds=1))
    assert "expired" in refusal(token, now=end).reason
    assert "not valid before" in refusal(token, now=NOW - timedelta(microseconds=1)).reason
    read(token, now=NOW)


@both_kinds
def test_the_published_key_set_verifies_a_token(kind: TokenKind) -> None:
    token = minted(kind)
    signing_input, _, signature = token.rpartition(".")
    (jwk,) = issuers.jwks(kind)["keys"]
    header = json.loads(decode(token.split(".")[0]))
    assert header == {"typ": "JWT", "alg": "RS256", "kid": jwk["kid"]}
    key = public_key(jwk)
    assert key.key_size == 2048
    key.verify(decode(signature), signing_input.encode(), padding.PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        key.verify(decode(signature), signing_input.encode() + b"A", padding.PKCS1v15(), SHA256())


@both_kinds
def test_a_key_set_has_no_private_part(kind: TokenKind) -> None:
    (jwk,) = issuers.jwks(kind)["keys"]
    assert jwk.keys() == {"kty", "use", "alg", "kid", "n", "e"}


@both_kinds
def test_discovery_names_the_issuer_of_the_tokens_and_the_keys_of_this_server(kind: TokenKind) -> None:
    document = issuers.discovery(kind, "http://127.0.0.1:8080/", TENANT)
    assert document["issuer"] == good_claims(issuers.ISSUERS[kind])["iss"]
    assert document["jwks_uri"] == f"http://127.0.0.1:8080/_mock/issuers/{kind}/jwks.json"
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]
    assert document.keys() >= {
        "authorization_endpoint",
        "token_endpoint",
        "response_types_supported",
        "subject_types_supported",
    }


def test_discovery_escapes_a_tenant_that_comes_from_the_path() -> None:
    document = issuers.discovery(TokenKind.MICROSOFT, "http://mock", "a/../{b}?c")
    assert document["token_endpoint"] == "http://mock/_mock/issuers/microsoft/a%2F..%2F%7Bb%7D%3Fc/v2.0/token"


@both_issuers
def test_hs256_with_the_public_key_as_its_secret_is_refused(issuer: Issuer) -> None:
    head = encode(json.dumps({"alg": "HS256", "kid": issuer.key_id}).encode())
    signing_input = f"{head}.{minted(issuer.kind).split('.')[1]}"
    for secret in (json.dumps(keys.public(issuer.kind)), keys.public(issuer.kind)["n"]):
        mac = hmac.new(secret.encode(), signing_input.encode(), hashlib.sha256).digest()
        assert refusal(f"{signing_input}.{encode(mac)}").reason == "the algorithm is 'HS256', expected RS256"


@pytest.mark.parametrize("algorithm", ["RS512", "PS256", "ES256", "NONE", "rs256", "", None, 5, [], {}, True])
def test_every_other_algorithm_is_refused(algorithm: object) -> None:
    token = with_header(minted(TokenKind.KAILENTY), {"alg": algorithm, "kid": KAILENTY.key_id})
    assert refusal(token).reason.startswith("the algorithm is ")


@both_issuers
def test_a_tampered_payload_is_refused(issuer: Issuer) -> None:
    head, _, signature = minted(issuer.kind).split(".")
    payload = encode(json.dumps(good_claims(issuer) | {issuer.subject_claim: "someone-else"}).encode())
    assert "signature" in refusal(f"{head}.{payload}.{signature}").reason


@both_issuers
def test_one_issuer_cannot_sign_for_the_other(issuer: Issuer) -> None:
    other = MICROSOFT if issuer is KAILENTY else KAILENTY
    assert "the issuer is" in refusal(signed(issuer, good_claims(other))).reason
    assert "signature" in refusal(jose.sign(good_claims(other), key=issuer.kind, key_id=other.key_id)).reason


@pytest.mark.parametrize("key_id", [UNKNOWN_KID, "", None, 1, ["kailenty-mock-1"], {}])
def test_a_foreign_key_is_refused(key_id: object) -> None:
    refused = refusal(with_header(minted(TokenKind.KAILENTY), {"alg": "RS256", "kid": key_id}, key="unknown"))
    assert refused.reason.startswith("the key ('kid') is ")
    assert refused.kind is None


def test_a_missing_key_id_is_refused() -> None:
    refused = refusal(with_header(minted(TokenKind.KAILENTY), {"alg": "RS256"}))
    assert refused.reason == "the key ('kid') is missing, which no issuer here publishes"


@pytest.mark.parametrize(
    "extra",
    [
        {"jwk": keys.public("unknown")},
        {"jku": "https://attacker.example/jwks.json"},
        {"x5u": "https://attacker.example/cert.pem"},
        {"x5c": ["MIIB"]},
    ],
    ids=lambda extra: next(iter(extra)),
)
def test_a_key_that_the_token_brings_along_is_ignored(extra: dict[str, Any]) -> None:
    token, header = minted(TokenKind.KAILENTY), {"alg": "RS256", "kid": KAILENTY.key_id, **extra}
    assert read(with_header(token, header), now=NOW).subject == "usr_ada"
    assert "signature" in refusal(with_header(token, header, key="unknown")).reason


def test_a_header_member_that_means_nothing_here_is_ignored() -> None:
    header = {"alg": "RS256", "kid": KAILENTY.key_id, "nonce": "n", "x5t": "t"}
    assert read(with_header(minted(TokenKind.KAILENTY), header), now=NOW).subject == "usr_ada"


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], 5, None, "exp", [[]]])
def test_critical_extensions_are_refused(crit: object) -> None:
    header = {"alg": "RS256", "kid": KAILENTY.key_id, "crit": crit, "exp": 1}
    assert "crit" in refusal(with_header(minted(TokenKind.KAILENTY), header)).reason


@pytest.mark.parametrize("member", [{"typ": 1}, {"jku": 1}, {"jwk": "x"}, {"x5c": "x"}])
def test_a_header_member_of_the_wrong_type_is_refused(member: dict[str, Any]) -> None:
    header = {"alg": "RS256", "kid": KAILENTY.key_id, **member}
    refused = refusal(with_header(minted(TokenKind.KAILENTY), header))
    assert refused.reason == "the header has a member of the wrong type"


@both_issuers
def test_every_claim_that_is_read_is_required(issuer: Issuer) -> None:
    identity = {issuer.subject_claim, issuer.token_id_claim, issuer.workspace_claim, issuer.tenant_claim} - {None}
    for name in ("iss", "aud", "nbf", "exp", *identity):
        claims = good_claims(issuer)
        del claims[str(name)]
        assert issuer.kind is refusal(signed(issuer, claims)).kind
    assert refusal(signed(issuer, {})).reason.startswith("the issuer is missing, expected ")


@both_issuers
@pytest.mark.parametrize("value", [None, "", 5, True, [], ["x"], {}, "a\x00b", "a\nb", "\ud800", "x" * 201])
def test_an_identity_that_is_no_plain_text_is_refused(issuer: Issuer, value: object) -> None:
    for name in (issuer.subject_claim, issuer.token_id_claim, issuer.workspace_claim, issuer.tenant_claim):
        if name is not None:
            refusal(signed(issuer, good_claims(issuer) | {name: value}))


@pytest.mark.parametrize("name", ["exp", "nbf"])
@pytest.mark.parametrize(
    "value",
    [True, False, None, "1", [], {}, float("nan"), float("inf"), -float("inf"), 1e300, 10**400, -(10**30)],
)
def test_a_time_that_is_no_date_is_refused(name: str, value: object) -> None:
    refused = refusal(signed(KAILENTY, good_claims(KAILENTY) | {name: value}))
    assert refused.reason.startswith(f"the claim '{name}' is ")


def test_a_fraction_of_a_second_is_a_date() -> None:
    token = signed(KAILENTY, good_claims(KAILENTY) | {"exp": NOW.timestamp() + 0.5})
    assert read(token, now=NOW).expires_at == NOW + timedelta(milliseconds=500)
    assert (
        "expired at 1969-12-31T23:59:59.000Z" in refusal(signed(KAILENTY, good_claims(KAILENTY) | {"exp": -1})).reason
    )


def test_a_list_of_audiences_may_contain_ours() -> None:
    claims = good_claims(KAILENTY)
    read(signed(KAILENTY, claims | {"aud": ["other", KAILENTY.audience]}), now=NOW)
    for audience in ([], ["other"], [KAILENTY.audience, 5], [[KAILENTY.audience]], {KAILENTY.audience: 1}):
        assert "the audience is an" in refusal(signed(KAILENTY, claims | {"aud": audience})).reason


def test_an_issuer_is_never_a_list() -> None:
    refused = refusal(signed(KAILENTY, good_claims(KAILENTY) | {"iss": [KAILENTY.url("")]}))
    assert refused.reason == "the issuer is an array, expected 'https://login.kailenty.mock'"


def test_the_tenant_must_be_that_of_the_issuer() -> None:
    other = "11111111-2222-3333-4444-555555555555"
    refused = refusal(signed(MICROSOFT, good_claims(MICROSOFT) | {"tid": other}))
    assert refused.reason == f"the issuer is '{MICROSOFT.url(TENANT)}', expected '{MICROSOFT.url(other)}'"


def test_a_tenant_that_is_no_text_has_no_issuer() -> None:
    refused = refusal(signed(MICROSOFT, good_claims(MICROSOFT) | {"tid": 5, "iss": MICROSOFT.url("5")}))
    assert refused.reason.endswith("expected 'https://login.microsoftonline.mock/{tid}/v2.0'")


def test_what_a_reason_repeats_is_short_and_plain() -> None:
    nasty = 'x"\\\r\nSet-Cookie: a\x7f\u202eé' + "y" * 500
    refused = refusal(signed(KAILENTY, good_claims(KAILENTY) | {"aud": nasty}))
    shown = "xSet-Cookie: a" + "y" * (80 - 21)
    assert refused.reason == f"the audience is '{shown}', expected 'kailenty-app-api'"


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


def test_the_jose_library_is_imported_with_the_first_token_only() -> None:
    program = "import sys, mock_server.access.tokens; print('joserfc' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
