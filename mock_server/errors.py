"""The one place where meanings, and the failures of the libraries below us, become statuses and envelopes."""

import logging
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.exceptions import HTTPException

from mock_server import meanings
from mock_server.exchange import Exchange
from mock_server.framework import ProblemException
from mock_server.journal import Refused, Step, WouldRefuse
from openapi import load_rules

logger = logging.getLogger(__name__)

_STATUS: dict[type[meanings.Refusal], tuple[int, str]] = {
    meanings.Invalid: (400, "Validation failed"),
    meanings.Unfit: (400, "Validation failed"),
    meanings.Unauthorized: (401, "Unauthorized"),
    meanings.Forbidden: (403, "Forbidden"),
    meanings.NotFound: (404, "Not found"),
    meanings.MethodNotAllowed: (405, "Method not allowed"),
    meanings.Conflict: (409, "Conflict"),
    meanings.ContentTooLarge: (413, "Content too large"),
    meanings.UnsupportedMediaType: (415, "Unsupported media type"),
    meanings.TooManyRequests: (429, "Too many requests"),
    meanings.HeadTooLarge: (431, "Request header fields too large"),
}

EXPLAINING_HEADERS = (
    "X-Mock-Rule",
    "X-Mock-Reason",
    "X-Mock-Credential",
    "X-Mock-Caller",
    "X-Mock-Roles",
    "X-Mock-Nearest",
    "X-Mock-Explanation",
    "X-Mock-Would-Refuse",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A refused or failed request: what its envelope and headers say."""

    status: int
    title: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)


def adapt(error: Exception, exchange: Exchange) -> Failure:
    """What an exception means to the client. What is no refusal is logged and tells nothing of our insides."""
    match error:
        case meanings.Refusal():
            recognised = (error.credential, error.of) if isinstance(error, meanings.Unauthorized) else (None, None)
            exchange.refused = Refused(_step(error, exchange), error.rule, error.message, *recognised)
            status, title = _STATUS[type(error)]
            return Failure(status, title, error.message, _explain(error, exchange))
        case HTTPException(status_code=status) if status < 500:
            return Failure(status, HTTPStatus(status).phrase.capitalize(), error.detail)
        case ProblemException(status=status) if status < 500:
            return Failure(status, HTTPStatus(status).phrase.capitalize(), error.detail or error.title)
    logger.error("request %s failed", exchange.request_id, exc_info=error)
    return Failure(500, "Internal server error", "Something went wrong on our side")


def passed_over(refusal: meanings.Refusal, exchange: Exchange) -> WouldRefuse:
    """What soft mode tells of a refusal that it lets through."""
    status, _ = _STATUS[type(refusal)]
    return WouldRefuse(_step(refusal, exchange), status, refusal.rule, refusal.message)


def _step(refusal: meanings.Refusal, exchange: Exchange) -> Step:
    """The check that refused: what has passed is known by what the exchange has by then."""
    if exchange.operation is None:
        return Step.ROUTE
    match refusal:
        case meanings.Unauthorized():
            return Step.WORKSPACE if refusal.rule == "TEN-01" else Step.CREDENTIAL
        case meanings.TooManyRequests():
            return Step.RATE_LIMIT
        case meanings.Unfit():
            return Step.FIT
        case meanings.Forbidden() if exchange.principal is not None:
            return Step.ROLE if exchange.input is None else Step.CONTENT_ROLE
        case meanings.NotFound() if exchange.input is not None:
            return Step.EXISTENCE
        case meanings.Forbidden() | meanings.NotFound():
            return Step.CREDENTIAL  # the control API, which knows no roles, is off or closed to the caller
        case meanings.Conflict():
            return Step.STATE
    return Step.REQUEST


def _explain(refusal: meanings.Refusal, exchange: Exchange) -> dict[str, str]:
    """The headers that say more than the body may: who was recognised, which rule refused, which role would pass."""
    headers = {"X-Mock-Rule": refusal.rule}
    if rule := load_rules().get(refusal.rule):
        headers["X-Mock-Reason"] = rule.text
    if caller := exchange.principal:
        headers["X-Mock-Credential"] = caller.credential
        headers["X-Mock-Caller"] = f"{caller.user_id}; role={caller.role}; workspace={caller.workspace}"
    match refusal:
        case meanings.Unauthorized():
            headers["X-Mock-Credential"] = refusal.credential
            headers["WWW-Authenticate"] = 'Bearer realm="kailenty"'
        case meanings.MethodNotAllowed():
            headers["Allow"] = ", ".join(refusal.allowed)
        case meanings.TooManyRequests():
            headers["Retry-After"] = str(refusal.retry_after)
    if refusal.passes:
        headers["X-Mock-Roles"] = ", ".join(refusal.passes)
    return headers
