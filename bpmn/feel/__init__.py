"""FEEL, the expression language of DMN 1.5: compile once, call often, nothing of Python within reach."""

from bpmn.feel.errors import FeelError, FeelLimitError, FeelSyntaxError
from bpmn.feel.expression import (
    Expression,
    compile,
    compile_unary_tests,
    evaluate,
    function_names,
    strip_marker,
)
from bpmn.feel.session import Session
from bpmn.feel.values import Function, Range, YearsMonths

__all__ = [
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Session",
    "YearsMonths",
    "compile",
    "compile_unary_tests",
    "evaluate",
    "function_names",
    "strip_marker",
]
