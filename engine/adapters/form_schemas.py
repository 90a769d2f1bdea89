"""Form-js schemas become marshmallow schemas: compiled once per digest, strict about shape, plain about mistakes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from engine.domain import form_state
from engine.domain.admin_unit import AdminUnits, official
from engine.domain.errors import CatalogError, FormInvalidError, RuleError
from engine.domain.form import Field, Level, every_field, expressions, join, read_level, refuse
from engine.domain.form_patterns import pattern_of
from engine.domain.form_state import Place
from engine.domain.form_values import FieldError, Limits, is_empty, read

Evaluate = Callable[[str, Mapping[str, Any]], Any]
MAX_CACHED = 512
MAX_NAMES = 1_000  # names in one object that is sent; more is not a form but an attack
MAX_SEEN = 1_000  # characters of a refused text that conditions may still read
UNKNOWN = "Mục này không có trong biểu mẫu"
SHAPE = "Dữ liệu gửi lên không đúng dạng; hãy tải lại trang rồi nhập lại"


class _Strict(Schema):
    """Refuses what it does not know."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN, "type": SHAPE}


class _Value(fields.Field[Any]):
    """One question, read by the domain's reader."""

    def __init__(self, facts: Field, limits: Limits) -> None:
        super().__init__(allow_none=True)
        self.facts = facts
        self.limits = limits

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        if self.facts.computed is not None:
            return None  # the server's own value comes later, whatever was sent
        try:
            return read(self.facts, value, self.limits)
        except FieldError as error:
            raise ValidationError(str(error), valid_data=_glimpse(value)) from None


class _Group(fields.Field[Any]):
    """The answers of a group with a path."""

    def __init__(self, schema: Schema) -> None:
        super().__init__(allow_none=True)
        self.inner = schema

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        return _load(self.inner, value)


class _Rows(fields.Field[Any]):
    """The rows of a dynamic list; how many there are is looked at before any is read."""

    def __init__(self, facts: Field, schema: Schema, limits: Limits) -> None:
        super().__init__(allow_none=True)
        self.facts = facts
        self.inner = schema
        self.most = int(facts.validate.get("maxLength") or limits.rows)
        self.least = int(facts.validate.get("minLength") or 0)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        label = self.facts.label
        if not isinstance(value, list | tuple):
            raise ValidationError(f"{label}: phải là danh sách")
        if len(value) > self.most:
            raise ValidationError(f"{label}: nhiều nhất {self.most} dòng (anh/chị nhập {len(value)})")
        rows, errors = _each_row(self.inner, value)
        if value and len(value) < self.least:
            errors["_schema"] = [f"{label}: cần ít nhất {self.least} dòng"]
        if errors:
            raise ValidationError(errors, valid_data=rows)
        return rows


