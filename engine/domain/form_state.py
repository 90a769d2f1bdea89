"""What is asked right now: which fields are hidden, what is computed, what is missing; FEEL over the data decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.domain.errors import RuleError
from engine.domain.form import CHOICES, LISTS, MANY, Field, Level, Shown, join, names_of
from engine.domain.form_values import is_empty, to_value

Evaluate = Callable[[str, Mapping[str, Any]], Any]
ROUNDS = 8  # a condition may depend on a field that another condition hides, and so on
Data = dict[str, Any]


class Place:
    """One level with its data (the form, or one row) and the names that expressions read there."""

    def __init__(self, level: Level, data: Data, outer: Mapping[str, Any], evaluate: Evaluate) -> None:
        """`data` is changed in place: computed values are written, hidden ones dropped."""
        self.level = level
        self.data = data
        self._outer = outer
        self._evaluate = evaluate
        self._known: dict[tuple[str, str], Any] = {}
        self._names: dict[str, dict[str, Any]] = {}

    def names(self, scope: str) -> dict[str, Any]:
        """The names at a group: its own over those around it; what is not answered is null."""
        if scope not in self._names:
            self._names[scope] = self._named(scope)
        return self._names[scope]

    def _named(self, scope: str) -> dict[str, Any]:
        names = {**self._outer, **dict.fromkeys(names_of(self.level, "")), **self.data}
        if scope:
            parts = scope.split(".")
            for end in range(1, len(parts) + 1):
                group = ".".join(parts[:end])
                inner = dig(self.data, group)
                names |= {**dict.fromkeys(names_of(self.level, group)), **(inner if isinstance(inner, dict) else {})}
        return names

    def value(self, text: str, scope: str, **more: Any) -> Any:
        """The value of an expression at a group; RuleError when it cannot be computed."""
        key = (text, scope)
        if more:
            return self._evaluate(text, {**self.names(scope), **more})
        if key not in self._known:
            self._known[key] = self._evaluate(text, self.names(scope))
        return self._known[key]

    def holds(self, text: str, scope: str, *, otherwise: bool) -> bool:
        """Whether a condition is true; `otherwise` when it cannot be computed."""
        try:
            return self.value(text, scope) is True
        except RuleError:
            return otherwise

    def hidden(self, part: Field | Shown) -> bool:
        """Whether one of the conditions on the way to it hides it. What cannot be computed stays visible."""
        return any(self.holds(c.text, c.scope, otherwise=False) for c in part.hidden_by)

    def rows(self, each: Field) -> Iterator[tuple[str, Place]]:
        """The rows of a list, each a place of its own: the row's names, then `parent` and `i` from 1."""
        if each.rows is None:
            return
        around = self.names(each.scope)
        for index, row in enumerate(dig(self.data, each.path) or []):
            outer = {**around, "parent": self.data, "i": index + 1}
            yield f"{each.path}.{index}", Place(each.rows, row, outer, self._evaluate)

    def forget(self) -> None:
        """Expressions are computed anew after the data changed."""
        self._known.clear()
        self._names.clear()


def settle(place: Place, asked: Data) -> frozenset[str]:
    """Drop what is hidden and compute what is computed, until nothing changes; returns the hidden paths of this level.

    `asked` holds the data as sent, so that a field hidden in one round can come back in the next.
    """
    hidden: frozenset[str] = frozenset()
    for _ in range(ROUNDS):
        place.data.clear()
        place.data.update(copy(asked))
        for path in hidden:
            drop(place.data, path)
        _complete(place, hidden)
        place.forget()
        _compute(place, hidden)
        now = frozenset(each.path for each in place.level.fields if place.hidden(each))
        if now == hidden:
            break
        hidden = now
    return hidden


