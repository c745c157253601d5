"""What a run would send, found by sending it to a mock that stands in for the workspace."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from contract_tests.run import run
from contract_tests.settings import CALLERS, Settings
from contract_tests.target import PERSONAS, own_mock


@dataclass(frozen=True, slots=True)
class Planned:
    """How many requests of an operation a caller would send; `operation` is None for paths that there are not."""

    operation: str | None
    method: str
    caller: str
    write: bool
    count: int


def plan(settings: Settings, *, workers: int) -> list[Planned]:
    """The requests of a run with these settings. Lists of another length make for more or fewer of them."""
    with tempfile.TemporaryDirectory() as folder, stand_in(settings) as stood:
        record = Path(folder) / "requests.jsonl"
        record.touch()
        run(
            replace(stood, record=str(record), ledger=Path(folder) / "ledger.jsonl", rate=0.0, fail_fast=False),
            workers=workers,
            again=False,
        )
        sent = [orjson.loads(line) for line in record.read_bytes().splitlines()]
    counts = Counter((one["operation"], one["method"], one["caller"], one["write"]) for one in sent)
    return [Planned(*key, count) for key, count in sorted(counts.items(), key=lambda item: str(item[0]))]


@contextmanager
def stand_in(settings: Settings) -> Iterator[Settings]:
    """The same settings for a mock, asked as if it were the workspace: with the callers there are, and no more."""
    if settings.is_mock:
        yield settings
        return
    with own_mock(Settings()) as people:
        urls = {who: f"http://{people[PERSONAS[who]]['host']}" for who in CALLERS}
        tokens = {who: f"Authorization: Bearer {people[PERSONAS[who]]['token']}" for who in settings.credentials}
        hosts = tuple(str(urlsplit(url).hostname) for url in set(urls.values()))
        yield replace(
            settings,
            target=urls["admin"],
            rival_url=urls["rival"] if settings.rival_url else None,
            credentials=tokens,
            write_hosts=hosts if settings.allow_writes else (),
            label_users=(PERSONAS["user"],) if settings.label_users else (),
        )
