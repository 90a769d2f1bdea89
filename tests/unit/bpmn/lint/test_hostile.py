"""Whatever the bytes, lint returns findings: it neither raises, nor hangs, nor fails inside."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bpmn.errors import BpmnError
from bpmn.lint import LintContext, lint
from bpmn.model import Finding, ProcessDefinition
from bpmn.parse import parse
from bpmn.runner import Runner
from tests.bpmn_support import PROBES
from tests.support import seeds
from tests.support.bpmn_builder import first_of, flow, process, start
from tests.support.work import calls

CATALOG = Path(__file__).parents[4] / "catalog"
SEED = seeds.of_this_run()
MUTATIONS = 500
MOST_CALLS = 3_000_000  # a second or two; what looks at everything for each element is far beyond
NS = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

UNREADABLE = {
    "empty": b"",
    "blank": b"  \n",
    "NUL bytes": b"\x00" * 100,
    "NUL inside": f"<definitions {NS}>\x00</definitions>".encode(),
    "text": b"hello",
    "JSON": b'{"type": "default"}',
    "HTML": b"<html><body>x</body></html>",
    "other XML": b"<a/>",
    "no namespace": b"<definitions/>",
    "cut": f"<definitions {NS}><process".encode(),
    "invalid UTF-8": f"<definitions {NS}>".encode() + b"\xff\xfe\xc3\x28</definitions>",
    "lone surrogate": f"<definitions {NS}>".encode() + b"\xed\xa0\x80</definitions>",
    "6 MB": f"<definitions {NS}>".encode() + b" " * 6_000_000 + b"</definitions>",
    "DTD": f"<!DOCTYPE definitions><definitions {NS}/>".encode(),
    "DTD behind a comment": f"<!-- a --><?b c?>\n<!DOCTYPE definitions><definitions {NS}/>".encode(),
    "DTD in UTF-16": f"<!DOCTYPE definitions><definitions {NS}/>".encode("utf-16"),
    "DTD in UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4- <a/>',
    "laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><definitions {NS}>&l9;</definitions>'.encode(),
    "laughs in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><definitions {NS} id="&l9;"/>'.encode(),
    "external entity": f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions {NS}>&x;</definitions>'
    "".encode(),
    "unknown entity": f"<definitions {NS}>&nbsp;</definitions>".encode(),
    "deep": f"<definitions {NS}>".encode() + b"<process>" * 201 + b"</process>" * 201 + b"</definitions>",
    "very deep": f"<definitions {NS}>".encode() + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</definitions>",
    "unknown encoding": f'<?xml version="1.0" encoding="klingon"?><definitions {NS}/>'.encode(),
    "EBCDIC": f'<?xml version="1.0" encoding="cp037"?><definitions {NS}/>'.encode("cp037"),
    "too many elements": f"<definitions {NS}>".encode() + b'<task id="a"/>' * 5_001 + b"</definitions>",
    "too many nodes": f"<definitions {NS}>".encode() + b"<a/>" * 60_001 + b"</definitions>",
    "two roots": f"<definitions {NS}/><definitions {NS}/>".encode(),
}


def counted(data: bytes, rules: LintContext) -> tuple[Finding, ...]:
    findings: tuple[Finding, ...] = ()

    def look() -> None:
        nonlocal findings
        findings = lint(data, "x.bpmn", rules)

    assert calls(look) < MOST_CALLS
    for each in findings:
        assert each.message
        assert each.message_en
    assert "internal" not in {each.rule for each in findings}
    return findings


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_files_are_exactly_one_finding(what: str, surroundings: LintContext) -> None:
    assert [each.rule for each in counted(UNREADABLE[what], surroundings)] == ["unreadable"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_marked_unicode_files_are_read(encoding: str, good: str, surroundings: LintContext) -> None:
    assert (
        lint(good.replace("UTF-8", "utf-16" if encoding == "utf-16" else "UTF-8").encode(encoding), "x", surroundings)
        == ()
    )


def test_a_check_that_fails_is_one_finding_with_its_element(good: str) -> None:
    class Broken(dict[str, str]):
        def __contains__(self, key: object) -> bool:
            raise RuntimeError(key)

    findings = lint(good.encode(), "x.bpmn", LintContext(groups=Broken(a="Bộ phận một cửa", b="Công chức tư pháp")))
    internal = [each.element_id for each in findings if each.rule == "internal"]
    assert internal == ["check_documents", "withdraw"]


LARGE = {
    "chain": lambda n: "".join(
        f'<bpmn:manualTask id="t{i}"/><bpmn:sequenceFlow id="c{i}" sourceRef="t{i}" targetRef="t{i + 1}"/>'
        for i in range(n)
    ),
    "star": lambda n: (
        '<bpmn:exclusiveGateway id="g"/>'
        + "".join(f'<bpmn:sequenceFlow id="c{i}" sourceRef="g" targetRef="g"/>' for i in range(n))
    ),
    "mappings": lambda n: (
        '<bpmn:userTask id="t"><bpmn:extensionElements><zeebe:ioMapping>'
        + "".join(f'<zeebe:input source="=x{i} + 1" target="x{i + 1}"/>' for i in range(n * 2))
        + "</zeebe:ioMapping></bpmn:extensionElements></bpmn:userTask>"
    ),
    "same id": lambda n: '<bpmn:userTask id="t"/>' * n,
    "boundaries": lambda n: "".join(
        f'<bpmn:boundaryEvent id="b{i}" attachedToRef="b{(i + 1) % n}"/>' for i in range(n)
    ),
    "expressions": lambda n: "".join(
        f'<bpmn:sequenceFlow id="c{i}"><bpmn:conditionExpression>=a{i} + 1</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
        for i in range(n)
    ),
    "many long expressions": lambda n: "".join(
        f'<bpmn:sequenceFlow id="c{i}"><bpmn:conditionExpression>={i}{" + a" * 300}</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
        for i in range(n)
    ),
    "links": lambda n: "".join(
        f'<bpmn:intermediate{way}Event id="{way}{i}">'
        f'<bpmn:linkEventDefinition name="l{i}"/></bpmn:intermediate{way}Event>'
        for i in range(n)
        for way in ("Throw", "Catch")
    ),
    "event gateways": lambda n: "".join(
        f'<bpmn:eventBasedGateway id="g{i}"/><bpmn:receiveTask id="r{i}"/>'
        f'<bpmn:sequenceFlow id="c{i}" sourceRef="g{i}" targetRef="r{i}"/>'
        for i in range(n)
    ),
    "sub-processes": lambda n: "".join(
        f'<bpmn:subProcess id="s{i}"><bpmn:startEvent id="b{i}"/></bpmn:subProcess>' for i in range(n)
    ),
    "nested sub-processes": lambda n: (
        "".join(f'<bpmn:subProcess id="n{i}">' for i in range(150))
        + '<bpmn:startEvent id="n"/>' * 1
        + "</bpmn:subProcess>" * 150
    ),
    "inclusive gateways": lambda n: "".join(
        f'<bpmn:inclusiveGateway id="g{i}"/><bpmn:sequenceFlow id="c{i}" sourceRef="g{i}" targetRef="g{(i + 1) % n}"/>'
        for i in range(n)
    ),
    "long name": lambda n: f'<bpmn:userTask id="t" name="{"ê " * n * 200}"/>',
    "long expression": lambda n: (
        f'<bpmn:sequenceFlow id="t"><bpmn:conditionExpression>={"(" * n * 500}'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    ),
}


@pytest.mark.parametrize("what", LARGE)
def test_large_diagrams_take_no_more_work_than_their_size_asks_for(
    what: str, spoil: Callable[..., bytes], surroundings: LintContext
) -> None:
    part = LARGE[what](1_500)
    assert counted(spoil(("</bpmn:process>", part + "</bpmn:process>")), surroundings)


@pytest.mark.parametrize("target", ["", "gone"])
def test_an_event_gateway_whose_flow_leads_nowhere_is_a_finding(target: str, surroundings: LintContext) -> None:
    data = process("p", start(), first_of("g"), flow("start", "g"), flow("g", target, flow_id="f"))
    rules = {(each.rule, each.element_id) for each in counted(data, surroundings)}
    assert ("flow-dangling", "f") in rules


def _mutate(data: bytes, chance: random.Random) -> bytes:
    """Spoil a diagram a few times: attributes, elements, texts, references, nesting; at last perhaps its encoding."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice((_attribute, _element, _bytes, _namespace, _text, _reference, _nest))(data, chance)
    return _encoding(data, chance) if chance.random() < 0.1 else data


