"""The summary that a run ends with in a terminal."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from textwrap import indent, shorten

from contract_tests.baseline import entry
from contract_tests.outcomes import Verdict
from contract_tests.report.curl import script
from contract_tests.verdicts import Failure, Judged
from openapi import load_rules

# What a terminal would obey.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

# So many rows are listed in a terminal.
_LISTED = 10

_SIGNS = {
    Verdict.NOT_APPLICABLE: " ",
    Verdict.NOT_VERIFIED: "-",
    Verdict.PASSED: ".",
    Verdict.FAILED: "F",
    Verdict.ERROR: "E",
}

ENDS = {
    0: "conformant",
    1: "not conformant",
    2: "the suite or its set-up failed: this says nothing about the rest",
    3: "nothing was verified",
}


def summary(judged: Judged) -> str:
    """All of it, ready to print."""
    parts = [
        _matrix(judged),
        *_failures(judged),
        _errors(judged),
        _unverified(judged),
        _noticed(judged),
        _baseline(judged),
        _end(judged),
    ]
    return _CONTROL.sub("\ufffd", "\n\n".join(part for part in parts if part))


def _matrix(judged: Judged) -> str:
    """Rules by operations, a sign for each pair."""
    seen = {Verdict.PASSED, Verdict.FAILED, Verdict.ERROR}
    shown = [rule for rule in judged.rules if judged.verdict(rule) in seen]
    if not shown:
        return ""
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"  {letter} {name}" for letter, name in zip(letters, judged.operations, strict=False)]
    width = max(len(name) for name in names) + 1
    legend = ["".join(name.ljust(width) for name in names[at : at + 4]).rstrip() for at in range(0, len(names), 4)]
    header = f"{'rule':<10}  {'':<12}  {letters[: len(judged.operations)]}"
    rows = [f"{rule:<10}  {judged.verdict(rule).label:<12}  {_row(judged, rule)}".rstrip() for rule in shown]
    key = ". holds   , seen across operations   F broken   - not verified   E the suite failed   blank: not bound"
    return "\n".join([*legend, "", header, *rows, "", key])


def _row(judged: Judged, rule: str) -> str:
    bound = judged.rules[rule].operations
    if all(judged.verdict(rule, name) is Verdict.NOT_VERIFIED for name in bound):
        return "".join("," if name in bound else " " for name in judged.operations)
    return "".join(_SIGNS[judged.verdict(rule, name)] for name in judged.operations)


def _failures(judged: Judged) -> Iterator[str]:
    for failure in judged.failures:
        yield _failure(failure)


def _failure(failure: Failure) -> str:
    finding = failure.finding
    kind = "FAILED" if failure.counts else "known" if failure.known else "finding"
    source = "documented" if failure.rule.documented else "assumed"
    lines = [
        f"{kind} {finding.rule} {finding.operation or ''} ({source}, {failure.rule.severity}, {failure.label})",
        f"  {failure.rule.text}",
        f"  expected  {finding.expected}",
        f"  actual    {finding.actual}",
        f"  met by    {failure.tests[0]}{_more(len(failure.tests) - 1)}",
    ]
    if failure.known:
        lines.append(f"  known as  {failure.known.link}, until {failure.known.expires}")
    requests = [step.request_id for step in finding.steps if step.request_id]
    if requests:
        lines.append(f"  requests  {', '.join(requests[-3:])}")
    return "\n".join([*lines, indent(script(finding, short=True), "  ")])


def _more(count: int) -> str:
    return f" and {count} more" if count else ""


def _errors(judged: Judged) -> str:
    lines = [f"ERROR {one.test or 'the suite'}: {shorten(one.reason, 300)}" for one in judged.errors]
    stopped = judged.results.facts.get("stopped")
    return "\n".join([*dict.fromkeys(lines), *([f"ERROR the run was stopped: {stopped}"] if stopped else [])])


def _unverified(judged: Judged) -> str:
    lines = [f"  {reason}: {', '.join(short(rules))}" for reason, rules in judged.unverified.items()]
    if judged.missing:
        lines.append(f"  required, but not verified: {', '.join(short(judged.missing))}")
    return "\n".join([f"not verified: {judged.count(Verdict.NOT_VERIFIED)} rules", *lines]) if lines else ""


def _noticed(judged: Judged) -> str:
    """What tests that passed have to say."""
    notes = [one for one in judged.results.outcomes if one.verdict is Verdict.PASSED and one.reason]
    return "\n".join(f"noticed: {one.reason}" for one in notes)


def _baseline(judged: Judged) -> str:
    lines = [f"baseline: {one.rule} {one.operation or ''}: {why} ({one.link})" for one, why in judged.stale]
    fresh = [entry(failure.finding) for failure in judged.failures if failure.counts]
    if fresh:
        lines += ["entries for a baseline, if these shall be known:", "", *fresh]
    return "\n".join(lines).rstrip()


def _end(judged: Judged) -> str:
    facts = judged.results.facts
    counts = ", ".join(
        f"{judged.count(verdict)} {verdict.label}" for verdict in reversed(Verdict) if judged.count(verdict)
    )
    return "\n".join(
        [
            f"{facts['target']} ({facts['mode']}), seed {facts['seed']}, run {facts['run']}: "
            f"{facts['requests']} requests in {facts['seconds']} s",
            f"rules: {counts}",
            *_certificate(judged.results.left),
            *(f"put back: {one}" for one in judged.results.returned),
            ENDS[judged.exit_code],
        ]
    )


def _certificate(left: tuple[str, ...]) -> Iterator[str]:
    if not left:
        yield "left behind: nothing"
        return
    kinds = Counter(line.partition(" ")[0] for line in left)
    told = ", ".join(f"{count} {kind}s" for kind, count in sorted(kinds.items()))
    again = "; kailenty-contract sweep tries the labels again" if {"label", "user"} & kinds.keys() else ""
    yield f"left behind: {told}, and nothing else; the API cannot delete invites and meetings{again}"
    yield from (f"  {line}" for line in left[:_LISTED])
    if len(left) > _LISTED:
        yield f"  and {len(left) - _LISTED} more, in the reports and by kailenty-contract sweep"


def short(rules: tuple[str, ...]) -> Iterator[str]:
    """Rule ids, three or more in a row as one: PAGE-01..07."""
    order = list(load_rules())
    for family, group in groupby(rules, key=lambda rule: rule.partition("-")[0]):
        members = list(group)
        while members:
            run = [members.pop(0)]
            while members and order.index(members[0]) == order.index(run[-1]) + 1:
                run.append(members.pop(0))
            yield from [f"{run[0]}..{run[-1].removeprefix(f'{family}-')}"] if len(run) > 2 else run
