"""Claims of a good signature that are refused all the same, and with which words."""

from datetime import timedelta

import pytest

from mock_server.access.issuers import KAILENTY, MICROSOFT, Issuer
from mock_server.access.tokens import read
from tests.mock_server.access.tokens.signing import NOW, TENANT, both_issuers, good_claims, refusal, signed


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
