"""Tokens as they are minted, with a flaw or without, and read back."""

import subprocess
import sys
from datetime import timedelta

import pytest

from mock_server.access import issuers
from mock_server.access.issuers import KAILENTY, MICROSOFT
from mock_server.access.tokens import Claims, Flaw, TokenKind, read
from tests.mock_server.access.tokens.signing import NOW, TENANT, both_kinds, good_claims, minted, refusal


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


def test_the_jose_library_is_imported_with_the_first_token_only() -> None:
    program = "import sys, mock_server.access.tokens; print('joserfc' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