def _namespace(data: bytes, chance: random.Random) -> bytes:
    found = re.findall(rb"http://[^\"']+", data)
    return data.replace(chance.choice(found), chance.choice((*found, b"urn:x", b"")), 1) if found else data


def _text(data: bytes, chance: random.Random) -> bytes:
    """Put a huge, decomposed or odd text where a short one stood."""
    odd = ("ê" * 100_000, "Xa\u0301c minh hộ ti\u0323ch", " ", "\u202e", "=" * 50, "{name}", "&#10;", "=1 +", "/#")
    found = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)', data))
    if not found:
        return data
    one = chance.choice(found)
    return data[: one.start()] + chance.choice(odd).encode() + data[one.end() :]


def _reference(data: bytes, chance: random.Random) -> bytes:
    """Let a reference lead to another id, or nowhere."""
    found = list(re.finditer(rb'(?<=Ref=")[^"]*|(?<=attachedToRef=")[^"]*|(?<=default=")[^"]*', data))
    ids = re.findall(rb'(?<= id=")[^"]+', data)
    if not found or not ids:
        return data
    one = chance.choice(found)
    return data[: one.start()] + chance.choice((b"gone", b"", chance.choice(ids))) + data[one.end() :]


def _nest(data: bytes, chance: random.Random) -> bytes:
    """Put an element into another one, of another kind or the same, once or many times over."""
    found = list(re.finditer(rb"<(bpmn:\w+)\b[^>]*?/>|<(bpmn:\w+)\b[^>]*>", data))
    if not found:
        return data
    one, around = chance.choice(found), chance.choice((b"subProcess", b"process", b"userTask", b"transaction"))
    depth = chance.choice((1, 2, 150))
    opened = b"".join(b'<bpmn:%s id="n%d_%d">' % (around, one.start(), at) for at in range(depth))
    return data[: one.end()] + opened + one[0] + b"</bpmn:%s>" % around * depth + data[one.end() :]


