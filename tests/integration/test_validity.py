"""Two versions of one procedure: what began under the old law ends by it, what begins later takes the new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.domain.case import Case
from engine.domain.errors import FormInvalidError
from engine.domain.events import FeeAssessed, PaymentOrdered, ReceiptIssued, StatusChanged
from engine.replay import rebuilt, replay
from engine.scenarios import Player, Scenario, read
from tests.support.desk import ROOT, UNIT, Desk, citizen, officer, open_desk, procedure_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OLD = ROOT / "catalog/xac-nhan-tinh-trang-hon-nhan/tests/01_truc_tuyen.toml"
NEW = ROOT / "catalog/xac-nhan-tinh-trang-hon-nhan@2/tests/01_truc_tuyen.toml"
CODE = procedure_of(OLD)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path, request.getfixturevalue(f"{request.param}_url"), at=at("2025-06-30T08:00"))
    yield desk
    desk.app.store.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def player(desk: Desk) -> Player:
    app = desk.app
    return Player(app.ports, app.bus, app.worker, desk.clock, member=officer)


def file(desk: Desk, path: Path, moment: str, **changes: Any) -> str:
    """File the scenario's application online at a moment; the case's id."""
    desk.clock.set(max(at(moment), desk.clock.now()))
    scenario = read(path)
    command = replace(scenario.filing(UNIT, CODE), application={**scenario.application, **changes})
    result = desk.app.handle(command, citizen(), desk.app.ids.new())
    desk.app.worker.drain()
    return str(result.case_id)


def case_of(desk: Desk, case_id: str) -> Case:
    case = desk.app.store.case(None, case_id)
    assert case is not None
    return case


def followed(desk: Desk, case_id: str, path: Path, **changes: Any) -> Case:
    scenario: Scenario = replace(read(path), **changes)
    return player(desk).follow(case_id, scenario)


def proven(desk: Desk, case_id: str) -> None:
    assert replay(desk.app.ports, None, case_id) == []
    assert rebuilt(desk.app.ports, case_id) == case_of(desk, case_id)


def facts(desk: Desk, case_id: str, kind: type[Any]) -> list[Any]:
    return [link.event for link in desk.app.store.events(case_id) if isinstance(link.event, kind)]


def test_a_case_begun_on_the_last_day_keeps_its_law_to_its_end_and_one_of_the_next_day_takes_the_new_one(
    desk: Desk,
) -> None:
    old = file(desk, OLD, "2025-06-30T16:00")
    new = file(desk, NEW, "2025-07-01T08:00")
    assert (case_of(desk, old).procedure_version, case_of(desk, new).procedure_version) == (1, 2)
    end = {name: value for name, value in read(OLD).end.items() if name != "due"}
    ended = followed(desk, old, OLD, end=end)
    assert (ended.status, ended.fee_total, ended.procedure_version) == (10, 3000, 1)
    assert len(facts(desk, old, PaymentOrdered)) == 1
    end = {name: value for name, value in read(NEW).end.items() if name != "due"}
    ended = followed(desk, new, NEW, end=end)
    assert (ended.status, ended.fee_total, ended.procedure_version) == (10, 0, 2)
    proven(desk, old)
    proven(desk, new)


def test_nothing_due_means_a_receipt_over_nothing_and_no_request_to_pay(desk: Desk) -> None:
    new = file(desk, NEW, "2025-07-01T08:00")
    followed(desk, new, NEW, end={})
    assert facts(desk, new, PaymentOrdered) == []
    assert [event.total for event in facts(desk, new, FeeAssessed)] == [0]
    assert [line["amount"] for event in facts(desk, new, FeeAssessed) for line in event.lines] == [0]
    assert [event.kind for event in facts(desk, new, ReceiptIssued)].count("fee") == 1
    passed = [event.after for event in facts(desk, new, StatusChanged)]
    assert passed[-1] == 10
    assert 6 not in passed


@pytest.mark.parametrize(
    ("moment", "path", "version"),
    [("2025-06-30T23:59:59", OLD, 1), ("2025-07-01T00:00:00", NEW, 2), ("2026-01-05T09:00:00", NEW, 2)],
)
def test_the_day_of_the_house_decides(desk: Desk, moment: str, path: Path, version: int) -> None:
    assert case_of(desk, file(desk, path, moment)).procedure_version == version


def test_the_other_versions_form_is_refused_on_either_side(desk: Desk) -> None:
    with pytest.raises(FormInvalidError) as early:
        file(desk, NEW, "2025-06-30T09:00")
    assert "nguoi_yeu_cau_noi_cu_tru.quan_huyen" in early.value.errors
    with pytest.raises(FormInvalidError) as late:
        file(desk, OLD, "2025-07-01T09:00")
    assert "nguoi_yeu_cau_noi_cu_tru.quan_huyen" in late.value.errors


def test_a_former_residence_may_still_lie_in_a_district(desk: Desk) -> None:
    place = {"loai_cu_tru": "thuong_tru", "tinh_thanh": "Thành phố Hồ Chí Minh", "phuong_xa": "Xã Mẫu", "chi_tiet": "1"}
    former = {"cu_tru_truoc_day": True, "cu_tru_tu_ngay": "2010-01-01", "cu_tru_den_ngay": "2018-12-31"}
    filed = file(desk, NEW, "2025-07-01T08:00", cu_tru_tai={**place, "quan_huyen": "Huyện Mẫu"}, **former)
    assert case_of(desk, filed).application["cu_tru_tai"]["quan_huyen"] == "Huyện Mẫu"
    filed = file(desk, NEW, "2025-07-01T08:00", cu_tru_tai=place, **former)
    assert "quan_huyen" not in case_of(desk, filed).application["cu_tru_tai"]
