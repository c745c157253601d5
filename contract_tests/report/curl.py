"""The requests of a failure as a script for bash."""

import json
import re

from contract_tests.outcomes import Finding, Step

# The mock's own people, so that a script against it runs as it is.
_PEOPLE = {
    "ADMIN": "usr_ada",
    "MANAGER": "usr_marta",
    "USER": "usr_alan",
    "OTHER_USER": "usr_edith",
    "RIVAL": "usr_gx_ada --world globex",
}


def script(finding: Finding, *, short: bool = False, mock: bool = False, defect: str | None = None) -> str:
    """A script that sends the requests; `short` is only its lines, without what makes it stand alone.

    Placeholders are variables of the shell, whole values of headers. An id that a request created is taken from the
    answer, so that the later ones name the new row.
    """
    lines: list[str] = []
    known: dict[str, str] = {}
    for step in finding.steps:
        line = step.curl()
        for found, variable in known.items():
            line = line.replace(found, f"'\"${{{variable}}}\"'")
        if mock and not short:
            # The run's own mock is gone; one that is started by hand listens here.
            line = re.sub(r"(//[a-z0-9.-]*localhost):[0-9]+", r"\1:8080", line)
        created = _created(step)
        if created and not short and created not in known:
            known[created] = f"ID{len(known) + 1}"
            line = f'answer=$({line}); echo "$answer"; {known[created]}=$(jq -r .data.id <<<"$answer")'
        lines.append(f"{line}  # {step.status}")
    if short:
        return "\n".join(lines)
    # No shell takes a zero byte.
    return "\n".join([*_head(finding, lines, mock=mock, defect=defect), *lines, ""]).replace("\0", "")


def _head(finding: Finding, lines: list[str], *, mock: bool, defect: str | None) -> list[str]:
    needed = sorted({name for line in lines for name in re.findall(r': \$([A-Z_]+)"', line)})
    head = ["#!/usr/bin/env bash", f"# {finding.rule}: expected {_comment(finding.expected)}", "set -u"]
    if mock:
        head.insert(2, f"# Against a mock: kailenty-mock serve{f' --defect {defect}' if defect else ''}")
    for name in needed:
        if mock and (person := _PEOPLE.get(name.removesuffix("_CREDENTIAL"))):
            head.append(f': "${{{name}:=Bearer $(kailenty-mock token {person})}}"')
        else:
            head.append(f': "${{{name}:?the value of its header}}"')
    return head


def _comment(text: str) -> str:
    return " ".join(text.split())


def _created(step: Step) -> str | None:
    if step.status != 201:
        return None
    try:
        found = json.loads(step.answer)["data"]["id"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) and len(found) >= 4 else None
