"""Bytes → DecisionModel: the frozen facts of a DMN file of version 1.1 to 1.5 as today's modelers write it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bpmn.dmn.document import Node, read, tidy
from bpmn.dmn.model import (
    DecisionModel,
    DrawnDecision,
    Input,
    InputData,
    Literal,
    Output,
    Rule,
    Table,
    TypeDefinition,
)
from bpmn.dmn.problems import Problem, problem
from bpmn.errors import DecisionError

# What explains a decision to people and has no part in making it.
_REMARKS: Final = frozenset({
    "description", "extensionElements", "knowledgeSource", "textAnnotation", "association", "group",
    "elementCollection", "performanceIndicator", "organizationUnit", "question", "allowedAnswers",
    "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker", "decisionOwner",
    "usingProcess", "usingTask", "annotation", "annotationEntry",
})  # fmt: skip
_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "definitions": frozenset({"decision", "inputData", "itemDefinition"}),
    "decision": frozenset({"variable", "informationRequirement", "decisionTable", "literalExpression"}),
    "inputData": frozenset({"variable"}),
    "itemDefinition": frozenset({"typeRef", "allowedValues", "itemComponent"}),
    "itemComponent": frozenset({"typeRef", "allowedValues", "itemComponent"}),
    "decisionTable": frozenset({"input", "output", "rule"}),
    "input": frozenset({"inputExpression", "inputValues"}),
    "output": frozenset({"outputValues", "defaultOutputEntry"}),
    "rule": frozenset({"inputEntry", "outputEntry"}),
    "informationRequirement": frozenset({"requiredDecision", "requiredInput"}),
    **dict.fromkeys(
        ("inputExpression", "inputValues", "outputValues", "defaultOutputEntry", "inputEntry", "outputEntry",
         "literalExpression", "allowedValues"),
        frozenset({"text"}),
    ),
}  # fmt: skip
# Parts of which there is one; a second would have to be ignored.
_ROOMS: Final[Mapping[str, str]] = {
    "decisionTable": "(logic)",
    "literalExpression": "(logic)",
    **{kind: f"({kind})" for kind in (
        "variable", "inputExpression", "inputValues", "outputValues", "defaultOutputEntry", "text", "typeRef",
        "allowedValues",
    )},
}  # fmt: skip
_Owned = tuple[Node, str]  # a part, and the id to blame for it
_WRITTEN: Final = frozenset({
    "inputExpression", "inputValues", "outputValues", "defaultOutputEntry", "inputEntry", "outputEntry",
    "literalExpression", "allowedValues",
})  # fmt: skip


def parse(data: bytes) -> DecisionModel:
    """Read a decision file. What is not executed is among the model's `problems`, with the id that is to blame.

    Names are NFC with single blanks; expressions are as written. Raises UnreadableDiagramError when the file cannot
    be read at all.
    """
    root = read(data)
    return DecisionModel(
        id=root.id,
        name=root.name,
        decisions={each.id: _decision(each) for each in root.all("decision")},
        data={each.id: _data(each) for each in root.all("inputData")},
        types=tuple(_type(each) for each in root.all("itemDefinition")),
        problems=tuple(_problems(root)),
        digest=hashlib.sha256(data).hexdigest(),
        xml=data,
    )


def by_decision(models: Iterable[DecisionModel]) -> dict[str, DecisionModel]:
    """Return the file of every decision by its id. Raises DecisionError when two files have the same decision."""
    found: dict[str, DecisionModel] = {}
    for model in models:
        for decision_id in model.decisions:
            if decision_id in found:
                raise DecisionError(
                    f'The decision "{decision_id}" is in two files; keep one.',
                    decision_id,
                    message_vi=f"Quyết định “{decision_id}” có trong hai tệp; hãy chỉ giữ một.",
                )
            found[decision_id] = model
    return found


def _problems(root: Node) -> Iterator[Problem]:
    """Yield everything of a file that would otherwise be dropped in silence, in document order."""
    language = root.attribute("expressionLanguage") or ""
    ahead = [(root, root.id)]
    while ahead:
        node, owner = ahead.pop()
        owner = node.id or owner
        if node.kind in _WRITTEN and (foreign := node.language(language)):
            yield problem("decision-language", owner, name=node.name or owner, language=foreign)
        # Camunda 7 lets cells call the value of their column by a name of its own.
        if node.kind == "input" and any(str(key).endswith("}inputVariable") for key in node.xml.attrib):
            yield problem("decision-not-executed", owner, kind="inputVariable", name=node.label or owner)
        if node.kind in _PARTS:
            parts = [(child, owner) for child in node if child.kind not in _REMARKS]
            executed, refused = _sorted(node.kind, parts)
            ahead += reversed(executed)
            for child, _ in refused:
                yield problem("decision-not-executed", child.id or owner, kind=child.kind, name=child.name or owner)


def _sorted(kind: str, parts: list[_Owned]) -> tuple[list[_Owned], list[_Owned]]:
    """Divide parts into what is executed and what is not: unknown ones, and a second one where one has room."""
    executed: list[_Owned] = []
    refused: list[_Owned] = []
    taken: set[str] = set()
    for child, owner in parts:
        place = _ROOMS.get(child.kind, child.id or str(len(taken)))
        fits = child.kind in _PARTS[kind] and place not in taken
        (executed if fits else refused).append((child, owner))
        taken.add(place)
    return executed, refused


def _decision(node: Node) -> DrawnDecision:
    variable = node.first("variable")
    table, literal = node.first("decisionTable"), node.first("literalExpression")
    logic: Table | Literal | None = None
    if table is not None:
        logic = _table(table)
    elif literal is not None:
        logic = Literal(literal.id, literal.text())
    return DrawnDecision(
        id=node.id,
        name=node.name or node.id,
        variable=(variable.name if variable else "") or node.name or node.id,
        type_ref=_type_ref(variable) or _type_ref(table) or _type_ref(literal),
        required=tuple(_required(node)),
        logic=logic,
    )


def _required(node: Node) -> Iterator[str]:
    for requirement in node.all("informationRequirement"):
        for target in (*requirement.all("requiredDecision"), *requirement.all("requiredInput")):
            reference = target.attribute("href") or ""
            # "#id" is in this file; "other.dmn#id" is none of its ids, so it is found missing.
            yield reference[1:] if reference.startswith("#") else reference


def _data(node: Node) -> InputData:
    variable = node.first("variable")
    return InputData(node.id, (variable.name if variable else "") or node.name or node.id, _type_ref(variable))


def _type(node: Node) -> TypeDefinition:
    return TypeDefinition(
        id=node.id,
        name=node.name,
        type_ref=_bare(node.text("typeRef")) or _type_ref(node),
        collection=node.attribute("isCollection") in ("true", "1"),
        allowed=_cell(node.first("allowedValues")),
        components=tuple(_type(each) for each in node.all("itemComponent")),
    )


def _table(node: Node) -> Table:
    rules = enumerate(node.all("rule"), 1)
    return Table(
        id=node.id,
        hit_policy=node.attribute("hitPolicy") or "UNIQUE",
        aggregation=node.attribute("aggregation") or "",
        inputs=tuple(_input(each, n) for n, each in enumerate(node.all("input"), 1)),
        outputs=tuple(_output(each) for each in node.all("output")),
        rules=tuple(_rule(each, number) for number, each in rules),
    )


def _input(node: Node, number: int) -> Input:
    expression = node.first("inputExpression")
    text = expression.text() if expression else ""
    return Input(
        id=node.id,
        label=node.label or tidy(text) or str(number),
        expression=text,
        type_ref=_type_ref(expression),
        values=_cell(node.first("inputValues")),
    )


def _output(node: Node) -> Output:
    return Output(
        id=node.id,
        name=node.name,
        label=node.label or node.name,
        type_ref=_type_ref(node),
        values=_cell(node.first("outputValues")),
        default=_cell(node.first("defaultOutputEntry")),
    )


def _rule(node: Node, number: int) -> Rule:
    tests = tuple(_cell(each) for each in node.all("inputEntry"))
    return Rule(node.id, number, tests, tuple(_cell(each) for each in node.all("outputEntry")))


def _cell(node: Node | None) -> str:
    """Return the text of a cell; "-" says as little as nothing."""
    text = node.text() if node else ""
    return "" if text == "-" else text


def _type_ref(node: Node | None) -> str | None:
    return _bare(node.attribute("typeRef") or "") if node else None


def _bare(name: str) -> str | None:
    """Return a type's name without the prefix of a namespace ("feel:string")."""
    return tidy(name).rpartition(":")[2] or None
