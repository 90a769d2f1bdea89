"""Forms written by hand for tests: components, a compiled form, and what it says of data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bpmn import feel
from engine.adapters.form_schemas import CompiledForm, FormSchemas
from engine.domain.errors import FormInvalidError, RuleError


def evaluate(text: str, context: Mapping[str, Any]) -> Any:
    try:
        return feel.evaluate(text, context)
    except feel.FeelError as error:
        raise RuleError(reason=error.message_vi, reason_en=error.message) from error


SCHEMAS = FormSchemas(evaluate)


def form(*components: dict[str, Any]) -> CompiledForm:
    return SCHEMAS.compile({"type": "default", "id": "f", "components": list(components)})


def field(kind: str, key: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": key, "key": key, "label": "Họ tên", **more}


def group(path: str | None, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "group",
        "id": f"g_{path}",
        "components": list(components),
        **({"path": path} if path else {}),
        **more,
    }


def rows(path: str, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "dynamiclist",
        "id": path,
        "path": path,
        "label": "Danh sách",
        "components": list(components),
        **more,
    }


def choice(kind: str = "select", key: str = "x", values: tuple[Any, ...] = ("a", "b"), **more: Any) -> dict[str, Any]:
    return field(kind, key, values=[{"value": v, "label": str(v)} for v in values], **more)


def clean(one: CompiledForm, **data: Any) -> dict[str, Any]:
    return one.validate(data, {"case": {"level": 4}})


def errors(one: CompiledForm, data: Any, context: Mapping[str, Any] | None = None) -> dict[str, list[str]]:
    with pytest.raises(FormInvalidError) as refusal:
        one.validate(data, context or {"case": {}})
    return refusal.value.errors


def refused(component: dict[str, Any], value: Any) -> str:
    (messages,) = errors(form(component), {"x": value}).values()
    return messages[0]