class CompiledForm:
    """A form ready for validation. `schema` is the expanded form-js schema, `fields` the questions by path."""

    def __init__(
        self, schema: Mapping[str, Any], level: Level, limits: Limits, evaluate: Evaluate, units: AdminUnits
    ) -> None:
        self.units = units
        self.schema = schema
        self.level = level
        self.fields: Mapping[str, Field] = dict(every_field(level))
        self._shape = _shape(level, limits)
        self._evaluate = evaluate

    def validate(self, data: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
        """Clean values of the visible fields; FormInvalidError with Vietnamese messages by path.

        `context` gives `case` and, for officer forms, `application` and process variables to the form's expressions.
        """
        sent, errors = self._read(data)
        official(self.units, self.level, sent)
        place, hidden = self._settled(sent, context)
        wrong = {path: said for path, said in errors.items() if not _covered(path, hidden)}
        for path, said in form_state.problems(place).items():
            wrong.setdefault(path, said)
        if wrong:
            raise FormInvalidError(wrong)
        return place.data

    def visible(self, data: Mapping[str, Any], context: Mapping[str, Any]) -> frozenset[str]:
        """Paths of the fields shown for these data (rows with their numbers), and ids of shown texts and groups."""
        sent, _ = self._read(data)
        place, _ = self._settled(sent, context)
        return frozenset(form_state.visible(place))

    def settled(self, data: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
        """What the form holds right now, with computed values, for showing it unfinished; nothing is refused."""
        sent, _ = self._read(data)
        place, _ = self._settled(sent, context)
        return place.data

    def _read(self, data: Any) -> tuple[dict[str, Any], dict[str, list[str]]]:
        try:
            return _pruned(_load(self._shape, data)), {}
        except ValidationError as error:
            valid = error.valid_data if isinstance(error.valid_data, dict) else {}
            return _pruned(valid), dict(_flat(error.messages, ""))

    def _settled(self, sent: dict[str, Any], context: Mapping[str, Any]) -> tuple[Place, frozenset[str]]:
        data: dict[str, Any] = {}
        place = Place(self.level, data, {"application": data, **context}, self._evaluate)
        hidden = set(form_state.settle(place, sent))
        for each in self.level.fields:
            for path, row in place.rows(each):
                hidden |= {join(path, inner.path) for inner in row.level.fields if row.hidden(inner)}
        return place, frozenset(hidden)


class FormSchemas:
    """Compiles form-js schemas and keeps what it compiled; safe to share between threads."""

    def __init__(self, evaluate: Evaluate, limits: Limits | None = None, units: AdminUnits | None = None) -> None:
        self._evaluate = evaluate
        self._units = units or AdminUnits()
        self._limits = limits or Limits()
        self._compiled: dict[str, CompiledForm] = {}
        self._lock = Lock()

    def compile(self, schema: Mapping[str, Any]) -> CompiledForm:
        """The form of an expanded schema; CatalogError names the component that cannot be used."""
        digest = hashlib.sha256(json.dumps(schema, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        with self._lock:
            found = self._compiled.get(digest)
        if found is None:
            found = self._compile(schema)
            with self._lock:
                if len(self._compiled) >= MAX_CACHED:
                    self._compiled.pop(next(iter(self._compiled)))
                self._compiled[digest] = found
        return found

    def _compile(self, schema: Mapping[str, Any]) -> CompiledForm:
        level = read_level(schema)
        for _, each in every_field(level):
            pattern = each.validate.get("pattern")
            if pattern is not None:
                pattern_of(str(pattern))
        for component, text in expressions(level):
            try:
                self._evaluate(text, {})
            except RuleError as error:
                raise refuse(component, f"biểu thức sai: {error.message}", f"wrong: {error.message_en}") from error
        return CompiledForm(schema, level, self._limits, self._evaluate, self._units)


def problem_of(schemas: FormSchemas, schema: Mapping[str, Any]) -> CatalogError | None:
    """What keeps a schema from being used, or None."""
    try:
        schemas.compile(schema)
    except CatalogError as error:
        return error
    return None


def _shape(level: Level, limits: Limits) -> Schema:
    """The marshmallow schema of a level: groups with a path nest, lists hold a schema for their rows."""
    tree: dict[str, Any] = {}
    for each in level.fields:
        leaf = _Value(each, limits) if each.rows is None else _Rows(each, _shape(each.rows, limits), limits)
        form_state.put(tree, each.path, leaf)
    return _schema(tree)


def _schema(tree: Mapping[str, Any]) -> Schema:
    members = {name: _Group(_schema(inner)) if isinstance(inner, dict) else inner for name, inner in tree.items()}
    return _Strict.from_dict(members, name="FormSchema")()


def _load(schema: Schema, value: Any) -> Any:
    if not isinstance(value, Mapping) or len(value) > MAX_NAMES or not all(isinstance(name, str) for name in value):
        raise ValidationError({"_schema": [SHAPE]}, valid_data={})
    return schema.load(value)


def _each_row(schema: Schema, rows: Any) -> tuple[list[Any], dict[Any, Any]]:
    clean: list[Any] = []
    errors: dict[Any, Any] = {}
    for index, row in enumerate(rows):
        try:
            clean.append(_load(schema, row))
        except ValidationError as error:
            clean.append(error.valid_data or {})
            errors[index] = error.messages
    return clean, errors


def _glimpse(value: Any) -> Any:
    """What conditions may read of a refused value, so that a slip of the pen does not make half the form vanish."""
    return value if isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= MAX_SEEN) else None


def _pruned(value: Any) -> Any:
    """Without blanks: what was not answered has no name."""
    if isinstance(value, dict):
        inner = {name: _pruned(part) for name, part in value.items()}
        return {name: part for name, part in inner.items() if not is_empty(part)}
    return [_pruned(part) for part in value] if isinstance(value, list) else value


def _flat(messages: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    """Nested messages by path; names that came from outside are cut short."""
    if isinstance(messages, dict):
        own = messages.get("_schema")
        if own is not None and not isinstance(own, dict):
            yield path, list(map(str, own))
        for name, inner in list(messages.items())[:MAX_NAMES]:
            if name != "_schema":
                yield from _flat(inner, join(path, str(name)[:100]))
    elif messages:
        yield path, list(map(str, messages))


def _covered(path: str, hidden: frozenset[str]) -> bool:
    """Whether the path is hidden or lies inside something hidden."""
    parts = path.split(".")
    return any(".".join(parts[:end]) in hidden for end in range(1, len(parts) + 1))


__all__ = ["CompiledForm", "FormSchemas", "Limits", "problem_of"]
