"""Defects of credentials (AUTH-01 to AUTH-12)."""

from base64 import urlsafe_b64decode
from typing import Any

import orjson
import sqlalchemy as sa

from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request
from mock_server.store.tables import api_keys

_KEY = sa.select(api_keys).where(api_keys.c.secret == sa.bindparam("secret"))


def _bearer(request: Request) -> str:
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _is_jwt(request: Request) -> bool:
    return _bearer(request).count(".") == 2


async def _nobody(server: Server, request: Request) -> Answer:
    """The answer to a request without any credential."""
    return await server.ask(request.with_header("x-api-key", None).with_header("authorization", None))


async def _as(server: Server, request: Request, *roles: str) -> Answer:
    return await server.ask(server.as_role(request, server.addressed(request), *roles))


# -- Taken although they should not be --------------------------------------------------------------------------------


@defect("AUTH-01", "Whoever reads needs no credential.")
async def reading_needs_no_credential(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await _as(server, request, "admin") if answer.rule == "AUTH-01" and not request.writes else answer


@defect("AUTH-01", "Checking availability needs no credential.")
async def availability_needs_no_credential(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return (
        await _as(server, request, "admin") if answer.rule == "AUTH-01" and "availability" in request.path else answer
    )


@defect("AUTH-06", "An API key need only begin with kly_.")
async def any_key_taken(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    key = request.header("x-api-key") or _bearer(request)
    return await _as(server, request, "admin") if answer.rule == "AUTH-06" and key.startswith("kly_") else answer


@defect("AUTH-06", "Any Authorization that is no JWT is a regular user's.")
async def malformed_is_a_user(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    malformed = answer.rule == "AUTH-06" and request.header("authorization") is not None
    return await _as(server, request, "user") if malformed else answer


async def _despite(server: Server, request: Request, *flaws: str) -> Answer:
    """Take a token that is refused with one of these words, as whomever it names."""
    answer = await server.ask(request)
    if answer.rule != "AUTH-07" or not any(flaw in answer.json["message"] for flaw in flaws):
        return answer
    claims = _claims(_bearer(request))
    workspace = claims.get("workspace") or server.addressed(request)
    return await server.ask(server.as_user(request, str(workspace), str(claims.get("sub"))))


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


@defect("AUTH-07", "A token never expires.")
async def expired_token_taken(server: Server, request: Request) -> Answer:
    return await _despite(server, request, "expired")


@defect("AUTH-07", "A token without a signature is taken.")
async def unsigned_token_taken(server: Server, request: Request) -> Answer:
    return await _despite(server, request, "the algorithm")


@defect("AUTH-07", "The signature of a token is not verified.")
async def signature_not_verified(server: Server, request: Request) -> Answer:
    return await _despite(server, request, "signature")


@defect("AUTH-07", "A token for another audience is taken.")
async def any_audience_taken(server: Server, request: Request) -> Answer:
    return await _despite(server, request, "audience")


@defect("AUTH-07", "A token of another issuer is taken.")
async def any_issuer_taken(server: Server, request: Request) -> Answer:
    return await _despite(server, request, "issuer")


@defect("AUTH-07", "A token that is not yet valid is taken.")
async def early_token_taken(server: Server, request: Request) -> Answer:
    return await _despite(server, request, "not valid before")


async def _as_creator(server: Server, request: Request) -> Answer:
    secret = request.header("x-api-key") or _bearer(request)
    key = server.row(_KEY, secret=secret)
    return await server.ask(server.as_user(request, key.workspace, key.created_by_user_id))


@defect("AUTH-08", "A revoked API key still works.")
async def revoked_key_works(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await _as_creator(server, request) if answer.rule == "AUTH-08" else answer


@defect("AUTH-08", "A revoked API key still reads.")
async def revoked_key_reads(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await _as_creator(server, request) if answer.rule == "AUTH-08" and not request.writes else answer


@defect("AUTH-09", "An API key stays an admin's when its creator is one no more.")
async def key_stays_an_admins(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    caller = answer.caller
    if caller and caller.credential.startswith("API key") and caller.role != "admin":
        return await server.ask(server.as_role(request, caller.workspace, "admin"))
    return answer


@defect("AUTH-09", "An API key has the rights of a regular user.", also=("ROLE-01", "ROLE-02", "ROLE-03", "OWN-05"))
async def key_is_a_users(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    caller = answer.caller
    if caller and caller.credential.startswith("API key") and caller.role == "admin":
        return await server.ask(server.as_role(request, caller.workspace, "user"))
    return answer


@defect("AUTH-10", "Pending and disabled users are let in.")
async def inactive_users_let_in(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await _as(server, request, "user") if answer.rule == "AUTH-10" and _is_jwt(request) else answer


@defect("AUTH-10", "The API key of a disabled admin still works.")
async def key_of_the_disabled_works(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await _as(server, request, "admin") if answer.rule == "AUTH-10" and not _is_jwt(request) else answer


@defect("AUTH-11", "Of two credentials, the API key counts.")
async def key_beats_bearer(server: Server, request: Request) -> Answer:
    if request.header("x-api-key") is not None:
        request = request.with_header("authorization", None)
    return await server.ask(request)


@defect("AUTH-11", "Of two credentials, the bearer token counts.")
async def bearer_beats_key(server: Server, request: Request) -> Answer:
    if request.header("authorization") is not None:
        request = request.with_header("x-api-key", None)
    return await server.ask(request)


@defect("AUTH-12", "Anybody can create API keys.", control=True)
async def anybody_creates_keys(server: Server, request: Request) -> Answer:
    return await _create_key(server, request, "manager", "user")


@defect("AUTH-12", "Managers can create API keys.", control=True)
async def managers_create_keys(server: Server, request: Request) -> Answer:
    return await _create_key(server, request, "manager")


async def _create_key(server: Server, request: Request, *roles: str) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "AUTH-12" or answer.status != 409:
        return answer
    workspace = request.path.split("/")[3]
    creator = request.members["createdByUserId"]
    if creator not in {one.id for one in server.people(workspace, *roles)}:
        return answer
    admin = server.people(workspace, "admin")[0].id
    again = await server.ask(request.with_json({**request.members, "createdByUserId": admin}))
    return again.giving({**again.data, "createdByUserId": creator})


# -- Refused although they should be taken ----------------------------------------------------------------------------


@defect("AUTH-02", "The header X-API-Key is not read.", also=("ENV-06",))
async def key_header_not_read(server: Server, request: Request) -> Answer:
    return await server.ask(request.with_header("x-api-key", None))


@defect("AUTH-02", "An API key in X-API-Key must not be longer than 20 characters.", also=("ENV-06",))
async def key_header_cut_short(server: Server, request: Request) -> Answer:
    key = request.header("x-api-key")
    return await server.ask(request.with_header("x-api-key", key[:20] if key else None))


@defect("AUTH-03", "An API key as a bearer is refused.", also=("ENV-06",))
async def key_as_bearer_refused(server: Server, request: Request) -> Answer:
    return await _nobody(server, request) if _bearer(request).startswith("kly_") else await server.ask(request)


@defect("AUTH-03", "An API key as a bearer has the rights of a regular user.", also=("AUTH-09",))
async def key_as_bearer_is_a_users(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if _bearer(request).startswith("kly_") and answer.caller:
        return await server.ask(server.as_role(request, answer.caller.workspace, "user"))
    return answer


async def _refuse_token(server: Server, request: Request, kind: str, *roles: str) -> Answer:
    answer = await server.ask(request)
    caller = answer.caller
    if caller and caller.credential.startswith(kind) and (not roles or caller.role in roles):
        return await _nobody(server, request)
    return answer


@defect("AUTH-04", "A kailenty JWT is refused.", also=("ENV-06",))
async def kailenty_token_refused(server: Server, request: Request) -> Answer:
    return await _refuse_token(server, request, "kailenty JWT")


@defect("AUTH-04", "A kailenty JWT of a regular user is refused.", also=("ENV-06", "ROLE-04"))
async def kailenty_token_of_users_refused(server: Server, request: Request) -> Answer:
    return await _refuse_token(server, request, "kailenty JWT", "user")


@defect("AUTH-05", "A Microsoft access token is refused.", also=("ENV-06",))
async def microsoft_token_refused(server: Server, request: Request) -> Answer:
    return await _refuse_token(server, request, "Microsoft token")


@defect("AUTH-05", "A Microsoft access token of a regular user is refused.", also=("ENV-06",))
async def microsoft_token_of_users_refused(server: Server, request: Request) -> Answer:
    return await _refuse_token(server, request, "Microsoft token", "user")