def _encoding(data: bytes, chance: random.Random) -> bytes:
    """Write the same text in another encoding, which its declaration may or may not say."""
    text = data.decode("utf-8", "replace")
    codec = chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "latin-1", "utf-32", "utf-7", "cp1258"))
    declared = text.replace("UTF-8", codec, 1) if chance.random() < 0.5 else text
    return declared.encode(codec, "replace")


def _attribute(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb'\s([\w:]+)="([^"]*)"', data))
    if not found:
        return data
    one, other = chance.choice(found), chance.choice(found)
    new = chance.choice(
        (
            b"",
            one[0] + one[0],
            one[0].replace(b'="', b'x="', 1),
            b" " + one[1] + b'="' + other[2] + b'"',
            b" " + one[1] + b'=""',
        )
    )
    return data[: one.start()] + new + data[one.end() :]


def _element(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb"<(\w+:\w+)(?=[\s>])[^>]*?(?:/>|>.*?</\1>)", data, re.DOTALL))
    if not found:
        return data
    one, other = chance.choice(found), chance.choice(found)
    renamed = one[0].replace(one[1], other[1])
    new = chance.choice((b"", one[0] + one[0], other[0], renamed))
    return data[: one.start()] + new + data[one.end() :]


def _bytes(data: bytes, chance: random.Random) -> bytes:
    if not data or chance.random() > 0.3:
        return data
    at = chance.randrange(len(data))
    flipped = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    return chance.choice((data[:at], flipped))


def _refused(data: bytes, library: dict[str, ProcessDefinition]) -> str:
    """Say why a file cannot be run; "" when it can. Whatever is not a BpmnError goes through."""
    try:
        definition = parse(data)
        Runner(definition, {**library, definition.id: definition})
    except BpmnError as error:
        return error.message and error.message_vi
    return ""


def test_mutated_diagrams_give_findings_and_what_passes_can_run(good: str, surroundings: LintContext) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    own = [good.encode(), *(path.read_bytes() for path in sorted(CATALOG.rglob("*.bpmn")))]
    probes = [probe.definition.xml for probe in PROBES]
    library = {"intake": parse(good.encode())}
    readable = ran = 0
    for number in range(MUTATIONS):
        data = _mutate(chance.choice((own[0], chance.choice(own), chance.choice(probes))), chance)
        findings = lint(data, "x.bpmn", surroundings) if number % 10 else counted(data, surroundings)
        rules = {each.rule for each in findings}
        assert "internal" not in rules, (SEED, number, data)
        readable += "unreadable" not in rules
        refused = _refused(data, library)
        ran += not refused
        if refused:
            assert "error" in {each.severity for each in findings}, (SEED, number, refused, data)
    assert readable > MUTATIONS / 4
    assert ran > MUTATIONS / 50
