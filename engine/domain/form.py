"""What a form asks: the fields of a form-js schema as facts, level by level, with the conditions that show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import CatalogError

TEXTS = frozenset({"textfield", "textarea"})
CHOICES = frozenset({"select", "radio"})
MANY = frozenset({"checklist", "taglist"})
INPUTS = TEXTS | CHOICES | MANY | {"number", "datetime", "checkbox", "filepicker"}
STATIC = frozenset({"text", "separator", "spacer", "button"})
LISTS = MANY | {"filepicker", "dynamiclist"}
SUBTYPES = frozenset({"date", "time", "datetime"})
NORMALS = frozenset({"name", "digits"})
MAX_DEPTH = 12
MAX_CHECKS = 9


@dataclass(frozen=True, slots=True)
class Condition:
    """FEEL over the names of the place where it was written: `scope` is the path of the group around it, or ""."""

    text: str
    scope: str


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of one field: wrong when the FEEL text gives false."""

    text: str
    message: str
    message_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `path` leads to its value inside its level (form or row); `rows` are the questions of a row."""

    kind: str
    path: str
    id: str
    label: str
    scope: str = ""  # path of the innermost group with a path: its names are plain names here
    hidden_by: tuple[Condition, ...] = ()
    required: bool = False
    required_if: str | None = None
    must_be_true: bool = False
    computed: str | None = None
    checks: tuple[Check, ...] = ()
    normalize: str | None = None
    partial_date: bool = False
    partial_time: bool = False  # a partial date that may begin with a time of day
    unit: int | None = None  # asks for an administrative unit: 1 province, 2 district, 3 commune
    allow_other: bool = False
    options: tuple[Any, ...] = ()
    subtype: str = "date"
    decimals: int | None = None
    multiple: bool = True
    accept: tuple[str, ...] = ()
    max_files: int | None = None
    max_mb: int | None = None
    appendix: str | None = None
    validate: Mapping[str, Any] = field(default_factory=dict)
    rows: Level | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Something without a value that may be hidden: a text, a group. `name` is what pages look for."""

    name: str
    hidden_by: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The questions of a form or of one row, in order; `names` are those declared directly inside each group."""

    fields: tuple[Field, ...]
    shown: tuple[Shown, ...]
    names: Mapping[str, frozenset[str]]


def read_level(schema: Mapping[str, Any]) -> Level:
    """The questions of a schema whose option sets and field groups are filled in; CatalogError names the component."""
    fields: list[Field] = []
    shown: list[Shown] = []
    for part in _walk(schema, "", "", (), 0):
        if isinstance(part, Field):
            fields.append(part)
        else:
            shown.append(part)
    _refuse_collisions(fields)
    return Level(tuple(fields), tuple(shown), _declared(fields))


def _declared(fields: list[Field]) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = {}
    for each in fields:
        parts = each.path.split(".")
        for depth, name in enumerate(parts):
            names.setdefault(".".join(parts[:depth]), set()).add(name)
    return {group: frozenset(inner) for group, inner in names.items()}


def every_field(level: Level, prefix: str = "") -> Iterator[tuple[str, Field]]:
    """All fields with their paths; those of rows without row numbers."""
    for each in level.fields:
        path = f"{prefix}{each.path}"
        yield path, each
        if each.rows is not None:
            yield from every_field(each.rows, f"{path}.")


def names_of(level: Level, scope: str) -> frozenset[str]:
    """The names declared directly inside a group of this level ("" is the level itself)."""
    return level.names.get(scope, frozenset())


def expressions(level: Level) -> Iterator[tuple[str, str]]:
    """(component id, FEEL) of everything written in the form."""
    for part in level.shown:
        yield from ((part.name, condition.text) for condition in part.hidden_by)
    for each in level.fields:
        yield from ((each.id, condition.text) for condition in each.hidden_by)
        yield from ((each.id, text) for text in (each.required_if, each.computed) if text)
        yield from ((each.id, check.text) for check in each.checks)
        if each.rows is not None:
            yield from expressions(each.rows)


def refuse(component: Mapping[str, Any] | str, reason: str, reason_en: str) -> CatalogError:
    """The error for a form that cannot be used."""
    name = component if isinstance(component, str) else str(component.get("id", ""))
    return CatalogError(code="", reason=f"{name}: {reason}", reason_en=f"{name}: {reason_en}", element=name)


def _walk(
    holder: Mapping[str, Any], prefix: str, scope: str, hidden_by: tuple[Condition, ...], depth: int
) -> Iterator[Field | Shown]:
    components = holder.get("components", [])
    if not isinstance(components, list) or depth > MAX_DEPTH:
        raise refuse(holder, "components không đúng hoặc lồng quá sâu", "wrong or too deep components")
    for component in components:
        if not isinstance(component, Mapping):
            raise refuse(holder, "thành phần không phải đối tượng", "a component is no object")
        yield from _component(component, prefix, scope, hidden_by, depth)


def _component(
    component: Mapping[str, Any], prefix: str, scope: str, hidden_by: tuple[Condition, ...], depth: int
) -> Iterator[Field | Shown]:
    kind = str(component.get("type", ""))
    hide = _feel(component, (component.get("conditional") or {}).get("hide"))
    hidden_by = (*hidden_by, Condition(hide, scope)) if hide else hidden_by
    if kind in INPUTS or kind == "dynamiclist":
        yield _field(component, kind, prefix, scope, hidden_by)
    elif kind == "group":
        own = join(prefix, str(component.get("path") or ""))
        yield Shown(join(own, str(component.get("id", ""))), hidden_by)
        yield from _walk(component, own, own if component.get("path") else scope, hidden_by, depth + 1)
    elif kind in STATIC:
        yield Shown(join(prefix, str(component.get("id", ""))), hidden_by)
    else:
        raise refuse(component, f"loại “{kind}” không dùng được", f"type “{kind}” is not supported")


def join(prefix: str, name: str) -> str:
    """Two parts of a path, either of which may be empty."""
    return f"{prefix}.{name}" if prefix and name else prefix or name


def _field(component: Mapping[str, Any], kind: str, prefix: str, scope: str, hidden_by: tuple[Condition, ...]) -> Field:
    name = component.get("path" if kind == "dynamiclist" else "key")
    element = str(component.get("id") or name or "")
    if not isinstance(name, str) or not all(name.split(".")):
        raise refuse(element, "thiếu key hoặc path", "key or path is missing")
    own = component.get("properties") or {}
    return Field(
        kind=kind,
        path=join(prefix, name),
        id=element,
        label=_label(component, name),
        scope=scope,
        hidden_by=hidden_by,
        required=bool((component.get("validate") or {}).get("required")),
        required_if=_feel(component, own.get("requiredIf")),
        must_be_true=_yes(own.get("mustBeTrue")),
        computed=_feel(component, own.get("computed")),
        checks=tuple(_checks(component, own)),
        normalize=_one_of(component, "normalize", own.get("normalize"), NORMALS),
        partial_date=_yes(own.get("partialDate")),
        partial_time=_yes(own.get("partialDateTime")),
        unit=_count(component, "unit", own.get("unit")),
        allow_other=_yes(own.get("allowOther")),
        options=_options(component, kind),
        subtype=_one_of(component, "subtype", component.get("subtype"), SUBTYPES) or "date",
        decimals=_count(component, "decimalDigits", component.get("decimalDigits")),
        multiple=component.get("multiple") is not False,
        accept=_accept(own.get("accept") or component.get("accept")),
        max_files=_count(component, "maxFiles", own.get("maxFiles")),
        max_mb=_count(component, "maxMb", own.get("maxMb")),
        appendix=own.get("appendix"),
        validate=_limits(component, component.get("validate") or {}),
        rows=read_level(component) if kind == "dynamiclist" else None,
    )


def _label(component: Mapping[str, Any], name: str) -> str:
    words = component.get("label") or component.get("dateLabel") or component.get("timeLabel") or name
    return " ".join(str(words).replace("*", "").split()).rstrip(":").strip()


def _feel(component: Mapping[str, Any], text: Any) -> str | None:
    if text in (None, "", False):
        return None
    if text is True:
        return "true"
    if not isinstance(text, str) or not text.lstrip().startswith("="):
        raise refuse(component, f"biểu thức phải bắt đầu bằng “=”: {text}", f"not an expression: {text}")
    return text.lstrip()[1:].strip()


def _checks(component: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Check]:
    for tail in ("", *map(str, range(1, MAX_CHECKS + 1))):
        text = _feel(component, own.get(f"check{tail}"))
        if text is not None:
            message = own.get(f"message{tail}")
            if not isinstance(message, str) or not message.strip():
                raise refuse(component, f"check{tail} thiếu message{tail}", f"message{tail} is missing")
            yield Check(text, message, str(own.get(f"messageEn{tail}") or message))


def _options(component: Mapping[str, Any], kind: str) -> tuple[Any, ...]:
    if kind not in CHOICES | MANY:
        return ()
    values = component.get("values")
    if values is None and (component.get("properties") or {}).get("choices"):
        return ()  # filled in where the procedure is known
    if not isinstance(values, list) or not values:
        raise refuse(component, "thiếu danh sách lựa chọn", "the options are missing")
    if not all(isinstance(v, Mapping) and isinstance(v.get("value"), str | int | bool) for v in values):
        raise refuse(component, "lựa chọn phải có value", "an option needs a value")
    return tuple(v["value"] for v in values)


def _limits(component: Mapping[str, Any], rules: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in ("min", "max", "minLength", "maxLength"):
        value = rules.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            raise refuse(component, f"validate.{name} phải là số", f"validate.{name} must be a number")
    return dict(rules)


def _one_of(component: Mapping[str, Any], name: str, value: Any, known: frozenset[str]) -> str | None:
    if value in (None, "") or value in known:
        return value or None
    raise refuse(component, f"{name} không có giá trị “{value}”", f"{name} cannot be “{value}”")


def _count(component: Mapping[str, Any], name: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    if str(value).isdecimal() and int(str(value)) <= 1000:
        return int(str(value))
    raise refuse(component, f"{name} phải là số nguyên", f"{name} must be a whole number")


def _accept(text: Any) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in str(text or "").split(",") if part.strip())


def _yes(value: Any) -> bool:
    return value is True or str(value).strip().lower() == "true"


def _refuse_collisions(fields: list[Field]) -> None:
    """Two fields may not share a value, and a field may not lie inside another."""
    seen: dict[str, str] = {}
    for each in sorted(fields, key=lambda f: f.path.split(".")):
        for end in range(1, each.path.count(".") + 2):
            head = ".".join(each.path.split(".")[:end])
            if head in seen:
                raise refuse(each.id, f"trùng tên dữ liệu với {seen[head]}", f"shares its data name with {seen[head]}")
        seen[each.path] = each.id
