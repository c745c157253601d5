"""Reports: what they say, that nothing a server says becomes markup, and that no secret is in them."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from contract_tests.baseline import Known, entry, read
from contract_tests.outcomes import Finding, Outcome, Results, Step, Verdict
from contract_tests.redaction import Redactor
from contract_tests.report import publish
from contract_tests.report.curl import script
from contract_tests.report.results import load, merge
from contract_tests.report.terminal import summary
from contract_tests.settings import UsageError
from contract_tests.verdicts import Judged
from openapi import load_rules
from tests.contract_tests.workspace import contract

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>&\x00\x1b[31m`'\"$(id)]]>\ud800\n| a |"
FACTS: dict[str, str | int | float] = {
    "target": "https://acme.kailenty.com", "mode": "read only", "run": "ct-1", "seed": 7, "requests": 3,
    "seconds": 1.5, "tests": 4, "examples": 10, "kailenty-contract-suite": "0.1.0",
}  # fmt: skip


def step(status: int = 200, **fields: object) -> Step:
    """A request."""
    given: dict[str, object] = {
        "method": "GET", "url": "https://acme.kailenty.com/api/v1/app/invites?page=0",
        "headers": {"Authorization": "$USER_CREDENTIAL"}, "body": None, "status": status, "answer": "{}",
        "request_id": "req_1",
    }  # fmt: skip
    return Step(**{**given, **fields})  # type: ignore[arg-type]


def broken(rule: str, operation: str | None = "listInvites", **fields: object) -> Outcome:
    """A test that failed."""
    given = {"expected": "a total of 3", "actual": "2", "steps": (step(),), **fields}
    finding = Finding(rule, operation, **given)  # type: ignore[arg-type]
    return Outcome(f"test_x.py::test_{rule}", (rule,), operation, Verdict.FAILED, finding=finding, reproduced=True)


def passed(rule: str, operation: str | None = "listInvites") -> Outcome:
    """A test that passed."""
    return Outcome(f"test_x.py::test_{rule}", (rule,), operation, Verdict.PASSED)


def judged(
    *outcomes: Outcome, strict: bool = False, require: tuple[str, ...] = (), known: tuple[Known, ...] = ()
) -> Judged:
    """Outcomes, judged."""
    return Judged(Results(outcomes, FACTS, tuple(load_rules())), strict, require, known)


DOCUMENTED, ASSUMED = "PAGE-03", "SORT-03"


def test_the_rules_of_these_tests_are_as_they_say() -> None:
    assert load_rules()[DOCUMENTED].documented
    assert not load_rules()[ASSUMED].documented


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (judged(passed(DOCUMENTED)), 0),
        (judged(passed(DOCUMENTED), broken(DOCUMENTED)), 1),
        (judged(broken(ASSUMED)), 0),
        (judged(broken(ASSUMED), strict=True), 1),
        (judged(passed(DOCUMENTED), Outcome("x", (), None, Verdict.ERROR, "no")), 2),
        (judged(), 3),
        (judged(Outcome("x", (DOCUMENTED,), None, Verdict.NOT_VERIFIED, "no credential")), 3),
        (judged(passed(DOCUMENTED), require=(ASSUMED,)), 1),
        (judged(passed(DOCUMENTED), require=(DOCUMENTED,)), 0),
        (judged(passed(DOCUMENTED), require=("all",)), 1),
    ],
)
def test_exit_codes(made: Judged, code: int) -> None:
    assert made.exit_code == code


def known(days: int, rule: str = DOCUMENTED, operation: str | None = None) -> Known:
    """An entry of a baseline that expires in so many days."""
    return Known(rule, "https://issues.example.com/1", date.today() + timedelta(days=days), operation)


def test_a_known_failure_fails_nothing_until_it_expires() -> None:
    assert judged(broken(DOCUMENTED), known=(known(3),)).exit_code == 0
    assert judged(broken(DOCUMENTED), known=(known(3, operation="listUsers"),)).exit_code == 1
    expired = judged(broken(DOCUMENTED), known=(known(-1),))
    assert expired.exit_code == 1
    assert [why for _, why in expired.stale] == ["it has expired"]
    fixed = judged(passed(DOCUMENTED), known=(known(3),))
    assert [why for _, why in fixed.stale] == ["it no longer fails"]


def test_a_printed_entry_can_be_read(tmp_path: Path) -> None:
    failure = broken(DOCUMENTED).finding
    assert failure is not None
    path = tmp_path / "known.toml"
    path.write_text(entry(failure))
    assert judged(broken(DOCUMENTED), known=read(path)).exit_code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("known = 3", "nothing but"),
        ("[[known]]\nrule = 'PAGE-03'", "link is missing"),
        ("[[known]]\nrule = 'PAGE-99'\nlink = 'x'\nexpires = 2027-01-01", "no rule PAGE-99"),
        ("[[known]]\nrule = 'PAGE-03'\nlink = 'x'\nexpires = '2027-01-01'", "expires is no date"),
        ("[[known]]\nrule = 'PAGE-03'\nlink = 'x'\nexpires = 2027-01-01\nwho = 1", "unknown member who"),
        ("[[", "Invalid"),
    ],
)
def test_a_bad_baseline_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=said):
        read(path)


def test_equal_failures_are_told_once_by_the_shortest_chain() -> None:
    long = replace(broken(DOCUMENTED, steps=(step(), step(), step())), test="test_x.py::long")
    made = judged(long, broken(DOCUMENTED))
    assert len(made.failures) == 1
    assert len(made.failures[0].finding.steps) == 1
    assert len(made.failures[0].tests) == 2


class Page(HTMLParser):
    """The elements and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "action")]
        assert not [name for name, _ in attrs if name.startswith("on")]


