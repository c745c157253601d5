"""Results as JSON: for other programs, and for `merge`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from contract_tests.outcomes import Results
from contract_tests.plugin import load_outcome
from contract_tests.redaction import Redactor
from contract_tests.settings import UsageError
from contract_tests.verdicts import Judged

# Raised when a reader of older results would misread newer ones.
VERSION = 1


def dump(judged: Judged) -> bytes:
    """What was judged, and all that it was judged by."""
    content = {
        "version": VERSION,
        "exitCode": judged.exit_code,
        "facts": judged.results.facts,
        "strict": judged.strict,
        "require": judged.require,
        "rules": {rule: _rule(judged, rule) for rule in judged.rules},
        "failures": [
            {
                "rule": one.rule.id,
                "operation": one.finding.operation,
                "expected": one.finding.expected,
                "actual": one.finding.actual,
                "counts": one.counts,
                "known": one.known.link if one.known else None,
                "reproduced": one.reproduced,
                "tests": one.tests,
            }
            for one in judged.failures
        ],
        "notVerified": judged.unverified,
        "missing": judged.missing,
        "left": judged.results.left,
        "returned": judged.results.returned,
        "checked": judged.results.checked,
        "outcomes": [asdict(one) for one in judged.results.outcomes],
    }
    return orjson.dumps(Redactor({})(content), option=orjson.OPT_INDENT_2)


def _rule(judged: Judged, rule: str) -> dict[str, Any]:
    cells = {name: judged.verdict(rule, name).label for name in judged.rules[rule].operations}
    return {"verdict": judged.verdict(rule).label, "text": judged.rules[rule].text, "operations": cells}


def load(path: Path) -> tuple[Results, bool, tuple[str, ...]]:
    """The results of a file, whether it was judged strictly, and what was required. Raises UsageError."""
    try:
        content = orjson.loads(path.read_bytes())
        if content["version"] != VERSION:
            raise UsageError(f"{path}: its version is {content['version']}, and this reads version {VERSION}")
        outcomes = tuple(load_outcome(one) for one in content["outcomes"])
        left, returned = tuple(content["left"]), tuple(content.get("returned", ()))
        results = Results(outcomes, content["facts"], tuple(content["checked"]), left, returned)
        return results, bool(content["strict"]), tuple(content["require"])
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise UsageError(f"{path} holds no results of a run") from None


def merge(parts: list[Results]) -> Results:
    """The results of shards, or of several runs, as one. Raises UsageError where they are of different targets."""
    first = parts[0].facts
    for name in ("target", "seed", "examples", "mode"):
        if len(told := {str(part.facts.get(name)) for part in parts}) > 1:
            raise UsageError(f"the results are of different runs: {name} is {' and '.join(sorted(told))}")
    shards = [str(part.facts.get("shard", "1/1")) for part in parts]
    whole = {f"{number}/{len(parts)}" for number in range(1, len(parts) + 1)}
    if len(set(shards)) < len(shards) or set(shards) != whole:
        raise UsageError(f"{', '.join(sorted(shards))} are not all the shards of a run, each once")
    facts = {
        **first,
        "shard": "1/1",
        "run": ", ".join(str(part.facts["run"]) for part in parts),
        "requests": sum(int(part.facts["requests"]) for part in parts),
        "seconds": max(float(part.facts["seconds"]) for part in parts),
        "tests": sum(int(part.facts["tests"]) for part in parts),
    }
    if stopped := next((part.facts["stopped"] for part in parts if "stopped" in part.facts), None):
        facts["stopped"] = stopped
    return Results(
        tuple(one for part in parts for one in part.outcomes),
        facts,
        tuple(sorted({rule for part in parts for rule in part.checked})),
        tuple(dict.fromkeys(one for part in parts for one in part.left)),
        tuple(dict.fromkeys(one for part in parts for one in part.returned)),
    )
