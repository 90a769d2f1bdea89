"""Decision files as modelers write them: every version's namespace, and files that are refused."""

from __future__ import annotations

import pytest

from bpmn import dmn
from bpmn.errors import UnreadableDiagramError
from bpmn.parse_xml import MAX_BYTES
from tests.support.dmn_builder import V1_1, V1_2, V1_3, V1_4, V1_5, file, literal, table

# As dmn-js writes it: a prefix, ids everywhere, labels, empty cells, annotations, a drawing.
DRAWN = f"""<?xml version="1.0" encoding="UTF-8"?>
<dmn:definitions xmlns:dmn="{V1_3}" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
    xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="drd" name="Biểu lệ phí" namespace="http://example"
    exporter="Modeler" exporterVersion="5" modeler:executionPlatform="Camunda Cloud">
  <dmn:decision id="fee" name="Lệ phí">
    <dmn:informationRequirement id="req"><dmn:requiredInput href="#copies" /></dmn:informationRequirement>
    <dmn:decisionTable id="fee_table" hitPolicy="FIRST" biodi:annotationsWidth="400">
      <dmn:input id="in1" label="Số bản" biodi:width="192">
        <dmn:inputExpression id="ex1" typeRef="number"><dmn:text>so_ban</dmn:text></dmn:inputExpression>
      </dmn:input>
      <dmn:output id="out1" label="Số tiền" name="so_tien" typeRef="number" />
      <dmn:rule id="row1">
        <dmn:description>Thông tư mẫu</dmn:description>
        <dmn:inputEntry id="c1"><dmn:text>&lt;= 2</dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="c2"><dmn:text>so_ban * 2000</dmn:text></dmn:outputEntry>
      </dmn:rule>
      <dmn:rule id="row2">
        <dmn:inputEntry id="c3"><dmn:text></dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="c4"><dmn:text>4000 + (so_ban - 2) * 1000</dmn:text></dmn:outputEntry>
      </dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
  <dmn:inputData id="copies" name="so_ban" />
  <dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="fee">
    <dc:Bounds height="80" width="180" x="100" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</dmn:definitions>
"""


def test_a_file_of_a_modeler_is_read_and_decided() -> None:
    model = dmn.parse(DRAWN.encode())
    assert (model.id, model.name, list(model.decisions)) == ("drd", "Biểu lệ phí", ["fee"])
    assert dmn.check(model) == dmn.advise(model) == ()
    fee = dmn.compile_decision(model, "fee")
    assert [fee({"so_ban": n}) for n in (1, 2, 5)] == [2000, 4000, 7000]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_marked_unicode_is_read(encoding: str) -> None:
    text = DRAWN.replace("UTF-8", "utf-16" if encoding == "utf-16" else "UTF-8")
    assert dmn.check(dmn.parse(text.encode(encoding))) == ()


@pytest.mark.parametrize("space", [V1_1, V1_2, V1_3, V1_4, V1_5])
def test_every_version_is_read(space: str) -> None:
    model = dmn.parse(file(table("d", [(["1"], ["2"])]), space=space))
    assert dmn.compile_decision(model, "d")({"x": 1}) == 2


def test_models_are_equal_when_their_files_are() -> None:
    one, same, other = (dmn.parse(file(literal("d", text))) for text in ("1", "1", "2"))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


LAUGHS = '<!DOCTYPE a [<!ENTITY l0 "ha"><!ENTITY l1 "&l0;&l0;">]>'
UNREADABLE = {
    "empty": b"",
    "text": b"hello",
    "other XML": b"<a/>",
    "BPMN": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    "unknown version": file(space="https://www.omg.org/spec/DMN/20990101/MODEL/"),
    "other root": f'<decision xmlns="{V1_3}" id="d"/>'.encode(),
    "DTD": b"<!DOCTYPE definitions>" + file(),
    "entities": (LAUGHS + f'<definitions xmlns="{V1_3}">&l1;</definitions>').encode(),
    "deep": file("<a>" * 201 + "</a>" * 201),
    "large": file(" " * (MAX_BYTES + 1)),
    "too many elements": file("<a/>" * 100_001),
    "too many cells": file("<inputEntry/>" * 20_001),
    "too many decisions": file("".join(f'<decision id="d{n}"/>' for n in range(201))),
    "too much text": file("<text>" + "1" * 200_001 + "</text>"),
    "id used twice": file(literal("d", "1"), literal("d", "2")),
    "decision without id": file("<decision/>"),
    "data without id": file("<inputData/>"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_files_that_cannot_be_read_are_refused_in_both_languages(what: str) -> None:
    with pytest.raises(UnreadableDiagramError) as caught:
        dmn.parse(UNREADABLE[what])
    assert caught.value.message
    assert caught.value.message_vi != caught.value.message
