"""Reports: what was judged, for a terminal, a browser, a CI server and other programs."""

from pathlib import Path

from contract_tests.report import html, junit, markdown, results
from contract_tests.report.curl import script
from contract_tests.verdicts import Judged


def publish(judged: Judged, out: Path) -> list[Path]:
    """Write `report.html`, `junit.xml`, `results.json`, `summary.md` and a script for each failure. Raises OSError.

    The files are those of this run alone: an earlier run's scripts are taken away.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "report.html": html.dump(judged).encode("utf-8", "replace"),
        "junit.xml": junit.dump(judged),
        "results.json": results.dump(judged),
        "summary.md": markdown.dump(judged).encode("utf-8", "replace"),
    }
    mock = judged.results.facts["target"] == "mock"
    defect = judged.results.facts.get("defect")
    for failure in judged.failures:
        name = f"{failure.finding.rule}-{failure.finding.operation or 'any'}.sh"
        text = script(failure.finding, mock=mock, defect=str(defect) if defect else None)
        files[f"failures/{name}"] = text.encode("utf-8", "replace")
    for old in out.glob("failures/*.sh"):
        old.unlink()
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return [out / name for name in files]