def _complete(place: Place, hidden: frozenset[str]) -> None:
    """Lists and boxes that were left alone are empty lists and false, so that expressions can count on them."""
    for each in place.level.fields:
        blank: Any = False if each.kind == "checkbox" else [] if each.kind in LISTS else None
        if blank is not None and each.path not in hidden and dig(place.data, each.path) is None:
            put(place.data, each.path, blank)


def _compute(place: Place, hidden: frozenset[str]) -> None:
    for each in place.level.fields:
        if each.rows is not None and each.path not in hidden:
            for _, row in place.rows(each):
                settle(row, copy(row.data))
            place.forget()
        elif each.computed is not None and each.path not in hidden:
            try:
                value = to_value(place.value(each.computed, each.scope))
            except RuleError:
                value = None
            drop(place.data, each.path)
            if not is_empty(value):
                put(place.data, each.path, value)
            place.forget()


def problems(place: Place, prefix: str = "") -> dict[str, list[str]]:
    """What is missing and which checks fail, by path, for the visible fields of a settled place."""
    found: dict[str, list[str]] = {}
    for each in place.level.fields:
        if place.hidden(each):
            continue
        value = dig(place.data, each.path)
        said = _missing(place, each, value) or list(_broken(place, each, value))
        if said:
            found[join(prefix, each.path)] = said
        for path, row in place.rows(each):
            found |= problems(row, join(prefix, path))
    return found


def visible(place: Place, prefix: str = "") -> Iterator[str]:
    """Paths of the visible fields, and the names of visible texts and groups."""
    for shown in place.level.shown:
        if not place.hidden(shown):
            yield join(prefix, shown.name)
    for each in place.level.fields:
        if not place.hidden(each):
            yield join(prefix, each.path)
            for path, row in place.rows(each):
                yield from visible(row, join(prefix, path))


def _missing(place: Place, each: Field, value: Any) -> list[str]:
    if each.must_be_true and value is not True:
        return [f"Hãy đánh dấu vào ô “{each.label}”"]
    given = value is True if each.kind == "checkbox" else not is_empty(value)
    if given or not (each.required or (each.required_if and place.holds(each.required_if, each.scope, otherwise=True))):
        return []
    if each.kind == "checkbox":
        return [f"Hãy đánh dấu vào ô “{each.label}”"]
    return [f"{each.label}: {_asking(each)}"]


def _asking(each: Field) -> str:
    if each.computed is not None:
        return "chưa tính được; hãy điền đủ các mục liên quan"
    if each.kind == "filepicker":
        return "hãy tải tệp lên"
    if each.kind == "dynamiclist":
        return "hãy thêm ít nhất một dòng"
    return "hãy chọn" if each.kind in CHOICES | MANY else "hãy nhập"


def _broken(place: Place, each: Field, value: Any) -> Iterator[str]:
    """A check is broken when it gives false; what cannot be judged (null) is left to the officer."""
    if is_empty(value):
        return
    for check in each.checks:
        try:
            if place.value(check.text, each.scope, value=value) is False:
                yield check.message
        except RuleError:
            yield f"{each.label}: chưa kiểm tra được, hãy nhập gọn lại"


def dig(data: Any, path: str) -> Any:
    """The value at a dotted path of groups and rows, or None."""
    for part in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def put(data: Data, path: str, value: Any) -> None:
    """Set the value at a dotted path of groups."""
    *groups, last = path.split(".")
    for part in groups:
        data = data.setdefault(part, {})
    data[last] = value


def drop(data: Data, path: str) -> None:
    """Remove the value at a dotted path, and groups that become empty."""
    head, _, tail = path.partition(".")
    inner = data.get(head)
    if tail and isinstance(inner, dict):
        drop(inner, tail)
        if not inner:
            del data[head]
    elif not tail:
        data.pop(head, None)


def copy(data: Any) -> Any:
    """The groups, lists and rows anew; values are shared."""
    if isinstance(data, dict):
        return {key: copy(value) for key, value in data.items()}
    return [copy(item) for item in data] if isinstance(data, list) else data
