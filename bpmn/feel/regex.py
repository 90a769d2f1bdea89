"""Regular expressions of XPath, run by Python's engine but only where a bound on the work is known."""

from __future__ import annotations

import re
from functools import lru_cache

from bpmn.feel.errors import FeelLimitError, text_too_long
from bpmn.feel.limits import MATCH_COST_PER_STEP, MAX_MATCH_COST, MAX_MATCH_INPUT, MAX_PATTERN, MAX_STRING
from bpmn.feel.patterns import Pattern, PatternError, read_pattern
from bpmn.feel.scope import Run

_FLAGS = frozenset("smixq")
_REFERENCE = re.compile(r"\\([\\$])|\$([0-9]+)|[\\$]|[^\\$]+")


def match_text(run: Run, text: str, pattern: str, flags: str) -> bool | None:
    """Return whether a part of text matches, or None for a wrong pattern; raises FeelLimitError."""
    compiled = _prepare(run, text, pattern, flags)
    return None if compiled is None else compiled.search(text) is not None


def replace_text(run: Run, text: str, pattern: str, replacement: str, *, flags: str) -> str | None:
    """Return text with all matches replaced, or None for a wrong pattern or replacement; raises FeelLimitError."""
    compiled = _prepare(run, text, pattern, flags)
    if compiled is None or compiled.search("") is not None:
        return None
    parts = [replacement] if "q" in flags else _replacement_parts(replacement, compiled.groups)
    if parts is None:
        return None
    pieces, size, end = [], len(text), 0
    for match in compiled.finditer(text):
        new = "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)
        size += len(new)
        if size > MAX_STRING:
            raise text_too_long()
        pieces += [text[end : match.start()], new]
        end = match.end()
    return "".join(pieces) + text[end:]


def split_text(run: Run, text: str, pattern: str) -> list[str] | None:
    """Return the parts of text between matches, or None for a wrong pattern; raises FeelLimitError."""
    compiled = _prepare(run, text, pattern, "")
    if compiled is None or compiled.search("") is not None:
        return None
    parts, end = [], 0
    for match in compiled.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
    return [*parts, text[end:]]


def _prepare(run: Run, text: str, pattern: str, flags: str) -> re.Pattern[str] | None:
    if not _FLAGS.issuperset(flags):
        return None
    if len(pattern) > MAX_PATTERN or len(text) > MAX_MATCH_INPUT:
        raise FeelLimitError(
            f"A pattern may have {MAX_PATTERN} characters and its text {MAX_MATCH_INPUT}.",
            message_vi=f"Mẫu chỉ được dài {MAX_PATTERN} ký tự và văn bản {MAX_MATCH_INPUT} ký tự.",
        )
    found = _compiled(pattern, "".join(sorted(set(flags))))
    if found is None:
        return None
    compiled, rule = found
    cost = rule.cost(len(text))
    if cost > MAX_MATCH_COST:
        raise FeelLimitError(
            "This pattern may take too long on a text of this length.",
            message_vi="Mẫu này có thể chạy quá lâu với văn bản dài như vậy.",
        )
    run.spend(cost // MATCH_COST_PER_STEP)
    return compiled


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], Pattern] | None:
    try:
        rule = read_pattern(pattern, flags)
        return re.compile(rule.text, re.IGNORECASE if "i" in flags else 0), rule
    except (PatternError, re.error, OverflowError):
        return None


def _replacement_parts(replacement: str, groups: int) -> list[str | int] | None:
    parts: list[str | int] = []
    for match in _REFERENCE.finditer(replacement):
        if match[1]:
            parts.append(match[1])
        elif match[2]:
            digits = match[2]
            while int(digits) > groups and len(digits) > 1:
                digits = digits[:-1]
            parts += [int(digits) if int(digits) <= groups else "", match[2][len(digits) :]]
        elif match[0] in "\\$":
            return None
        else:
            parts.append(match[0])
    return parts
