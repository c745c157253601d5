"""Judges results: which rules hold, which failures count, and what the run comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from contract_tests.baseline import Known
from contract_tests.outcomes import Finding, Outcome, Results, Verdict
from openapi import Rule, load_app_api, load_rules


@dataclass(frozen=True)
class Failure:
    """Equal failures, told once: by the one with the fewest requests. `tests` are those that met it."""

    rule: Rule
    finding: Finding
    reproduced: bool | None
    tests: tuple[str, ...]
    counts: bool
    known: Known | None

    @property
    def label(self) -> str:
        """What is known of whether it comes again."""
        return {None: "not tried again", True: "reproducible", False: "flaky"}[self.reproduced]


@dataclass(frozen=True)
class Judged:
    """Results and what they come to. On the mock, and with `strict`, broken assumptions are failures too."""

    results: Results
    strict: bool
    require: tuple[str, ...] = ()
    baseline: tuple[Known, ...] = ()

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules, by id."""
        return load_rules()

    @cached_property
    def operations(self) -> tuple[str, ...]:
        """The operations of the document."""
        return tuple(load_app_api().operations)

    @cached_property
    def _worst(self) -> dict[tuple[str, str | None], Verdict]:
        worst: dict[tuple[str, str | None], Verdict] = {}

        def note(rule: str, operation: str | None, verdict: Verdict) -> None:
            for key in {(rule, operation), (rule, None)}:
                worst[key] = max(worst.get(key, Verdict.NOT_VERIFIED), verdict)

        for one in self.results.outcomes:
            if one.finding is not None:
                note(one.finding.rule, one.finding.operation or one.operation, Verdict.FAILED)
                continue
            for rule in one.rules:
                note(rule, one.operation, one.verdict)
        return worst

    def verdict(self, rule: str, operation: str | None = None) -> Verdict:
        """The worst that is known of a rule, for all operations or for one."""
        bound = self.rules[rule]
        found = self._worst.get((rule, operation))
        if found is None:
            apart = operation is not None and operation not in bound.operations
            return Verdict.NOT_APPLICABLE if apart or bound.observable == "none" else Verdict.NOT_VERIFIED
        return found

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """Broken rules: one for each rule and operation."""
        groups: dict[tuple[str, str | None], list[tuple[Finding, Outcome]]] = {}
        for one in self.results.outcomes:
            if one.finding is not None:
                groups.setdefault((one.finding.rule, one.finding.operation), []).append((one.finding, one))
        return tuple(self._failure(group) for _, group in sorted(groups.items(), key=lambda item: str(item[0])))

    def _failure(self, group: list[tuple[Finding, Outcome]]) -> Failure:
        finding, told = min(group, key=lambda one: (one[1].reproduced is False, len(one[0].steps)))
        rule = self.rules[finding.rule]
        known = next((one for one in self.baseline if one.covers(finding)), None)
        return Failure(
            rule=rule,
            finding=finding,
            reproduced=told.reproduced,
            tests=tuple(dict.fromkeys(outcome.test for _, outcome in group)),
            counts=(rule.documented or self.strict) and known is None,
            known=known,
        )

    @cached_property
    def errors(self) -> tuple[Outcome, ...]:
        """Where the suite itself broke."""
        return tuple(one for one in self.results.outcomes if one.verdict is Verdict.ERROR)

    @cached_property
    def unverified(self) -> Mapping[str, tuple[str, ...]]:
        """Rules of which nothing is known, by the reason."""
        reasons: dict[str, list[str]] = {}
        for rule in self.rules:
            if self.verdict(rule) is Verdict.NOT_VERIFIED:
                told = {one.reason for one in self.results.outcomes if rule in one.rules and one.reason}
                for reason in sorted(told) or [self._silence(rule)]:
                    reasons.setdefault(reason, []).append(rule)
        return {reason: tuple(rules) for reason, rules in reasons.items()}

    def _silence(self, rule: str) -> str:
        if rule not in self.results.checked:
            return "no check of the suite looks at it"
        return "its checks did not run" if "stopped" in self.results.facts else "not asked for in this run"

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Rules that had to be verified, and were not. A shard leaves that to `merge`."""
        if self.results.facts.get("shard", "1/1") != "1/1":
            return ()
        asked = self.rules if "all" in self.require else self.require
        return tuple(rule for rule in asked if self.verdict(rule) is Verdict.NOT_VERIFIED)

    @cached_property
    def stale(self) -> tuple[tuple[Known, str], ...]:
        """Entries of the baseline that no longer serve, and why."""
        expired = [(one, "it has expired") for one in self.baseline if one.expired]
        gone = [
            (one, "it no longer fails")
            for one in self.baseline
            if not one.expired and self.verdict(one.rule, one.operation) is Verdict.PASSED
        ]
        return (*expired, *gone)

    def count(self, verdict: Verdict) -> int:
        """How many rules have a verdict."""
        return sum(self.verdict(rule) is verdict for rule in self.rules)

    @property
    def exit_code(self) -> int:
        """0 conformant, 1 violations, 2 the suite or its set-up failed, 3 nothing verified."""
        if self.errors or "stopped" in self.results.facts:
            return 2
        if self.missing or any(one.counts for one in self.failures):
            return 1
        if not self.failures and not self.count(Verdict.PASSED):
            return 3
        return 0
