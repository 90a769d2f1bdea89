"""The built-in function range(), which reads a range of constants from a text."""

from bpmn.feel.arithmetic import negate
from bpmn.feel.comparison import make_range
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.parser import Parser
from bpmn.feel.scope import Run
from bpmn.feel.signatures import REGISTRY, builtin
from bpmn.feel.syntax import Call, Literal, Name, Negate, Node, RangeLiteral
from bpmn.feel.values import Range, Value

_CONSTRUCTORS = frozenset(("date", "time", "date and time", "duration"))


@builtin("range", "from:string")
def range_from_text(run: Run, text: str) -> Range | None:
    """Return the range written in a text; its ends must be constants."""
    run.spend(10 + len(text) // 4)  # reading costs more than other functions
    try:
        node = Parser(text, REGISTRY).parse()
    except FeelSyntaxError:
        return None
    if not isinstance(node, RangeLiteral):
        return None
    start, end = _constant(run, node.start), _constant(run, node.end)
    return make_range(start, end, node.start_included, node.end_included)


def _constant(run: Run, node: Node) -> Value:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negate):
        return negate(_constant(run, node.operand))
    if isinstance(node, Call) and all(isinstance(argument, Literal) for argument in node.arguments):
        name = node.callee.name if isinstance(node.callee, Name) else ""
        if name in _CONSTRUCTORS:
            return REGISTRY[name].call(run, [_constant(run, argument) for argument in node.arguments])
    raise ValueError("the end of a range text is a constant")
