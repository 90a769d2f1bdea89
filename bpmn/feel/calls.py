"""Names, function calls and functions written in FEEL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bpmn.feel import syntax
from bpmn.feel.convert import to_feel
from bpmn.feel.errors import FeelError
from bpmn.feel.library import REGISTRY
from bpmn.feel.metering import metered
from bpmn.feel.scope import MISSING, Evaluate, Run, Scope
from bpmn.feel.signatures import Builtin
from bpmn.feel.types import conforms
from bpmn.feel.values import Function, Value

Compile = Callable[[syntax.Node], Evaluate]


def build_name(node: syntax.Name, _: Compile) -> Evaluate:
    """Return the reader of a variable; an unknown one is null."""
    name = node.name
    builtin = REGISTRY.get(name)
    fallback = builtin.as_value() if builtin else None

    def read(scope: Scope) -> Value:
        value = scope.find(name)
        return fallback if value is MISSING else value

    return read


def build_call(node: syntax.Call, build: Compile) -> Evaluate:
    """Return a call; a built-in is found now, anything else when the call runs."""
    arguments, names = tuple(build(argument) for argument in node.arguments), node.names
    callee = node.callee
    if isinstance(callee, syntax.Name) and not callee.bound and callee.name in REGISTRY:
        return _builtin_call(REGISTRY[callee.name], arguments, names)
    target = build(callee)
    lent = callee.name if isinstance(callee, syntax.Name) else None
    builtin = REGISTRY.get(lent or "")

    def call(scope: Scope) -> Value:
        function = target(scope)
        values = [argument(scope) for argument in arguments]
        if isinstance(function, Function):
            return _call_value(scope.run, function, names, values)
        if builtin:  # an entry of the same name that is no function hides the variable, not the function
            return builtin.call_named(scope.run, names, values) if names else builtin.call(scope.run, values)
        if lent is not None and lent in scope.run.functions:
            return _call_host(scope.run, lent, names, values)
        return None

    return call


def _builtin_call(builtin: Builtin, arguments: tuple[Evaluate, ...], names: tuple[str, ...]) -> Evaluate:
    if names:
        return lambda scope: builtin.call_named(scope.run, names, [argument(scope) for argument in arguments])
    return lambda scope: builtin.call(scope.run, [argument(scope) for argument in arguments])


def _call_value(run: Run, function: Function, names: Sequence[str], values: list[Value]) -> Value:
    builtin = REGISTRY.get(function.name)
    if builtin:
        return builtin.call_named(run, names, values) if names else builtin.call(run, values)
    if names:
        given = dict(zip(names, values, strict=True))
        if set(given) - set(function.parameters):
            return None
        values = [given.get(name) for name in function.parameters]
    return function.invoke(run, values) if len(values) == len(function.parameters) else None


def _call_host(run: Run, name: str, names: Sequence[str], values: list[Value]) -> Value:
    run.spend()
    function = run.functions[name]
    try:
        if names:
            keywords = {key.replace(" ", "_"): value for key, value in zip(names, values, strict=True)}
            return to_feel(function(**keywords))
        return to_feel(function(*values))
    except FeelError:
        raise
    except Exception as error:  # whatever a lent function raises, callers of FEEL see only FeelError
        raise FeelError(f"The function {name} failed: {error}", message_vi=f"Hàm {name} bị lỗi: {error}") from error


def build_function(node: syntax.FunctionLiteral, build: Compile) -> Evaluate:
    """Return the maker of a function value; an external function gives null."""
    names = tuple(name for name, _ in node.parameters)
    types = tuple(wanted for _, wanted in node.parameters)
    body = metered(node.body, build) if node.body else None

    def make(scope: Scope) -> Function:
        def invoke(run: Run, values: Sequence[Value]) -> Value:
            if body is None or not all(_fits(run, *pair) for pair in zip(values, types, strict=False)):
                return None
            run.enter_call()
            try:
                return body(scope.inner(dict(zip(names, values, strict=True))))
            finally:
                run.leave_call()

        return Function(names, invoke, types=types)

    return make


def _fits(run: Run, value: Value, wanted: syntax.TypeName | None) -> bool:
    return wanted is None or conforms(run, value, wanted)
