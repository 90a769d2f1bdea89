"""Filters, for loops and the quantifiers some and every."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Iterator as Turns
from datetime import date, timedelta
from decimal import Decimal

from bpmn.feel import syntax
from bpmn.feel.errors import list_too_long
from bpmn.feel.limits import ITEMS_PER_STEP, MAX_ITEMS
from bpmn.feel.metering import metered
from bpmn.feel.numbers import to_index
from bpmn.feel.scope import Evaluate, Scope
from bpmn.feel.values import Range, Value

Compile = Callable[[syntax.Node], Evaluate]
Source = Callable[[Scope], Iterable[Value] | None]
_DAY = timedelta(days=1)


def build_filter(node: syntax.Filter, build: Compile) -> Evaluate:
    """Return a filter: a number picks one item, a condition picks all items for which it is true."""
    source, predicate = build(node.source), metered(node.predicate, build)

    def select(scope: Scope) -> Value:
        value = source(scope)
        items = value if isinstance(value, list) else [] if value is None else [value]
        return _select(items, predicate, scope)

    return select


def _select(items: list[Value], predicate: Evaluate, scope: Scope) -> Value:
    chosen = []
    scope.run.spend()
    for position, item in enumerate(items or [None]):
        inner = scope.inner({"item": item})
        passed = predicate(inner.inner(item) if isinstance(item, dict) else inner)
        if position == 0 and isinstance(passed, Decimal):
            return _pick(items, passed)
        if position == 0:  # a position costs the same in a list of any length
            scope.run.spend(len(items))
        if passed is True and items:
            chosen.append(item)
    return chosen


def _pick(items: list[Value], number: Decimal) -> Value:
    index = to_index(number)
    if not index or abs(index) > len(items):
        return None
    return items[index - 1 if index > 0 else index]


def build_for(node: syntax.For, build: Compile) -> Evaluate:
    """Return a loop; "partial" is the list of results so far; null when something cannot be looped over."""
    sources, body = _sources(node.iterators, build), _body(node, build)

    def loop(scope: Scope) -> Value:
        results: list[Value] = []
        for inner in _turns(sources, scope):
            if inner is None:
                return None
            results.append(body(inner, results))
            if len(results) > MAX_ITEMS:
                raise list_too_long()
        return results

    return loop


def _body(node: syntax.For, build: Compile) -> Callable[[Scope, list[Value]], Value]:
    """Return the body as a function of the scope and of the results so far, which it may see but never keep."""
    body = metered(node.body, build)
    if not syntax.mentions(node.body, "partial") or any(one.name == "partial" for one in node.iterators):
        return lambda scope, _: body(scope)
    if not _keeps_partial(node.body):
        return lambda scope, results: body(scope.inner({"partial": results}))

    def with_copy(scope: Scope, results: list[Value]) -> Value:
        scope.run.spend(len(results) // ITEMS_PER_STEP)
        return body(scope.inner({"partial": list(results)}))

    return with_copy


def _keeps_partial(node: syntax.Node) -> bool:
    """Tell whether the list of results itself may become part of a result: it does not where it is only filtered."""
    if isinstance(node, syntax.Filter) and isinstance(node.source, syntax.Name):
        return _keeps_partial(node.predicate)
    if isinstance(node, syntax.Name):
        return node.name == "partial"
    return any(_keeps_partial(part) for part in syntax.parts(node))


def build_quantified(node: syntax.Quantified, build: Compile) -> Evaluate:
    """Return some (decisive True) or every (decisive False) with three-valued logic."""
    sources, condition, decisive = _sources(node.iterators, build), metered(node.condition, build), node.decisive

    def quantified(scope: Scope) -> bool | None:
        result: bool | None = not decisive
        for inner in _turns(sources, scope):
            if inner is None:
                return None
            value = condition(inner)
            settled: bool = value is decisive
            if settled:
                return decisive
            if type(value) is not bool:
                result = None
        return result

    return quantified


def _sources(iterators: tuple[syntax.Iterator, ...], build: Compile) -> list[tuple[str, Source]]:
    return [(iterator.name, _source(iterator, build)) for iterator in iterators]


def _source(iterator: syntax.Iterator, build: Compile) -> Source:
    start = metered(iterator.source, build)
    if iterator.end is not None:
        end = metered(iterator.end, build)
        return lambda scope: _counted(start(scope), end(scope))

    def items(scope: Scope) -> Iterable[Value] | None:
        value = start(scope)
        if isinstance(value, Range):
            return _range_items(value)
        return value if isinstance(value, list) or value is None else [value]

    return items


def _turns(sources: list[tuple[str, Source]], scope: Scope) -> Turns[Scope | None]:
    """Yield the scope of every turn; None once when a source cannot be looped over."""
    (name, source), *rest = sources
    items = source(scope)
    if items is None:
        yield None
        return
    for item in items:
        scope.run.spend()
        inner = scope.inner({name: item})
        if rest:
            yield from _turns(rest, inner)
        else:
            yield inner


def _range_items(value: Range) -> Iterable[Value] | None:
    items = None if value.operator else _counted(value.start, value.end)
    if items is None:
        return None
    excluded = [end for end, kept in ((value.start, value.start_included), (value.end, value.end_included)) if not kept]
    return (item for item in items if item not in excluded)


def _counted(start: Value, end: Value) -> Iterable[Value] | None:
    """Return the whole numbers or days from start to end, up or down; None for other ends."""
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = to_index(start), to_index(end)
        if first is None or last is None:
            return None
        numbers = range(first, last + 1) if first <= last else range(first, last - 1, -1)
        return map(Decimal, numbers)
    if type(start) is date and type(end) is date:
        size = abs((end - start).days) + 1
        step = _DAY if start <= end else -_DAY
        return (start + step * number for number in range(size))
    return None
