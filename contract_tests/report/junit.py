"""Results as JUnit XML: a test case for each test, a suite for each module."""

import re
from xml.etree import ElementTree as ET

from contract_tests.outcomes import Outcome, Verdict
from contract_tests.report.curl import script
from contract_tests.verdicts import Judged

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dump(judged: Judged) -> bytes:
    """All outcomes. A finding that does not fail the run is told in `system-out`, and its test passes."""
    root = ET.Element("testsuites", name="kailenty-contract")
    counting = {test for failure in judged.failures if failure.counts for test in failure.tests}
    modules: dict[str, list[Outcome]] = {}
    for one in judged.results.outcomes:
        modules.setdefault(one.test.partition("::")[0] or "suite", []).append(one)
    for module, outcomes in modules.items():
        suite = ET.SubElement(root, "testsuite", name=_clean(module), tests=str(len(outcomes)))
        suite.set("failures", str(sum(one.finding is not None and one.test in counting for one in outcomes)))
        suite.set("errors", str(sum(one.verdict is Verdict.ERROR for one in outcomes)))
        suite.set("skipped", str(sum(one.verdict is Verdict.NOT_VERIFIED for one in outcomes)))
        suite.set("time", f"{sum(one.seconds for one in outcomes):.3f}")
        properties = ET.SubElement(suite, "properties")
        for name, value in judged.results.facts.items():
            ET.SubElement(properties, "property", name=name, value=_clean(str(value)))
        for one in outcomes:
            _case(suite, one, counts=one.test in counting)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _case(suite: ET.Element, one: Outcome, *, counts: bool) -> None:
    module, _, name = one.test.partition("::")
    case = ET.SubElement(suite, "testcase", classname=_clean(module), name=_clean(name or "suite"))
    case.set("time", f"{one.seconds:.3f}")
    if one.finding is not None:
        finding = one.finding
        message = _clean(f"{finding.rule}: expected {finding.expected}; {finding.actual}")
        place = ET.SubElement(case, "failure", message=message) if counts else ET.SubElement(case, "system-out")
        place.text = _clean(f"{message}\n\n{script(finding)}")
    elif one.verdict is Verdict.ERROR:
        ET.SubElement(case, "error", message=_clean(one.reason))
    elif one.verdict is Verdict.NOT_VERIFIED:
        ET.SubElement(case, "skipped", message=_clean(one.reason))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
