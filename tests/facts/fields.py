"""The fields of a declaration, compared with the form: there, of that kind, with its options, in that order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from tests.facts.entry import Component, Entry, flat, name_of
from tests.facts.keys import key_of
from tests.facts.wording import alike, same, words

Gap = tuple[str, str]  # the fact's address, and what is missing
TEXT = ("textfield", "textarea")
CHOICE = ("select", "radio")
TYPES: Mapping[str, tuple[str, ...]] = {
    "text": (*TEXT, *CHOICE), "textarea": TEXT, "person_name": ("textfield",), "personal_id": ("textfield",),
    "phone": ("textfield",), "email": ("textfield",), "url": ("textfield",), "agency": TEXT,
    "agency_text": (*TEXT, "select"), "partial_date": ("textfield",),
    "partial_datetime": ("textfield", "datetime", "group"),
    "date": ("datetime",), "datetime": ("datetime",), "number": ("number",), "money": ("number", "textfield"),
    "select": CHOICE, "radio": CHOICE, "multiselect": ("checklist", "taglist"),
    "checkbox_group": ("checklist", "taglist"), "checkbox": ("checkbox",), "table": ("dynamiclist",),
    "file": ("filepicker",), "signature": ("checkbox", "filepicker"), "address": ("group",), "id_doc": ("group",),
    "id_doc_or_birth_cert": ("group",), "admin_unit": ("group", "select"), "birth_place": ("group",),
}  # fmt: skip
SUBTYPES = {"date": "date", "datetime": "datetime"}
GROUPS = {"address": "address", "id_doc": "id_doc", "id_doc_or_birth_cert": "id_doc_or_birth_cert"}


def gaps(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    """What the facts ask of the form and the form does not have."""
    rows = [field for section in fact["form"]["sections"] for field in section["fields"]]
    for section in fact["form"]["sections"]:
        for row in section["fields"]:
            component = entry.fields.get(row["key"])
            if component is None:
                yield f"field.{row['key']}", f"no such field: {row['label']} ({row['type']})"
            else:
                yield from _field(row, component, conditional=bool(section.get("visible_if")))
    yield from _order([row["key"] for row in rows], entry)


def _field(row: Mapping[str, Any], component: Component, *, conditional: bool) -> Iterator[Gap]:
    for aspect, wrong in (
        ("type", _type(row, component)),
        ("label", _label(row, component)),
        ("required", _required(row, component)),
        ("options", _options(row, component)),
        ("columns", _columns(row, component)),
        ("visible_if", _shown(row, component, conditional)),
        *((aspect, _aspect(aspect, row, component)) for aspect in ASPECTS),
    ):
        if wrong:
            yield f"field.{row['key']}.{aspect}", wrong


def _type(row: Mapping[str, Any], component: Component) -> str:
    kind, found = row["type"], str(component.data.get("type"))
    subtype = component.data.get("subtype", "date")
    group = str(component.own.get("fieldGroup", ""))
    if found not in TYPES[kind]:
        return f"{kind} as {found}"
    if found == "datetime" and SUBTYPES.get(kind, subtype) != subtype:
        return f"{kind} as {subtype}"
    if kind == "partial_date" and component.own.get("partialDate") != "true":
        return "a partial date without partialDate"
    return f"{kind} as group {group or 'of its own'}" if not group.startswith(GROUPS.get(kind, "")) else ""


def _label(row: Mapping[str, Any], component: Component) -> str:
    """On paper a label may be a line with blanks; on the screen it then needs words of its own."""
    says = " ".join(component.texts)
    blanks = "…" in row["label"] or "..." in row["label"]
    held = set(words(row["label"])) & set(words(says)) if blanks else alike(row["label"], says)
    return "" if held else f"“{row['label']}” as “{says}”"


def _required(row: Mapping[str, Any], component: Component) -> str:
    validate, own, want = component.data.get("validate") or {}, component.own, row["required"]
    always = bool(validate.get("required")) or own.get("mustBeTrue") == "true"
    if component.data.get("type") in ("group", "dynamiclist"):
        inner = [c for c in flat(component.data) if (c.data.get("validate") or {}).get("required")]
        always = bool(inner) or bool(component.data.get("defaultRepetitions"))
        return "optional, but what is in it is required" if not want and inner and not component.hidden else ""
    if want is False:
        return "required, though it is not" if always else ""
    if want == "if" and always and not component.hidden:
        return "always required instead of in its case"
    return "" if always or own.get("requiredIf") or own.get("computed") else "not required"


def _options(row: Mapping[str, Any], component: Component) -> str:
    if "options_ref" in row and component.own.get("optionSet") != row["options_ref"]:
        return "" if _narrowed(row, component) else f"not from the set {row['options_ref']}"
    known = component.data.get("values") or []
    missing = [option for option in row.get("options", []) if not any(_option(option, each) for each in known)]
    return f"without {missing}" if missing else ""


def _narrowed(row: Mapping[str, Any], component: Component) -> bool:
    """A field that takes only some values of a set says them itself."""
    values = [str(each.get("value")) for each in component.data.get("values") or []]
    return "allowed_values" in row and set(row["allowed_values"]) == set(values)


def _option(option: Any, known: Mapping[str, Any]) -> bool:
    value, label = (option["value"], option["label"]) if isinstance(option, Mapping) else (option, option)
    mine, says = str(known.get("value")), str(known.get("label"))
    return mine in (str(value), key_of(str(value))) or same(str(label), says)


def _columns(row: Mapping[str, Any], component: Component) -> str:
    known = {name_of(c.data) for c in flat(component.data)}
    missing = [c["key"] for c in row.get("columns", []) if c.get("type") != "auto" and c["key"] not in known]
    return f"without {missing}" if missing else ""


def _shown(row: Mapping[str, Any], component: Component, conditional: bool) -> str:
    return "always shown" if ("visible_if" in row or conditional) and not component.hidden else ""


def _aspect(aspect: str, row: Mapping[str, Any], component: Component) -> str:
    if aspect not in row or ASPECTS[aspect](row[aspect], component):
        return ""
    return f"not {row[aspect]}"


def _limit(end: str) -> Any:
    def holds(value: Any, component: Component) -> bool:
        validate = component.data.get("validate") or {}
        given = validate.get(end, validate.get(f"{end}Length"))
        return given == value or any(str(value) in feel for feel, _ in component.checks)

    return holds


def _default(value: Any, component: Component) -> bool:
    given = component.data.get("defaultValue")
    return "computed" in component.own or given in (value, key_of(str(value))) or str(given) == str(value).lower()


ASPECTS: Mapping[str, Any] = {
    "min": _limit("min"),
    "max": _limit("max"),
    "default": _default,
    "must_be": lambda value, c: c.own.get("mustBeTrue") == "true" or bool(c.checks),
    "computed": lambda value, c: "computed" in c.own,
    "allow_other": lambda value, c: c.own.get("allowOther") == "true",
    "readonly": lambda value, c: bool(c.data.get("readonly")) or "computed" in c.own,
    "min_rows": lambda value, c: bool(c.checks) or (c.data.get("defaultRepetitions") or 0) >= value,
    "fixed_rows": lambda value, c: not c.data.get("allowAddRemove", True),
}


def _order(keys: list[str], entry: Entry) -> Iterator[Gap]:
    """The fewest fields that would have to move for the form to go as the declaration does."""
    known = [(entry.fields[key].place, key) for key in keys if key in entry.fields]
    tails: list[int] = []
    links: list[tuple[int, int]] = []  # (length of the longest rising run that ends here, place)
    for place, _ in known:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
        links.append((at, place))
    kept, wanted, limit = set(), len(tails) - 1, float("inf")
    for (length, place), (_, key) in zip(reversed(links), reversed(known), strict=True):
        if length == wanted and place < limit:
            kept.add(key)
            wanted, limit = wanted - 1, place
    for _, key in known:
        if key not in kept:
            yield f"field.{key}.order", "stands elsewhere than on the paper form"
