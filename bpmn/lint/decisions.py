"""Lint of decision files: what keeps them from being decided, what is hardly meant, and names nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from bpmn import dmn
from bpmn.dmn.problems import problem
from bpmn.errors import UnreadableDiagramError
from bpmn.lint.texts import RULES
from bpmn.lint.view import LintContext
from bpmn.model import Finding

MAX_FINDINGS: Final = 500
_ID: Final = re.compile(rb"""\sid\s*=\s*["']([^"']*)["']""")


def lint_decisions(data: bytes, file: str, rules: LintContext) -> tuple[Finding, ...]:
    """Return what is wrong with a decision file, in document order; `file` is only named in the findings.

    Raises nothing: a file that cannot be read is one finding "unreadable", a failing check one finding "internal". At
    most 500 findings are listed; the last one then says how many more there are.
    """
    try:
        model = dmn.parse(data)
        found = [*dmn.check(model), *_unknown(model, rules), *dmn.advise(model)]
        found.sort(key=_order(data))
    except UnreadableDiagramError as error:
        return (Finding(file, "", "unreadable", "error", error.message_vi, error.message),)
    except Exception:
        return (_said(file, "internal", check="lint_decisions"),)
    listed = tuple(
        Finding(file, each.element_id, each.rule, each.severity, each.message_vi, each.message) for each in found
    )
    if len(listed) > MAX_FINDINGS:
        listed = (*listed[: MAX_FINDINGS - 1], _said(file, "more-findings", count=len(listed) - MAX_FINDINGS + 1))
    return listed


def _order(data: bytes) -> Callable[[dmn.Problem], int]:
    """Order problems by where the id to blame stands in the file; of a file in UTF-16 they stay as they were found."""
    places: dict[str, int] = {}
    for found in _ID.finditer(data):
        places.setdefault(found[1].decode("utf-8", "replace"), found.start())
    return lambda each: places.get(each.element_id, -1)


def _said(file: str, rule: str, **words: object) -> Finding:
    return Finding(file, "", rule, "error", RULES[rule].vi.format(**words), RULES[rule].en.format(**words))


def _unknown(model: dmn.DecisionModel, rules: LintContext) -> Iterator[dmn.Problem]:
    """Yield the functions nobody has and, when the variables are known, the names nobody writes."""
    known = {each.variable for each in model.decisions.values()} | set(rules.variables or ())
    for element_id, place_vi, place, expression in dmn.expressions(model):
        words = {"place_vi": place_vi, "place": place}
        for name in sorted(expression.functions - rules.functions):
            yield problem("decision-unknown-function", element_id, function=name, **words)
        if rules.variables is not None:
            for name in sorted(expression.names - expression.item_names - expression.functions - known):
                yield problem("decision-unknown-variable", element_id, variable=name, **words)
