"""The properties that forms of the house know: one that nobody reads would promise what never happens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

KNOWN: Final = (
    "accept",
    "allowOther",
    "appendix",
    "capture",
    "check",
    "choices",
    "computed",
    "descriptionEn",
    "fieldGroup",
    "labelEn",
    "maxFiles",
    "maxMb",
    "message",
    "messageEn",
    "mustBeTrue",
    "normalize",
    "omit",
    "optionSet",
    "partialDate",
    "partialDateTime",
    "prefix",
    "requiredIf",
    "section",
    "unit",
)
NUMBERED: Final = re.compile(r"(check|message|messageEn)[1-9]\d?|(label|labelEn):\w+")


def unknown_properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(component, property, the known one that is nearest or "") of each that nobody reads."""
    pending: list[Any] = [schema]
    while pending:
        component = pending.pop(0)
        if not isinstance(component, Mapping):
            continue
        pending += component.get("components") or []
        own = component.get("properties")
        for name in own if isinstance(own, Mapping) else ():
            if name not in KNOWN and not NUMBERED.fullmatch(str(name)):
                yield str(component.get("id", "")), str(name), next(iter(get_close_matches(str(name), KNOWN, 1)), "")
