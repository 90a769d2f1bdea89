"""Writes small DMN files without layout: file(table("fee", inputs=[("quantity", "number")], rules=[...]))."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

V1_1 = "http://www.omg.org/spec/DMN/20151101/dmn.xsd"
V1_2 = "http://www.omg.org/spec/DMN/20180521/MODEL/"
V1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
V1_4 = "https://www.omg.org/spec/DMN/20211108/MODEL/"
V1_5 = "https://www.omg.org/spec/DMN/20230324/MODEL/"

Column = tuple[str, ...]  # expression or name, then its type and its allowed values, both optional
Rule = tuple[Sequence[str], Sequence[str]]  # tests, results


def file(*parts: str, space: str = V1_3, more: str = "") -> bytes:
    """Return a decision file of these parts; `more` are further attributes of its root."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{space}" id="file" name="Tệp" {more}>'
    return f"{head}{''.join(parts)}</definitions>".encode()


def table(
    decision_id: str,
    rules: Sequence[Rule] = (),
    *,
    inputs: Sequence[Column] = (("x",),),
    outputs: Sequence[Column] = (("result",),),
    policy: str = "UNIQUE",
    aggregation: str = "",
    defaults: Sequence[str] = (),
    name: str = "",
    needs: Sequence[str] = (),
    result: str = "",
) -> str:
    """Return a decision with a table; ids are made of the decision's: fee_i1, fee_o1, fee_r1."""
    key = decision_id
    body = "".join(_input(f"{key}_i{n}", *each) for n, each in enumerate(inputs, 1))
    filled = [*defaults, *[""] * len(outputs)]
    body += "".join(_output(f"{key}_o{n}", filled[n - 1], *each) for n, each in enumerate(outputs, 1))
    body += "".join(_rule(f"{key}_r{n}", *each) for n, each in enumerate(rules, 1))
    collected = f' aggregation="{aggregation}"' if aggregation else ""
    drawn = f'<decisionTable id="{key}_table" hitPolicy="{policy}"{collected}>{body}</decisionTable>'
    return decision(key, drawn, name=name, needs=needs, result=result)


def literal(
    decision_id: str, text: str, *, name: str = "", needs: Sequence[str] = (), result: str = "", more: str = ""
) -> str:
    """Return a decision that is one expression; `result` is the type of its variable."""
    expression = f'<literalExpression id="{decision_id}_text" {more}>{_text(text)}</literalExpression>'
    return decision(decision_id, expression, name=name, needs=needs, result=result)


def decision(decision_id: str, logic: str, *, name: str = "", needs: Sequence[str] = (), result: str = "") -> str:
    """Return any decision; `needs` are ids of decisions, or of input data behind an "@"."""
    name = name or decision_id
    typed = f" typeRef={quoteattr(result)}" if result else ""
    links = "".join(
        f'<informationRequirement id="{decision_id}_n{n}">{_link(each)}</informationRequirement>'
        for n, each in enumerate(needs, 1)
    )
    variable = f'<variable id="{decision_id}_var" name={quoteattr(name)}{typed}/>'
    return f'<decision id="{decision_id}" name={quoteattr(name)}>{variable}{links}{logic}</decision>'


def data(data_id: str, name: str, type_ref: str = "") -> str:
    """Return input data."""
    typed = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    variable = f'<variable id="{data_id}_var" name={quoteattr(name)}{typed}/>'
    return f'<inputData id="{data_id}" name={quoteattr(name)}>{variable}</inputData>'


def item(name: str, type_ref: str = "", *, allowed: str = "", collection: bool = False, parts: str = "") -> str:
    """Return the definition of a type; `parts` are components as `component` writes them."""
    body = f"<typeRef>{escape(type_ref)}</typeRef>" if type_ref else ""
    body += _texts("allowedValues", allowed)
    many = ' isCollection="true"' if collection else ""
    return f'<itemDefinition id="type_{name}" name={quoteattr(name)}{many}>{body}{parts}</itemDefinition>'


def component(name: str, type_ref: str) -> str:
    return f"<itemComponent name={quoteattr(name)}><typeRef>{escape(type_ref)}</typeRef></itemComponent>"


def _link(target: str) -> str:
    kind, key = ("requiredInput", target[1:]) if target.startswith("@") else ("requiredDecision", target)
    return f'<{kind} href="#{key}"/>'


def _input(key: str, expression: str, type_ref: str = "", values: str = "") -> str:
    typed = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    inner = f'<inputExpression id="{key}_e"{typed}>{_text(expression)}</inputExpression>'
    return f'<input id="{key}">{inner}{_texts("inputValues", values)}</input>'


def _output(key: str, default: str, name: str, type_ref: str = "", values: str = "") -> str:
    typed = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    inner = _texts("outputValues", values) + _texts("defaultOutputEntry", default)
    return f'<output id="{key}" name={quoteattr(name)}{typed}>{inner}</output>'


def _rule(key: str, tests: Sequence[str], results: Sequence[str]) -> str:
    cells = "".join(f"<inputEntry>{_text(each)}</inputEntry>" for each in tests)
    cells += "".join(f"<outputEntry>{_text(each)}</outputEntry>" for each in results)
    return f'<rule id="{key}">{cells}</rule>'


def _texts(tag: str, text: str) -> str:
    return f"<{tag}>{_text(text)}</{tag}>" if text else ""


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"
