"""The report as one HTML page: nothing is loaded, nothing that a server said can become markup."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from contract_tests.baseline import entry
from contract_tests.outcomes import Verdict
from contract_tests.report.curl import script
from contract_tests.report.terminal import ENDS
from contract_tests.verdicts import Failure, Judged

_PAGE = Path(__file__).with_name("page.html.jinja")

_SIGNS = {
    Verdict.NOT_APPLICABLE: "",
    Verdict.NOT_VERIFIED: "-",
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.ERROR: "!",
}


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_PAGE.read_text("utf-8"))


def dump(judged: Judged) -> str:
    """The page."""
    return _template().render(
        judged=judged,
        facts=judged.results.facts,
        end=ENDS[judged.exit_code],
        counts=[(verdict.label, judged.count(verdict)) for verdict in reversed(Verdict)],
        rows=[_row(judged, rule) for rule in judged.rules],
        failures=[_failure(judged, failure) for failure in judged.failures],
        entries=[entry(failure.finding) for failure in judged.failures if failure.counts],
    )


def _row(judged: Judged, rule: str) -> dict[str, object]:
    bound = judged.rules[rule]
    whole = judged.verdict(rule)
    together = all(judged.verdict(rule, name) is Verdict.NOT_VERIFIED for name in bound.operations)
    cells = []
    for name in judged.operations:
        verdict = judged.verdict(rule, name)
        if together and name in bound.operations:
            verdict = whole
        cells.append({"operation": name, "sign": _SIGNS[verdict], "kind": verdict.label.replace(" ", "-")})
    tests = [one for one in judged.results.outcomes if rule in one.rules]
    return {"rule": bound, "verdict": whole, "cells": cells, "tests": tests, "together": together}


def _failure(judged: Judged, failure: Failure) -> dict[str, object]:
    facts = judged.results.facts
    defect = facts.get("defect")
    mock = facts["target"] == "mock"
    return {
        "told": failure,
        "kind": "failed" if failure.counts else "known" if failure.known else "finding",
        "script": script(failure.finding, mock=mock, defect=str(defect) if defect else None),
    }
