"""A text of the diagram that may be FEEL, read once when the diagram is compiled."""

from __future__ import annotations

from dataclasses import dataclass

from bpmn.errors import StepError
from bpmn.feel import Expression, FeelError, compile, strip_marker


@dataclass(frozen=True, slots=True)
class Formula:
    """A static text, or a compiled FEEL expression when `expression` is set; `element_id` is blamed when it fails."""

    text: str
    element_id: str
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A compiled zeebe:input or zeebe:output."""

    target: str
    formula: Formula


def read_formula(text: str, element_id: str) -> Formula:
    """Compile a text: FEEL behind a leading "=", static otherwise. Raises StepError naming the element."""
    source = strip_marker(text)
    if source is None:
        return Formula(text, element_id)
    try:
        return Formula(text, element_id, compile(source))
    except FeelError as error:
        raise broken(text, element_id, error) from error


def broken(text: str, element_id: str, error: FeelError) -> StepError:
    """Return the StepError that tells which expression of which element failed and why."""
    return StepError(
        f'The expression "{text}" of "{element_id}" failed: {error.message}',
        element_id,
        message_vi=f"Biểu thức “{text}” của “{element_id}” bị lỗi: {error.message_vi}",
    )
