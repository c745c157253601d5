"""What a server can do, found out by asking it rather than by reading about it."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from bench.client import KEY, Answer, send
from bench.server import Server

ABILITIES = {
    "validates": "validates requests",
    "credential": "asks for a credential",
    "role": "checks the role",
    "state": "keeps state",
}


def probe(server: Server, port: int) -> dict[str, str]:
    """Tell for each ability `yes`, `no`, or what of it."""
    url = f"{server.prefix}/invites"
    return {
        "validates": _validates(server, port, url),
        "credential": _refuses(send(port, "GET", f"{url}/{server.contract.invite_id}", headers={})),
        "role": _role(server, port),
        "state": "yes" if _remembers(server, port, url) else "no",
    }


def _validates(server: Server, port: int, url: str) -> str:
    wrong: dict[str, Any] = copy.deepcopy(server.contract.create)
    wrong["meeting"]["meetingDurationMinutes"] = "half an hour"
    body = _refuses(send(port, "POST", url, wrong))
    query = _refuses(send(port, "GET", f"{url}?pageSize=0"))
    if body == query:
        return body
    return "query only" if body == "no" else "body only" if query == "no" else f"{body}, query {query}"


def _role(server: Server, port: int) -> str:
    """Whether the list of users is for admins only."""
    path = f"{server.prefix}/users"
    token = {"Authorization": f"Bearer {server.user_token(port)}"}
    allowed = send(port, "GET", path, headers=KEY).ok
    return "yes (403)" if allowed and send(port, "GET", path, headers=token).status == 403 else "no"


def _remembers(server: Server, port: int, url: str) -> bool:
    """Whether what was created can be fetched."""
    title = f"Bench {uuid.uuid4().hex[:8]}"
    body = copy.deepcopy(server.contract.create)
    body["meeting"]["title"] = title
    created = send(port, "POST", url, body).json() or {}
    try:
        fetched = send(port, "GET", f"{url}/{created['data']['id']}").json()
        return bool(fetched["data"]["meeting"]["title"] == title)
    except (KeyError, TypeError):
        return False


def _refuses(answer: Answer) -> str:
    return f"yes ({answer.status})" if 400 <= answer.status < 500 else "no"
