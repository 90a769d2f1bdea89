"""Level 3 takes no money online and hands nothing over electronically; level 4 does both; the engine sees to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.errors import FormInvalidError
from engine.domain.events import PaymentOrdered, ResultDelivered
from tests.support import bpmn_builder as b
from tests.support.signal_house import made
from tests.support.small_house import CITIZEN, PROCEDURE, House, submit

THREE = replace(PROCEDURE, level=3, deliveries=("desk", "post", "electronic"))


def wrong(house: House, **changes: str) -> dict[str, list[str]]:
    with pytest.raises(FormInvalidError) as refused:
        house.do(submit(**changes), CITIZEN)
    return refused.value.errors


def test_level_three_refuses_an_electronic_result_beside_its_field_even_when_the_catalog_forgot_to() -> None:
    errors = wrong(House(THREE), delivery="electronic")
    assert errors == {"delivery": ["Thủ tục mức độ 3 không trả kết quả bản điện tử. Hãy chọn cách khác."]}


def test_level_four_takes_it() -> None:
    assert House(PROCEDURE).file().delivery == "electronic"


@pytest.mark.parametrize("delivery", ["post", "", "electronic "])
def test_ways_that_the_procedure_does_not_name_are_refused_beside_their_field(delivery: str) -> None:
    assert list(wrong(House(PROCEDURE), delivery=delivery)) == ["delivery"]


def test_every_wrong_way_is_told_at_once() -> None:
    assert list(wrong(House(replace(PROCEDURE, channels=("desk",))), delivery="post")) == ["channel", "delivery"]


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize("job", ["fee.collect", "result.deliver"])
def test_a_job_that_the_level_does_not_know_is_an_incident_and_no_order_and_no_delivery(level: int, job: str) -> None:
    way = '<zeebe:taskHeaders><zeebe:header key="way" value="electronic"/></zeebe:taskHeaders>'
    inner = f'<zeebe:taskDefinition type="{job}" retries="1"/>{way}'
    task = b.element("serviceTask", "act", f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>")
    procedure = made("0.000007", b.start(), task, b.end(), *b.chain("start", "act", "end"))
    house = House(replace(procedure, level=level, deliveries=("desk", "electronic")))
    case = house.case(house.do(submit(procedure=procedure.code, delivery="desk"), CITIZEN).case_id)
    house.worker.drain()
    after = house.case(case.id)
    assert bool(after.incidents) is (level == 3)
    done = {PaymentOrdered, ResultDelivered} & {type(link.event) for link in house.store.events(case.id)}
    assert bool(done) is (level == 4)