def test_hostile_strings_stay_text(tmp_path: Path) -> None:
    hostile = broken(
        DOCUMENTED,
        expected=HOSTILE,
        actual=HOSTILE,
        steps=(step(url=f"https://x/{HOSTILE}", body=HOSTILE, answer=HOSTILE, headers={"X-Odd": HOSTILE}),),
    )
    skipped = Outcome(HOSTILE, (ASSUMED,), None, Verdict.NOT_VERIFIED, HOSTILE)
    failed = Outcome(HOSTILE, (ASSUMED,), None, Verdict.ERROR, HOSTILE)
    made = judged(hostile, skipped, failed)
    made = replace(made, results=replace(made.results, left=(f"invite {HOSTILE}",)))
    publish(made, tmp_path)
    page = Page()
    page.feed((tmp_path / "report.html").read_text())
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert all(link.startswith("#") for link in page.links)
    ET.fromstring((tmp_path / "junit.xml").read_bytes())
    assert "<script" not in re.sub(r"(?s)(`{3,})sh.*?\n\1", "", (tmp_path / "summary.md").read_text())
    assert "<img" not in re.sub(r"(?s)(`{3,})sh.*?\n\1", "", (tmp_path / "summary.md").read_text())
    assert "\x1b" not in summary(made)
    for path in tmp_path.glob("failures/*.sh"):
        subprocess.run(["bash", "-n", path], check=True)


def test_the_script_sends_what_was_sent(tmp_path: Path) -> None:
    """With a curl that tells its arguments; the id of a created row is taken from the answer."""
    body = json.dumps({"title": 'it\'s $HOME `id` "x" \\ @file'})
    made = json.dumps({"success": True, "data": {"id": "inv_then"}})
    url = "https://acme.kailenty.com/api/v1/app/invites"
    steps = (
        step(201, method="POST", url=url, body=body, answer=made),
        step(404, url=f"{url}/inv_then?x=[1]{{2}}", headers={"X-API-Key": "$ADMIN_CREDENTIAL", "X-Odd": "$(id)"}),
    )
    path = tmp_path / "failure.sh"
    path.write_text(script(Finding(DOCUMENTED, None, "a\nb", "c", steps)))
    curl = tmp_path / "curl"
    curl.write_text(
        '#!/bin/sh\nprintf "%s\\0" "$@" >> "$SEEN"\nprintf "\\n" >> "$SEEN"\n'
        'echo \'{"success":true,"data":{"id":"inv_now"}}\'\n'
    )
    curl.chmod(0o755)
    jq = tmp_path / "jq"
    jq.write_text("#!/bin/sh\ncat >/dev/null; echo inv_now\n")
    jq.chmod(0o755)
    seen = tmp_path / "seen"
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SEEN": str(seen), "ADMIN_CREDENTIAL": "secret one"}
    undone = subprocess.run(["bash", path], env=environment, capture_output=True, text=True, check=False)
    assert undone.returncode != 0
    assert "USER_CREDENTIAL" in undone.stderr
    subprocess.run(
        ["bash", path], env={**environment, "USER_CREDENTIAL": "Bearer two"}, check=True, capture_output=True
    )
    first, second = (line.split("\0")[:-1] for line in seen.read_text().splitlines())
    assert first == ["-sS", "-g", "-X", "POST", "-H", "Authorization: Bearer two", "--data-raw", body, url]
    assert second[-1] == f"{url}/inv_now?x=[1]{{2}}"
    assert second[4:8] == ["-H", "X-API-Key: secret one", "-H", "X-Odd: $(id)"]


