"""The tools that look for defects, each used the way that shows it at its best."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree

from bench.document import API_KEY, BASE, load
from bench.process import started
from bench.server import FILE, MODULES

LIMIT = 300.0  # seconds that one run may take


class Detector(ABC):
    """A tool that tests a server against the contract; `examples` are those that Schemathesis makes of an operation."""

    key: ClassVar[str]
    title: ClassVar[str]
    setup: ClassVar[str]  # for the report: what was chosen beside the defaults
    needs: ClassVar[tuple[str, ...]] = ()
    starts_its_own: ClassVar[bool] = False

    def __init__(self, examples: int) -> None:
        self.examples = examples

    @abstractmethod
    def version(self) -> str:
        """The version that is measured."""

    @abstractmethod
    def findings(self, port: int, defect: str | None, work: Path) -> set[str]:
        """What it says against the server at a port, told alike from run to run: without generated values."""


class Suite(Detector):
    """This project's suite. It is not told which rule a defect breaks; a healthy mock gives it nothing to say."""

    key, title = "suite", "kailenty-contract"
    setup = "run --fail-fast; the start of its own mock is in its time"
    starts_its_own = True

    def version(self) -> str:
        return metadata.version("kailenty-contract-suite")

    def findings(self, port: int, defect: str | None, work: Path) -> set[str]:
        command = [_beside("kailenty-contract"), "run", "--fail-fast", "--out", "out"]
        _call([*command, *(["--defect", defect] if defect else [])], work)
        told = json.loads((work / "out" / "results.json").read_text())
        return {f"{one['rule']} {one['operation']}" for one in told["failures"]}


class Schemathesis(Detector):
    """All its phases and checks, as an admin. What it says of the healthy mock is what no schema can say."""

    key, title = "schemathesis", "Schemathesis"
    setup = "run, all phases and checks, an admin's key, one worker a core"

    def version(self) -> str:
        return metadata.version("schemathesis")

    def findings(self, port: int, defect: str | None, work: Path) -> set[str]:
        options = ["--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--workers", "auto"]
        options += [
            "--max-examples",
            str(self.examples),
            "--seed",
            "1",
            "--continue-on-failure",
            "--no-color",
            "--report",
            "ndjson",
            "--report-dir",
            "out",
        ]
        options += ["--url", f"http://localhost:{port}{BASE}", "--header", f"X-API-Key: {API_KEY}"]
        load().write(work / FILE)
        _call([_beside("st"), "run", FILE, *options], work)
        return {found for report in (work / "out").glob("*.ndjson") for found in schemathesis_failures(report)}


class Specmatic(Detector):
    """Its contract test, as an admin. The document's examples are in the document that it reads."""

    key, title, needs = "specmatic", "Specmatic", ("npm", "java")
    setup = "test, an admin's key, two combinations a request: the default of all of them takes over five minutes"

    def version(self) -> str:
        return str(json.loads((MODULES / "specmatic" / "package.json").read_text())["version"])

    def findings(self, port: int, defect: str | None, work: Path) -> set[str]:
        load().write(work / FILE)
        settings = {"version": 2, "contracts": [{"provides": [FILE]}], "test": {"maxTestRequestCombinations": 2}}
        (work / "specmatic.yaml").write_text(json.dumps(settings))
        jar = MODULES / self.key / "specmatic.jar"
        options = [f"--testBaseURL=http://localhost:{port}{BASE}", "--junitReportDir=out"]
        _call(["java", "-jar", str(jar), "test", *options], work, {"ApiKeyAuth": API_KEY, "BearerAuth": API_KEY})
        return {found for report in (work / "out").glob("*.xml") for found in specmatic_failures(report)}


DETECTORS: dict[str, type[Detector]] = {one.key: one for one in (Suite, Schemathesis, Specmatic)}


def _beside(name: str) -> str:
    """A command of this interpreter's environment."""
    path = Path(sys.executable).with_name(name)
    return str(path) if path.exists() else name


def _call(command: Sequence[str], work: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a tool whose answer is in its report, not in its exit code; what it has by `LIMIT` counts."""
    with started(command, work, environment) as child, suppress(subprocess.TimeoutExpired):
        child.process.wait(LIMIT)


def schemathesis_failures(report: Path) -> Iterator[str]:
    """Each operation, check and status that failed, in Schemathesis' events."""
    for line in report.read_text().splitlines():
        scenario = json.loads(line).get("ScenarioFinished")
        if scenario is None or scenario["status"] == "success":
            continue
        recorder = scenario["recorder"]
        for case, checks in recorder.get("checks", {}).items():
            answer = recorder["interactions"].get(case, {}).get("response") or {}
            for check in checks:
                if check["status"] == "failure":
                    title = check["failure_info"]["failure"]["title"]
                    yield f"{recorder['label']}: {title} ({answer.get('status_code', 'no answer')})"


def specmatic_failures(report: Path) -> Iterator[str]:
    """Each scenario of Specmatic's, with where its answer differed and how."""
    for test in ElementTree.parse(report).getroot().iter("testcase"):
        failure = test.find("failure")
        if failure is None:
            continue
        text = failure.text or ""
        scenario = re.sub(r".*Scenario: | (with|where) .*", "", test.get("name", ""))
        # What it says of requests is about values that it made up itself.
        places = re.findall(r">> (RESPONSE\S*)", text) or ["its own error"]
        status = re.search(r"expected status (\d+) but response contained status (\d+)", text)
        for place in places:
            told = f"{status[1]} was {status[2]}" if status else "differs"
            yield f"{scenario}: {re.sub(r'[0-9]+', '*', place)} {told}"
