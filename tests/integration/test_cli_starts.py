"""A procedure of the catalog that is begun by a message and by a timer, from the command line to the worker."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.bootstrap import build
from engine.replay import replay
from engine.scenarios import read
from engine.settings import Settings
from tests.support.command_line import Run, called

ROOT = Path(__file__).resolve().parents[2]
MODEL = "xac-nhan-tinh-trang-hon-nhan"
CODE = "9.000001"
STARTS = """
    <bpmn:startEvent id="by_message" name="Có yêu cầu liên thông">
      <bpmn:messageEventDefinition messageRef="message_certificate_asked"/>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="m1" sourceRef="by_message" targetRef="call_intake"/>
    <bpmn:startEvent id="by_clock" name="Hằng ngày">
      <bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1S</bpmn:timeCycle></bpmn:timerEventDefinition>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="t1" sourceRef="by_clock" targetRef="call_intake"/>
  </bpmn:process>"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The catalog with one more procedure."""
    folder = tmp_path / "catalog"
    shutil.copytree(ROOT / "catalog", folder)
    made = folder / "lien-thong"
    shutil.copytree(folder / MODEL, made)
    head = (made / "procedure.toml").read_text(encoding="utf-8")
    code = head.split('code = "', 1)[1].split('"', 1)[0]
    head = head.replace("valid_to = 2025-06-30\n", "").replace(code, CODE).replace(MODEL, "lien-thong")
    (made / "procedure.toml").write_text(head, encoding="utf-8")
    diagram = (made / "process.bpmn").read_text(encoding="utf-8")
    named = '<bpmn:message id="message_certificate_asked" name="certificate_asked"/>\n  <bpmn:process id='
    diagram = diagram.replace("<bpmn:process id=", named, 1).replace("  </bpmn:process>", STARTS, 1)
    (made / "process.bpmn").write_text(diagram, encoding="utf-8")
    return folder


@pytest.fixture
def run(catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    return partial(called, monkeypatch, capfd, MOTCUA_HOME=str(tmp_path / "home"), MOTCUA_CATALOG=str(catalog))


def payload(**changes: Any) -> str:
    scenario = read(ROOT / "catalog" / MODEL / "tests" / "01_truc_tuyen.toml")
    applicant = {name: value for name, value in scenario.applicant.items() if name != "account"}
    facts = {"applicant": applicant, "application": scenario.application, "channel": "online"}
    return json.dumps({**facts, "delivery": "electronic", "asked_by": "thuế", **changes}, default=_text)


def _text(value: Any) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()


def test_what_begins_cases_is_listed_and_a_message_sent_by_hand_begins_one(run: Run, tmp_path: Path) -> None:
    assert run("catalog", "deploy")[0] == 0
    status, said, _ = run("starts", "list", "--json")
    rows = {row["element_id"]: row for row in json.loads(said)}
    assert status == 0
    assert rows.keys() == {"by_message", "by_clock"}
    assert (rows["by_message"]["kind"], rows["by_message"]["name"]) == ("message", "certificate_asked")
    assert (rows["by_clock"]["unit"], rows["by_clock"]["name"], rows["by_clock"]["error"]) == ("xa-mau", "R/PT1S", "")
    assert rows["by_clock"]["due"] is not None

    sent = ("send", "certificate_asked", "--correlation", "k1", "--payload")
    status, said, error = run(*sent, payload(), "--key", "once")
    assert (status, error) == (0, "")
    code = said.split()[1]
    assert run(*sent, payload(), "--key", "once")[1].split() == ["certificate_asked:", code, "(again)"]
    status, _, error = run(*sent, payload())
    assert (status, code in error, "already_begun" in error) == (2, True, True)
    assert "form_invalid" in run(*sent[:-3], "--payload", payload(application={}))[2]
    assert "no JSON object" in run(*sent, "[1]")[2]
    assert "no JSON" in run(*sent, "{")[2]
    assert "nothing_waits" in run("send", "nobody")[2]
    status, said, _ = run("case", "show", code)
    assert (status, "Mở hồ sơ theo thông điệp certificate_asked" in said) == (0, True)


def test_the_worker_opens_the_case_of_a_slot(run: Run, catalog: Path, tmp_path: Path) -> None:
    run("catalog", "deploy")
    home = tmp_path / "home"
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'motcua.db'}", catalog=catalog, unit="xa-mau")
    app = build(settings)
    while app.store.next_start() > app.clock.now():  # type: ignore[operator]  # it is planned
        pass
    app.worker.run_due()
    ((_, case_id),) = app.store.case_ids()
    case = app.store.case(None, case_id)
    assert case is not None
    assert (case.procedure, case.begun["element_id"], case.channel) == (CODE, "by_clock", "house")
    assert case.applicant == {"name": "Ủy ban nhân dân xã Mẫu"}
    assert [task.element_id for task in case.tasks.values()] == ["check_documents"]
    assert replay(app.ports, None, case_id) == []
    app.store.close()