def test_shards_join(tmp_path: Path) -> None:
    parts = []
    for number, outcome in ((1, passed(DOCUMENTED)), (2, broken(ASSUMED))):
        results = Results((outcome,), {**FACTS, "shard": f"{number}/2"}, tuple(load_rules()), (f"label {number}",))
        publish(Judged(results, strict=True, require=(DOCUMENTED,)), tmp_path / str(number))
        parts.append(tmp_path / str(number) / "results.json")
    joined = merge([load(part)[0] for part in parts])
    assert {one.verdict for one in joined.outcomes} == {Verdict.PASSED, Verdict.FAILED}
    assert joined.left == ("label 1", "label 2")
    done = contract(tmp_path, "merge", *map(str, parts), "--out", "both")
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "both" / "report.html").exists()
    alone = contract(tmp_path, "merge", str(parts[0]), str(parts[0]))
    assert alone.returncode == 2
    assert "are not all the shards" in alone.stderr


def test_a_secret_is_cut_out_also_where_it_was_cut_off() -> None:
    redact = Redactor({"admin": "Authorization: Bearer abcdef.ghijkl.mnopqr", "user": 'X-API-Key: a"b/c d+e'})
    assert redact.text("Bearer abcdef.ghijkl.mnopqr!") == "$ADMIN_CREDENTIAL!"
    assert redact.text("say abcdef.ghijkl.mnopqr") == "say $ADMIN_CREDENTIAL"
    assert redact.text("say abcdef.ghi…") == "say $ADMIN_CREDENTIAL…"
    assert redact.text('{"x": "a\\"b/c d+e", "y": "a%22b%2Fc%20d%2Be"}') == (
        '{"x": "$USER_CREDENTIAL", "y": "$USER_CREDENTIAL"}'
    )
    assert redact([{"abcdef.ghijkl.mnopqr": ("abcdef.ghijkl.mnopqr",)}, 3, None]) == [
        {"$ADMIN_CREDENTIAL": ["$ADMIN_CREDENTIAL"]}, 3, None,
    ]  # fmt: skip


@contextmanager
def echo() -> Iterator[str]:
    """The URL of a server that sends every credential back, in bodies, in headers, and in their halves."""

    class Handler(BaseHTTPRequestHandler):
        def _say(self) -> None:
            said = [self.headers.get(name, "") for name in ("X-API-Key", "Authorization")]
            token = " ".join(said).strip().split(" ")[-1]
            body = json.dumps({"success": True, "data": [*said, token], "message": f"{'x' * 260}{token}"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Request-Id", f"req_{token}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _say  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def test_no_secret_is_told_even_where_the_server_sends_it_back(tmp_path: Path) -> None:
    secrets = {
        "KAILENTY_CONTRACT_ADMIN": "key:kly_live_4bSecretOfTheAdmin",
        "KAILENTY_CONTRACT_MANAGER": "bearer:eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtYW5hZ2VyIn0.c2VjcmV0LW1hbmFnZXI",
        "KAILENTY_CONTRACT_USER": "Authorization: Bearer user-secret-and-longer-than-that-0123456789",
    }
    with echo() as url:
        done = contract(
            tmp_path, "run", "--target", url, "--rules", "AUTH-02,PAGE-01", "--out", "out", "--record", "out.jsonl",
            given=secrets,
        )  # fmt: skip
    assert done.returncode in (1, 2), done.stdout + done.stderr
    told = {path: path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()}
    told |= {Path("stdout"): done.stdout, Path("stderr"): done.stderr}
    assert len(told) > 6
    for value in secrets.values():
        secret = value.partition(":")[2].strip().removeprefix("Bearer ")
        for path, text in told.items():
            assert secret not in text, path
            assert secret[:12] not in text, path
    assert any("_CREDENTIAL" in text for text in told.values())
