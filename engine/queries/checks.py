"""What the procedure's rules say of an application, one by one: what holds, what does not, what cannot be known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.domain.case import Case
from engine.domain.context import case_context
from engine.domain.errors import RuleError
from engine.domain.procedure import Procedure, Rule

Evaluate = Callable[[str, Mapping[str, Any]], Any]
State = Literal["holds", "broken", "unknown", "note"]
ORDER: Mapping[str, int] = {"broken": 0, "unknown": 1, "holds": 2, "note": 3}
OWN = "hệ thống"  # the ground of a rule that no law asks for
_PATH = re.compile(r"\bapplication((?:\.[^\W\d]\w*)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule or document. `paths`: the answers it looks at; `basis`: its ground in law, where it has one."""

    key: str
    state: State
    severity: str  # error | warning | info | document
    vi: str
    en: str
    basis: str = ""
    paths: tuple[str, ...] = ()


class Checks:
    """Makes the checklist of a case."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate

    def of(self, procedure: Procedure, case: Case) -> list[Check]:
        """What does not hold first, then what cannot be known, then what holds; rules that do not apply are left out.

        What cannot be computed (null, or a wrong kind of value) is the officer's to judge.
        """
        seen = case_context(case)
        found = [*self._rules(procedure, seen), *self._documents(procedure, case, seen)]
        return sorted(found, key=lambda one: ORDER[one.state])

    def _rules(self, procedure: Procedure, seen: Mapping[str, Any]) -> Iterator[Check]:
        for rule in procedure.rules:
            applies = self._value(rule.when, seen)
            if applies is False:
                continue
            state = self._state(rule, seen) if applies is True else "unknown"
            basis = "" if rule.basis == OWN else rule.basis
            yield Check(
                key=rule.key,
                state=state,
                severity=rule.severity,
                vi=rule.message,
                en=rule.message_en,
                basis=basis,
                paths=paths_of(rule),
            )

    def _state(self, rule: Rule, seen: Mapping[str, Any]) -> State:
        if rule.severity == "info":
            return "note"
        value = self._value(rule.check, seen)
        return "holds" if value is True else "broken" if value is False else "unknown"

    def _value(self, text: str, seen: Mapping[str, Any]) -> Any:
        try:
            return self._evaluate(text, seen)
        except RuleError:
            return None

    def _documents(self, procedure: Procedure, case: Case, seen: Mapping[str, Any]) -> Iterator[Check]:
        """What has to be handed in, and whether a file of it is there; what is only shown is compared at the desk."""
        given = {str(file.get("key")) for file in case.documents}
        for rule in procedure.documents:
            if self._value(rule.required, seen) is not True or rule.field is None:
                continue
            state: State = "holds" if rule.key in given else "unknown" if rule.kind == "present" else "broken"
            yield Check(key=f"document.{rule.key}", state=state, severity="document", vi=rule.name, en=rule.name)


def paths_of(rule: Rule) -> tuple[str, ...]:
    """The answers that a rule compares, each once: those it names, and those its expressions read."""
    read = (path[1:] for text in (rule.check, rule.when) for path in _PATH.findall(text))
    return tuple(dict.fromkeys([*rule.fields, *read]))
