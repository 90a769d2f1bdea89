"""Nodes → closures: every node becomes one Python function of the scope, built once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bpmn.feel import syntax
from bpmn.feel.arithmetic import calculate, negate
from bpmn.feel.calls import build_call, build_function, build_name
from bpmn.feel.comparison import ORDERS, belongs, compare, make_range, one_sided
from bpmn.feel.limits import CHARACTERS_PER_STEP
from bpmn.feel.loops import build_filter, build_for, build_quantified
from bpmn.feel.members import member
from bpmn.feel.scope import MISSING, Evaluate, Scope
from bpmn.feel.types import is_instance
from bpmn.feel.values import Range, Value

Compile = Callable[[syntax.Node], Evaluate]


def compile_node(node: syntax.Node) -> Evaluate:
    """Return the function that evaluates the node in a scope."""
    return _BUILDERS[type(node)](node, compile_node)


def _literal(node: syntax.Literal, _: Compile) -> Evaluate:
    value = node.value
    return lambda scope: value


def _path(node: syntax.Path, build: Compile) -> Evaluate:
    source, names = node.source, [node.member]
    while isinstance(source, syntax.Path):
        names.insert(0, source.member)
        source = source.source
    read, root, members = build(source), source.name if isinstance(source, syntax.Name) else None, tuple(names)

    def path(scope: Scope) -> Value:
        if root is not None and scope.reads_outside(root):
            value = scope.run.read_inside(root, members)
            if value is not MISSING:
                return value
        value = read(scope)
        for name in members:
            value = value.get(name) if type(value) is dict and name.isascii() else member(scope.run, value, name)
        return value

    return path


def _negate(node: syntax.Negate, build: Compile) -> Evaluate:
    operand = build(node.operand)
    return lambda scope: negate(operand(scope))


def _arithmetic(node: syntax.Arithmetic, build: Compile) -> Evaluate:
    first = build(node.first)
    rest = tuple((sign, build(operand)) for sign, operand in node.rest)

    def arithmetic(scope: Scope) -> Value:
        value = first(scope)
        for sign, operand in rest:
            value = calculate(sign, value, operand(scope))
        if type(value) is str:
            scope.run.spend(len(value) // CHARACTERS_PER_STEP)
        return value

    return arithmetic


def _connective(node: syntax.Connective, build: Compile) -> Evaluate:
    decisive, items = node.decisive, tuple(build(item) for item in node.items)

    def connective(scope: Scope) -> bool | None:
        result: bool | None = not decisive
        for item in items:
            value = item(scope)
            settled: bool = value is decisive
            if settled:
                return decisive
            if type(value) is not bool:
                result = None
        return result

    return connective


def _compare(node: syntax.Compare, build: Compile) -> Evaluate:
    sign, left, right = node.operator, build(node.left), build(node.right)
    if sign not in ORDERS:
        return _equality(sign, left, right)
    order = ORDERS[sign]

    def ordered(scope: Scope) -> bool | None:
        one, other = left(scope), right(scope)
        if type(one) is Decimal and type(other) is Decimal:
            return order(one, other)
        return compare(sign, one, other)

    return ordered


def _equality(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    wanted = sign == "="

    def equality(scope: Scope) -> bool | None:
        one, other = left(scope), right(scope)
        kind = type(one)
        if kind is type(other) and (kind is Decimal or (kind is str and one == other)):
            return (one == other) is wanted
        return one_sided(scope.run, sign, one, other)

    return equality


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _between(node: syntax.Between, build: Compile) -> Evaluate:
    value, low, high = build(node.value), build(node.low), build(node.high)

    def between(scope: Scope) -> bool | None:
        found = value(scope)
        return _both(compare(">=", found, low(scope)), compare("<=", found, high(scope)))

    return between


Test = Callable[[Scope, Value], bool | None]


def _test(node: syntax.Node, build: Compile) -> Test:
    if isinstance(node, syntax.Comparison):
        sign, limit = node.operator, build(node.operand)
        return lambda scope, value: one_sided(scope.run, sign, value, limit(scope))
    evaluate = build(node)
    return lambda scope, value: belongs(scope.run, value, evaluate(scope))


def _any_test(tests: tuple[Test, ...], scope: Scope, value: Value) -> bool | None:
    result: bool | None = False
    for test in tests:
        passed = test(scope, value)
        if passed:
            return True
        if passed is None:
            result = None
    return result


def _in(node: syntax.In, build: Compile) -> Evaluate:
    value = build(node.value)
    if syntax.mentions(node.tests, "?"):
        cells = tuple(_cell_test(test, build) for test in node.tests)

        def asked(scope: Scope) -> bool | None:
            found = value(scope)
            return _any_test(cells, scope.inner({"?": found}), found)

        return asked
    tests = tuple(_test(test, build) for test in node.tests)
    return lambda scope: _any_test(tests, scope, value(scope))


def _cell_test(node: syntax.Node, build: Compile) -> Test:
    # A constant is compared: true in a cell does not let null pass.
    if isinstance(node, syntax.Comparison | syntax.Literal):
        return _test(node, build)
    evaluate, asks = build(node), syntax.mentions(node, "?")

    def cell(scope: Scope, value: Value) -> bool | None:
        found = evaluate(scope)
        if (asks and found is None) or (type(found) is bool and (asks or type(value) is not bool)):
            return found
        return belongs(scope.run, value, found)

    return cell


def _unary_tests(node: syntax.UnaryTests, build: Compile) -> Evaluate:
    tests, negated = tuple(_cell_test(test, build) for test in node.tests), node.negated

    def unary_tests(scope: Scope) -> bool | None:
        if not tests:
            return True
        found = scope.find("?")
        result = _any_test(tests, scope, found)
        return result if result is None or not negated else not result

    return unary_tests


def _comparison(node: syntax.Comparison, build: Compile) -> Evaluate:
    sign, operand = node.operator, build(node.operand)
    upper, closed = sign.startswith("<"), sign.endswith("=")

    def one_sided_range(scope: Scope) -> Range:
        limit = operand(scope)
        if sign == "=":
            return Range(limit, limit, True, True)
        if sign == "!=":
            return Range(limit, None, False, False, sign)
        return Range(None, limit, False, closed, sign) if upper else Range(limit, None, closed, False, sign)

    return one_sided_range


def _range(node: syntax.RangeLiteral, build: Compile) -> Evaluate:
    start, end = build(node.start), build(node.end)
    start_included, end_included = node.start_included, node.end_included
    return lambda scope: make_range(start(scope), end(scope), start_included, end_included)


def _list(node: syntax.ListLiteral, build: Compile) -> Evaluate:
    items = tuple(build(item) for item in node.items)
    return lambda scope: [item(scope) for item in items]


def _context(node: syntax.ContextLiteral, build: Compile) -> Evaluate:
    entries = tuple((key, build(value)) for key, value in node.entries)

    def context(scope: Scope) -> dict[str, Value]:
        made: dict[str, Value] = {}
        inner = scope.inner(made)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return context


def _if(node: syntax.If, build: Compile) -> Evaluate:
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _instance_of(node: syntax.InstanceOf, build: Compile) -> Evaluate:
    value, wanted = build(node.value), node.type
    return lambda scope: is_instance(scope.run, value(scope), wanted)


_BUILDERS: dict[type[syntax.Node], Callable[[Any, Compile], Evaluate]] = {
    syntax.Literal: _literal,
    syntax.Name: build_name,
    syntax.Path: _path,
    syntax.Filter: build_filter,
    syntax.Call: build_call,
    syntax.Negate: _negate,
    syntax.Arithmetic: _arithmetic,
    syntax.Connective: _connective,
    syntax.Compare: _compare,
    syntax.Between: _between,
    syntax.In: _in,
    syntax.UnaryTests: _unary_tests,
    syntax.Comparison: _comparison,
    syntax.RangeLiteral: _range,
    syntax.ListLiteral: _list,
    syntax.ContextLiteral: _context,
    syntax.If: _if,
    syntax.For: build_for,
    syntax.Quantified: build_quantified,
    syntax.FunctionLiteral: build_function,
    syntax.InstanceOf: _instance_of,
}
