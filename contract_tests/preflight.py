"""Requests before a run, and once its answers become strange, to tell in one line why it cannot work."""

import base64
import re
from datetime import UTC, datetime

import httpx
import orjson

from contract_tests.outcomes import NotVerified, SetUpFailed
from contract_tests.redaction import placeholder
from contract_tests.settings import Settings
from contract_tests.transport import BASE, Transport, is_page
from openapi import load_app_api

_PROBE = "listInvites"


def preflight(settings: Settings) -> None:
    """Ask for one invite with each credential, or with none. Raises SetUpFailed."""
    if settings.is_mock:
        return
    transport = Transport(settings)
    url = settings.target.rstrip("/").removesuffix(BASE)
    try:
        for caller, line in settings.credentials.items() or (("nobody", ""),):
            header, _, value = line.partition(":")
            secret = (header.strip(), value.strip()) if line else None
            probe(transport, caller, (settings.rival_url or url) if caller == "rival" else url, secret)
    except (TimeoutError, ConnectionError, NotVerified) as error:
        raise SetUpFailed(str(error)) from None
    finally:
        transport.close()


def probe(transport: Transport, caller: str, url: str, secret: tuple[str, str] | None) -> None:
    """Ask for one invite with a credential. Raises SetUpFailed where the answer is none of a kailenty App API."""
    operation = load_app_api().operations[_PROBE]
    asked = f"{url.rstrip('/').removesuffix(BASE)}{BASE}{operation.path}?pageSize=1"
    response = transport.send(
        operation, "GET", asked, secret=secret, placeholder=placeholder(caller), headers={}, content=None
    )
    status = response.status_code
    if response.is_redirect:
        to = transport.redact.text(response.headers.get("location", "elsewhere"))
        raise SetUpFailed(f"{asked} redirects to {to}: a login page, or a URL that has moved")
    if is_page(response):
        raise SetUpFailed(
            f"{asked} answers {status} with an HTML page{_title(response, transport)}: a proxy, or another site"
        )
    body = _json(response)
    if not isinstance(body, dict) or "success" not in body or status == 404:
        raise SetUpFailed(f"{asked} is no kailenty App API: it answers {status} {_short(response, transport)}")
    if status == 401 and secret is not None:
        raise SetUpFailed(f"the credential of {caller} is refused with 401: {_why(secret[1], body, transport)}")
    if status >= 500:
        raise SetUpFailed(f"{asked} answers {status}: {_short(response, transport)}")


def _title(response: httpx.Response, transport: Transport) -> str:
    # Redacted before it is cut: part of a credential is one too.
    found = re.search(r"<title[^>]*>([^<]{1,80})", transport.redact.text(response.text), re.IGNORECASE)
    return f' titled "{" ".join(found[1].split())}"' if found else ""


def _json(response: httpx.Response) -> object:
    try:
        parsed: object = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None
    return parsed


def _short(response: httpx.Response, transport: Transport) -> str:
    text = " ".join(transport.redact.text(response.text).split())
    return text if len(text) <= 120 else f"{text[:120]}…"


def _why(value: str, body: dict[str, object], transport: Transport) -> str:
    """What a token's own expiry says, else what the server says."""
    try:
        part = value.removeprefix("Bearer ").split(".")[1]
        expires = float(orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"])
        moment = datetime.fromtimestamp(expires, UTC)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError):
        moment = None
    if moment is not None and moment < datetime.now(UTC):
        return f"its token expired at {moment:%Y-%m-%dT%H:%M:%SZ}"
    return transport.redact.text(str(body.get("message", "no reason given")))[:200]
