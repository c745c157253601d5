"""The comparison of tools that look for defects: what they report is read, and only what is new counts."""

import json
from pathlib import Path

from bench import detection, detectors, report
from bench.detection import Attempt, Defect, Outcome

PAGE, SORT = Defect("page-off-by-one", "PAGE-02"), Defect("desc-ignored", "SORT-01")


class Known(detectors.Detector):
    """Says one thing of every server, and one more of one defect."""

    key, title, setup = "known", "Known", "none"
    starts_its_own = True

    def version(self) -> str:
        return "1"

    def findings(self, port: int, defect: str | None, work: Path) -> set[str]:
        return {"always"} | ({"new"} if defect == PAGE.id else set())


def test_only_what_a_healthy_server_does_not_show_counts() -> None:
    said: list[str] = []
    [outcome] = detection.detect([Known(1)], [PAGE, SORT], 1, said.append)
    assert outcome.healthy == {"always"}
    assert [(one.defect, one.findings) for one in outcome.attempts] == [(PAGE, ("new",)), (SORT, ())]
    assert outcome.caught == 1
    assert len(said) == 3


def test_a_sample_is_the_same_for_a_seed_and_in_order() -> None:
    every = [Defect(str(number), "PAGE-02") for number in range(100)]
    some = detection.sample(every, 10, 1)
    assert some == detection.sample(every, 10, 1) != detection.sample(every, 10, 2)
    assert some == sorted(some, key=every.index)
    assert detection.sample(every, None, 1) == every


def test_the_catalogue_is_the_mocks() -> None:
    assert PAGE in detection.catalogue()


def test_the_table_and_the_results() -> None:
    one = Outcome(Known(1), {"always"}, [Attempt(PAGE, ("new",), 2.0), Attempt(SORT, (), 8.0)])
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in report.detection_table([one]).splitlines()]
    assert ["PAGE-02", "page-off-by-one", "caught, 2.0 s"] in lines
    assert ["SORT-01", "desc-ignored", "missed, 8.0 s"] in lines
    assert ["", "caught", "1 of 2"] in lines
    told = report.detection_results([one])["known"]
    assert (told["caught"], told["medianSecondsCaught"], told["medianSecondsMissed"]) == (1, 2.0, 8.0)
    assert told["defects"]["page-off-by-one"]["findings"] == ("new",)


def test_schemathesis_is_read(tmp_path: Path) -> None:
    failure = {"name": "a_check", "status": "failure", "failure_info": {"failure": {"title": "Undocumented status"}}}
    recorder = {
        "label": "POST /labels",
        "checks": {"1": [failure, {"name": "another", "status": "success"}]},
        "interactions": {"1": {"response": {"status_code": 202}}},
    }
    events = [{"EngineStarted": {}}, {"ScenarioFinished": {"status": "failure", "recorder": recorder}}]
    path = tmp_path / "events.ndjson"
    path.write_text("\n".join(json.dumps(one) for one in events))
    assert list(detectors.schemathesis_failures(path)) == ["POST /labels: Undocumented status (202)"]


def test_specmatic_is_read_without_what_it_made_up(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    text = "&gt;&gt; RESPONSE.BODY.data.items[3].email\n\n expected\n &gt;&gt; REQUEST.URL./users/{?+"
    path.write_text(
        '<testsuite><testcase name="A &gt; Scenario: GET /users -> 200 where page is 3"><failure>'
        f'{text}</failure></testcase><testcase name="Scenario: GET /labels -> 200"/></testsuite>'
    )
    assert list(detectors.specmatic_failures(path)) == ["GET /users -> 200: RESPONSE.BODY.data.items[*].email differs"]
