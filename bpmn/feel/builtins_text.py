"""Built-in functions over text."""

from decimal import Decimal

from bpmn.feel.errors import text_too_long
from bpmn.feel.limits import MAX_STRING
from bpmn.feel.numbers import to_index
from bpmn.feel.regex import match_text, replace_text, split_text
from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin
from bpmn.feel.values import Value


@builtin("substring", "string:string, start position:number, length?:number")
def substring(_: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Return the part of the text that begins at a position (1 is first, -1 is last)."""
    position, size = to_index(Decimal(int(start))), len(text) if length is None else int(length)
    if not position or abs(position) > len(text) or size < 1:
        return None
    first = position - 1 if position > 0 else len(text) + position
    return text[first : first + size]


@builtin("string length", "string:string")
def string_length(_: Run, text: str) -> Decimal:
    """Return the number of characters."""
    return Decimal(len(text))


@builtin("upper case", "string:string")
def upper_case(_: Run, text: str) -> str:
    """Return the text in capitals."""
    return text.upper()


@builtin("lower case", "string:string")
def lower_case(_: Run, text: str) -> str:
    """Return the text without capitals."""
    return text.lower()


@builtin("trim", "string:string")
def trim(_: Run, text: str) -> str:
    """Return the text without blanks at its ends."""
    return text.strip()


@builtin("substring before", "string:string, match:string")
def substring_before(_: Run, text: str, match: str) -> str:
    """Return what stands before the first match, or nothing."""
    before, found, _rest = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string:string, match:string")
def substring_after(_: Run, text: str, match: str) -> str:
    """Return what stands after the first match, or nothing."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string:string, match:string")
def contains(_: Run, text: str, match: str) -> bool:
    """Tell whether the match occurs in the text."""
    return match in text


@builtin("starts with", "string:string, match:string")
def starts_with(_: Run, text: str, match: str) -> bool:
    """Tell whether the text begins with the match."""
    return text.startswith(match)


@builtin("ends with", "string:string, match:string")
def ends_with(_: Run, text: str, match: str) -> bool:
    """Tell whether the text ends with the match."""
    return text.endswith(match)


@builtin("string join", "list:list, delimiter?:string|null")
def string_join(_: Run, values: list[Value], delimiter: str | None = None) -> str | None:
    """Return the texts of a list joined; nulls are left out, anything else makes the result null."""
    texts = [value for value in values if value is not None]
    if not all(isinstance(text, str) for text in texts):
        return None
    between = delimiter or ""
    if sum(map(len, texts)) + len(between) * len(texts) > MAX_STRING + len(between):
        raise text_too_long()
    return between.join(texts)


@builtin("matches", "input:string, pattern:string, flags?:string|null")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Tell whether a part of the text matches the pattern; raises FeelLimitError for one that may take too long."""
    return match_text(run, text, pattern, flags or "")


@builtin("replace", "input:string, pattern:string, replacement:string, flags?:string|null")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Return the text with every match replaced; $1 is the first group."""
    return replace_text(run, text, pattern, replacement, flags=flags or "")


@builtin("split", "string:string, delimiter:string")
def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    """Return the parts of the text between the matches of the pattern."""
    return split_text(run, text, delimiter)
