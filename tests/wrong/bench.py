"""A procedure's form on the bench: data are laid in, and what the form says of them comes out, nothing is stored."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.bootstrap import App
from engine.domain.errors import FormInvalidError
from engine.domain.form import Field
from engine.domain.procedure import Procedure, Rule
from engine.scenarios import Scenario
from web.forms.schema import dig

Messages = dict[str, list[str]]
Data = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """The application form of one procedure with the data of its scenarios; the first one's are the happy ones."""

    app: App
    procedure: Procedure
    scenarios: Sequence[Scenario]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every question by its path; those in rows without numbers."""
        return dict(self.app.forms.compiled(self.procedure, self.procedure.form_id).fields)

    @cached_property
    def bases(self) -> list[Data]:
        """The data of the scenarios that the form takes when they are filed online, each once, happy ones first."""
        found: list[Data] = []
        for scenario in self.scenarios:
            data = copy.deepcopy(dict(scenario.application))
            if data not in found and not self.said(data):
                found.append(data)
        return found

    @property
    def today(self) -> datetime:
        """The day the cases are filed."""
        return self.app.clock.now()

    @cached_property
    def context(self) -> Mapping[str, Any]:
        """What expressions see when a citizen files online."""
        scenario = self.scenarios[0]
        case = {"procedure": self.procedure.code, "level": self.procedure.level, "channel": "online"}
        more = {"delivery": scenario.delivery, "unit": self.app.settings.unit, "applicant": dict(scenario.applicant)}
        return {"case": {**case, **more}}

    def said(self, data: Data) -> Messages:
        """The messages by path that these data get."""
        try:
            self.app.forms.validate(self.procedure, self.procedure.form_id, data, self.context)
        except FormInvalidError as error:
            return {path: list(found) for path, found in error.errors.items()}
        return {}

    def breaks(self, rule: Rule, data: Data) -> bool:
        """Whether the rule alone, asked of the data as they are, is broken."""
        alone = replace(self.procedure, rules=(rule,))
        return bool(self.app.forms.broken(alone, data, self.context, severity=rule.severity))

    def visible(self, data: Data) -> frozenset[str]:
        """The paths that are shown for these data; rows with their numbers."""
        return self.app.forms.compiled(self.procedure, self.procedure.form_id).visible(data, self.context)

    def places(self, path: str, data: Data) -> Iterator[str]:
        """A question's path with row numbers: once for each row that the data have."""
        parts = path.split(".")
        for end in range(1, len(parts)):
            head = ".".join(parts[:end])
            if head in self.fields and self.fields[head].kind == "dynamiclist":
                tail = ".".join(parts[end:])
                for number in range(len(dig(data, head) or ())):
                    yield f"{head}.{number}.{tail}"
                return
        yield path


def with_value(data: Data, path: str, value: Any) -> Data:
    """A copy of the data with another value at a path; None takes it away."""
    changed = copy.deepcopy(data)
    here: Any = changed
    *way, last = path.split(".")
    for part in way:
        if isinstance(here, list):
            if not part.isdecimal() or int(part) >= len(here):
                return changed
            here = here[int(part)]
        else:
            here = here.setdefault(part, {}) if isinstance(here, dict) else {}
    if isinstance(here, list):
        if last.isdecimal() and int(last) < len(here):
            here[int(last)] = value
    elif isinstance(here, dict):
        if value is None:
            here.pop(last, None)
        else:
            here[last] = value
    return changed


def plain_path(path: str) -> str:
    """A path without row numbers."""
    return ".".join(part for part in path.split(".") if not part.isdecimal())
