"""The judge of layouts bites on each fault and stays silent on a clean drawing; the catalog's diagrams have none."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.docs.draw_catalog import diagrams
from tests.docs.layout import Finding, judge, main

STAYS = tomllib.loads((Path(__file__).parent / "stays.toml").read_text(encoding="utf-8"))
MAY_STAY = ("crossing", "backwards")
ADVICE = ("shared-exit",)  # printed, not asked for
CLEAN = """
lane l1 Cán bộ|0 0 900 200: a b g x y bt z
task a Nhận|60 60 100 80
event b Xong|600 82 36 36|580 122 80 20
gateway g Đúng?|300 75 50 50|290 130 70 14
task x Sửa|400 60 100 80
boundary bt 5 ngày|442 122 36 36|482 145 60 14|x
event z Hết|582 162 36 36
flow a-g a g|160 100|300 100
flow g-x g x Có|350 100|400 100|356 80 30 14
flow x-b x b|500 100|600 100
flow bt-z bt z|460 158|460 180|582 180
"""


def drawn(text: str) -> bytes:
    """A diagram by one line per element: kind id name|bounds|bounds of its label; flows list their points."""
    model, plane, lanes = [], [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        head, *places = line.split("|")
        kind, key, *words = head.split()
        if kind == "flow":
            source, target, *words = words
            label = [place for place in places if len(place.split()) == 4]
            points = "".join(_tag("di:waypoint", "x y", place) for place in places if place not in label)
            model.append(
                f'<b:sequenceFlow id="{key}" name="{" ".join(words)}" sourceRef="{source}" targetRef="{target}"/>'
            )
            plane.append(f'<d:BPMNEdge bpmnElement="{key}">{points}{_label(label)}</d:BPMNEdge>')
            continue
        if kind == "lane":
            places[0], _, members = places[0].partition(":")
            refs = "".join(f"<b:flowNodeRef>{member}</b:flowNodeRef>" for member in members.split())
            lanes.append(f'<b:lane id="{key}" name="{" ".join(words)}">{refs}</b:lane>')
        else:
            host = f' attachedToRef="{places[2]}"' if kind == "boundary" else ""
            model.append(f'<b:{TAGS[kind]} id="{key}" name="{" ".join(words)}"{host}/>')
        bounds = _tag("dc:Bounds", "x y width height", places[0])
        plane.append(f'<d:BPMNShape bpmnElement="{key}">{bounds}{_label(places[1:2])}</d:BPMNShape>')
    inside = f"<b:process id='p'><b:laneSet>{''.join(lanes)}</b:laneSet>{''.join(model)}</b:process>"
    outside = f"<d:BPMNDiagram><d:BPMNPlane>{''.join(plane)}</d:BPMNPlane></d:BPMNDiagram>"
    return f"{HEAD}{inside}{outside}</b:definitions>".encode()


HEAD = (
    '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI">'
)
TAGS = {
    "task": "userTask",
    "call": "callActivity",
    "event": "endEvent",
    "gateway": "exclusiveGateway",
    "boundary": "boundaryEvent",
}


def _tag(name: str, keys: str, values: str) -> str:
    pairs = zip(keys.split(), values.split(), strict=True)
    return f"<{name} {' '.join(f'{key}={value!r}' for key, value in pairs)}/>"


def _label(places: list[str]) -> str:
    if not places:
        return ""
    return f"<d:BPMNLabel>{_tag('dc:Bounds', 'x y width height', places[0])}</d:BPMNLabel>"


def kinds(text: str) -> list[tuple[str, ...]]:
    """What the judge says, without places."""
    return sorted({(found.kind, *found.elements) for found in judge(drawn(text))})


def test_a_clean_drawing_is_passed_over_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clean.bpmn"
    file.write_bytes(drawn(CLEAN))
    assert main([str(file)]) == 0
    assert capsys.readouterr().out == ""


FAULTS = {
    "crossing": ("flow c a g|200 60|200 120", ("crossing", "a-g", "c")),
    "edge through a task": ("flow e a b|160 100|160 110|600 110", ("edge-over-shape", "e", "x")),
    "edge through its own task": ("flow e x b|400 90|550 90|550 30|618 30|618 82", ("edge-over-shape", "e", "x")),
    "label on a line": ("event n Xong|760 82 36 36|250 95 60 14", ("label-on-line", "n", "a-g")),
    "label on a task": ("event n Xong|760 82 36 36|420 120 60 14", ("label-on-shape", "n", "x")),
    "label on a gateway": ("event n Xong|760 82 36 36|295 95 60 14", ("label-on-shape", "n", "g")),
    "label on a label": ("event n Xong|760 82 36 36|295 132 60 14", ("label-on-label", "g", "n")),
    "backwards": ("event n Xa|760 82 36 36|750 130 60 14\nflow w n z|778 118|778 180|618 180", ("backwards", "w")),
    "slanted": ("event n Xa|760 22 36 36\nflow w b n|636 100|760 40", ("slanted", "w")),
    "shape on shape": ("event n Xa|480 20 36 60|700 20 40 14", ("shape-on-shape", "x", "n")),
    "two edges in one line": (
        "event n Xa|760 22 36 36\nevent m Xa|40 22 36 36|80 150 20 14"
        "\nflow w m n|76 40|170 40|170 100|280 100|280 40|760 40",
        ("edge-on-edge", "a-g", "w"),
    ),
    "edge that brushes a task": (
        "event n Xa|760 22 36 36\nflow w n z|760 40|550 40|550 57|350 57",
        ("too-close", "w", "x"),
    ),
    "two answers on one line": ("flow w g z Không|350 100|380 100|380 180|582 180", ("shared-exit", "g-x", "w")),
    "label far from its event": ("event n Xong|760 22 36 36|700 180 60 14", ("label-far", "n")),
    "name over the sign of a call": ("call t Ký chứng thực, vào sổ, đóng dấu|700 60 100 80", ("text-too-long", "t")),
    "edge on the border of a lane": ("flow w a b|110 60|110 2|618 2|618 82", ("edge-on-border", "w", "l1")),
    "name too long for its task": (
        "task t Một tên rất dài mà không ai đặt cho việc nào trong sơ đồ này vì nó không vừa khung|700 60 100 80",
        ("text-too-long", "t"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found(name: str) -> None:
    more, expected = FAULTS[name]
    found = kinds(CLEAN + more)
    assert expected in found


def test_a_shape_out_of_its_lane_and_an_event_off_its_host_are_found() -> None:
    assert kinds(CLEAN.replace("task x Sửa|400 60", "task x Sửa|400 130").replace("442 122", "442 192")) != []
    assert ("outside", "a", "l1") in kinds(CLEAN.replace("|60 60 100 80", "|60 140 100 80"))
    assert ("outside", "bt", "x") in kinds(CLEAN.replace("442 122", "712 20"))


def test_edges_may_meet_where_they_join() -> None:
    joined = CLEAN + "event s Xa|232 22 36 36|280 30 20 14\nflow j s g|250 58|250 100|300 100"
    assert kinds(joined) == []


def test_a_loop_may_run_back() -> None:
    loop = CLEAN + "flow again x g|450 60|450 30|325 30|325 75"
    assert kinds(loop) == []


def test_a_diagram_without_a_picture_has_no_faults_and_a_broken_file_is_an_error() -> None:
    assert judge(f"{HEAD}<b:process id='p'/></b:definitions>".encode()) == []
    with pytest.raises(SyntaxError):
        judge(b"<b:definitions")


@pytest.mark.parametrize("name", diagrams())
def test_nothing_disturbs_in_a_diagram_of_the_catalog(name: str) -> None:
    found = judge(diagrams()[name].read_bytes())
    assert [str(one) for one in found if one.kind not in MAY_STAY + ADVICE] == []
    assert said(found) - reasons(name) == set(), "mend the drawing, or give the reason in stays.toml"


def test_what_stays_has_a_reason_and_is_still_there() -> None:
    known = diagrams()
    for kind in MAY_STAY:
        for row in STAYS[kind]:
            assert row["reason"].strip()
            assert (kind, *sorted(row["edges"])) in said(judge(known[row["diagram"]].read_bytes())), row


def said(found: Iterable[Finding]) -> set[tuple[str, ...]]:
    """Findings that may stay, by their edges."""
    return {(one.kind, *sorted(one.elements)) for one in found if one.kind in MAY_STAY}


def reasons(name: str) -> set[tuple[str, ...]]:
    """The reasons given for a diagram; those of a procedure hold for its later versions (`slug@N`) too."""
    known = (name, name.partition("@")[0])
    rows = [(kind, row) for kind in MAY_STAY for row in STAYS[kind] if row["diagram"] in known]
    return {(kind, *sorted(row["edges"])) for kind, row in rows}
