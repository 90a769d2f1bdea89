"""DMN: decisions drawn as tables, read from today's modelers' files and made by our FEEL."""

from bpmn.dmn.decision import Decision, check, compile_decision, expressions
from bpmn.dmn.model import DecisionModel
from bpmn.dmn.overlap import advise
from bpmn.dmn.parse import by_decision, parse
from bpmn.dmn.problems import SENTENCES, Problem

__all__ = [
    "SENTENCES",
    "Decision",
    "DecisionModel",
    "Problem",
    "advise",
    "by_decision",
    "check",
    "compile_decision",
    "expressions",
    "parse",
]
