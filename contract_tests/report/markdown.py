"""A short summary in Markdown, for the page of a CI job."""

import re

from contract_tests.outcomes import Verdict
from contract_tests.report.curl import script
from contract_tests.report.terminal import ENDS
from contract_tests.verdicts import Failure, Judged

_SIGNS = {0: "✅", 1: "❌", 2: "⚠️", 3: "❔"}

# A page of a CI server takes a megabyte; so many failures tell enough.
_SHOWN = 30


def dump(judged: Judged) -> str:
    """The verdict, the counts, the failures, and what was not verified."""
    facts = judged.results.facts
    lines = [
        f"## {_SIGNS[judged.exit_code]} {_text(str(facts['target']))}: {ENDS[judged.exit_code]}",
        "",
        "| " + " | ".join(verdict.label for verdict in reversed(Verdict)) + " |",
        "|" + "---|" * len(Verdict),
        "| " + " | ".join(str(judged.count(verdict)) for verdict in reversed(Verdict)) + " |",
        "",
        f"Seed {facts['seed']}, {facts['mode']}, {facts['requests']} requests in {facts['seconds']} s.",
    ]
    for failure in judged.failures[:_SHOWN]:
        lines += _failure(failure)
    if len(judged.failures) > _SHOWN:
        lines += ["", f"And {len(judged.failures) - _SHOWN} more."]
    errors = [f"- {_text(one.test)}: {_text(one.reason)}" for one in judged.errors[:_SHOWN]]
    lines += ["", "### The suite failed", "", *dict.fromkeys(errors)] if errors else []
    if "stopped" in facts:
        lines += ["", f"The run was stopped: {_text(str(facts['stopped']))}"]
    if judged.unverified:
        lines += ["", f"<details><summary>{judged.count(Verdict.NOT_VERIFIED)} rules not verified</summary>", ""]
        lines += [f"- {_text(reason)}: {', '.join(rules)}" for reason, rules in judged.unverified.items()]
        lines += ["", "</details>"]
    for known, why in judged.stale:
        lines += ["", f"Baseline: {known.rule} {known.operation or ''}: {why}."]
    left = judged.results.left
    lines += ["", f"Left behind: {len(left) or 'nothing'}", *[f"- {_text(one)}" for one in left]]
    if returned := judged.results.returned:
        lines += ["", "Put back:", *[f"- {_text(one)}" for one in returned]]
    return "\n".join(lines) + "\n"


def _failure(failure: Failure) -> list[str]:
    finding = failure.finding
    kind = "" if failure.counts else " (known)" if failure.known else " (a finding about the contract)"
    title = f"<b>{finding.rule}</b> {finding.operation or ''}{kind}"
    code = script(finding)
    fence = "`" * (3 + max((len(run) for run in re.findall("`+", code)), default=0))
    return [
        "",
        f"<details><summary>{title}: {_text(failure.rule.text)}</summary>",
        "",
        f"- expected {_text(finding.expected)}",
        f"- actual {_text(finding.actual)}",
        f"- {failure.label}, {failure.rule.severity}, met by {_text(failure.tests[0])}",
        "",
        f"{fence}sh",
        code.rstrip(),
        fence,
        "</details>",
    ]


def _text(text: str) -> str:
    """Text that is neither markup nor HTML."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|#@!~])", r"\\\1", flat)
