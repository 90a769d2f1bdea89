"""A procedure version's forms: found among its files, compiled once; its own rules go with the applicant's form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from engine.adapters import form_choices
from engine.adapters.form_schemas import CompiledForm, FormSchemas
from engine.domain.admin_unit import AdminUnits, doubts
from engine.domain.errors import FormInvalidError, NotFoundError, RuleError
from engine.domain.form_values import Limits
from engine.domain.procedure import Procedure, Rule

Evaluate = Callable[[str, Mapping[str, Any]], Any]
FORM_LIMITS = (
    *(("limits", name) for name in ("text", "textarea", "rows")),
    ("uploads", "max_files"),
    ("uploads", "max_mb"),
)
PLACES = ("forms/{id}.json", "_shared/forms/{id}.json")


class ProcedureForms:
    """Implements the Forms and CompiledForms ports."""

    def __init__(self, schemas: FormSchemas, evaluate: Evaluate) -> None:
        self._schemas = schemas
        self._evaluate = evaluate
        self._compiled: dict[tuple[str, str], CompiledForm] = {}
        self._lock = Lock()

    def compiled(self, procedure: Procedure, form_id: str) -> CompiledForm:
        """The compiled form of this version; NotFoundError."""
        key = (procedure.digest, form_id)
        with self._lock:
            if key not in self._compiled:
                self._compiled[key] = self._schemas.compile(_schema(procedure, form_id))
            return self._compiled[key]

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Clean values; FormInvalidError with every message by field path."""
        values: dict[str, Any] = self.compiled(procedure, form_id).validate(data, context)
        if form_id == procedure.form_id:
            errors = self.broken(procedure, values, context, severity="error")
            if errors:
                raise FormInvalidError(errors)
        return values

    def broken(
        self, procedure: Procedure, values: Mapping[str, Any], context: Mapping[str, Any], *, severity: str
    ) -> dict[str, list[str]]:
        """Messages of the rules of this severity that the application breaks, by field path ("": the whole form)."""
        seen = {**context, "application": values}
        found: dict[str, list[str]] = {}
        for rule in procedure.rules:
            if rule.severity == severity and self._breaks(rule, seen):
                for field in rule.fields or ("",):
                    found.setdefault(field, []).append(rule.message)
        if severity == "warning":
            form = self.compiled(procedure, procedure.form_id)
            for path, said in doubts(form.units, form.level, values).items():
                found.setdefault(path, []).extend(said)
        return found

    def _breaks(self, rule: Rule, seen: Mapping[str, Any]) -> bool:
        """Broken: the rule applies and its check is false; what cannot be computed (null) is the officer's to judge."""
        try:
            return self._evaluate(rule.when, seen) is True and self._evaluate(rule.check, seen) is False
        except RuleError:
            return True


def _schema(procedure: Procedure, form_id: str) -> dict[str, Any]:
    """A form as it is stored; where it offers the answers of the application, with those of this procedure's."""
    schema: dict[str, Any] = json.loads(procedure.files[file_of(procedure, form_id)])
    if not form_choices.asks(schema):
        return schema
    return form_choices.offering(schema, json.loads(procedure.files[file_of(procedure, procedure.form_id)]))


def file_of(procedure: Procedure, form_id: str) -> str:
    """The name of a form's file among those of the procedure; NotFoundError."""
    if form_id == procedure.form_id and "form.json" in procedure.files:
        return "form.json"
    for place in PLACES:
        name = place.format(id=form_id)
        if name in procedure.files:
            return name
    raise NotFoundError(what="biểu mẫu", id=form_id)


def house_forms(settings: Mapping[str, Any], evaluate: Evaluate, units: AdminUnits) -> ProcedureForms:
    """The forms of a house: limits as the catalog's settings say, addresses by the units that there are."""
    limits = Limits(**{name: settings[part][name] for part, name in FORM_LIMITS})
    return ProcedureForms(FormSchemas(evaluate, limits, units), evaluate)
