"""Built-in functions over contexts, and the few that ask about any value."""

from bpmn.feel.comparison import compare, equal
from bpmn.feel.members import member
from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin
from bpmn.feel.temporal import zone_text
from bpmn.feel.values import Value

Context = dict[str, Value]


@builtin("get value", "m:context, key:string")
def get_value(run: Run, context: Context, key: str) -> Value:
    """Return the entry with a key."""
    return member(run, context, key)


@builtin("get value", "context:context, keys:list")
def get_nested_value(run: Run, context: Context, keys: list[Value]) -> Value:
    """Return the entry found by following keys inwards."""
    value: Value = context
    for key in keys:
        if not isinstance(key, str) or not isinstance(value, dict):
            return None
        value = member(run, value, key)
    return value if keys else None


@builtin("get entries", "m:context")
def get_entries(_: Run, context: Context) -> list[Context]:
    """Return a list of contexts with key and value."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries:list")
def context_of(_: Run, entries: list[Value]) -> Context | None:
    """Return the context made of entries with key and value; null when one is malformed or doubled."""
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return None
        if entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put", "context:context, key:string, value:any")
def context_put(_: Run, context: Context, key: str, value: Value) -> Context:
    """Return the context with one entry set."""
    return {**context, key: value}


@builtin("context put", "context:context, keys:list, value:any")
def context_put_nested(run: Run, context: Context, keys: list[Value], value: Value) -> Context | None:
    """Return the context with an entry set that is found by following keys inwards."""
    run.spend(len(keys))
    if not keys or not isinstance(keys[0], str):
        return None
    head, *rest = keys
    if not rest:
        return {**context, head: value}
    inner = context.get(head, {})
    nested = context_put_nested(run, inner, rest, value) if isinstance(inner, dict) else None
    return None if nested is None else {**context, head: nested}


@builtin("context merge", "contexts:list")
def context_merge(run: Run, contexts: list[Value]) -> Context | None:
    """Return one context with the entries of all; later ones win."""
    merged: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        run.spend(len(context))
        merged.update(context)
    return merged


@builtin("not", "negand:boolean")
def negation(_: Run, value: bool) -> bool:
    """Return the other truth value."""
    return not value


@builtin("is", "value1:any, value2:any")
def same(run: Run, one: Value, other: Value) -> bool:
    """Tell whether both are the same value in every respect, zone and type included."""
    if type(one) is not type(other):
        return False
    if zone_text(getattr(one, "tzinfo", None)) != zone_text(getattr(other, "tzinfo", None)):
        return False
    result = equal(run, one, other)
    if result and hasattr(one, "isoformat"):
        return compare("<=", one, other) is True
    return one is other if result is None else result


@builtin("is defined", "value:any")
def is_defined(_: Run, value: Value) -> bool:
    """Tell whether there is a value."""
    return value is not None
