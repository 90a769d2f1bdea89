"""All built-in functions, registered by importing the modules that define them."""

from bpmn.feel import (
    builtins_contexts,
    builtins_conversion,
    builtins_dates,
    builtins_lists,
    builtins_numbers,
    builtins_range_text,
    builtins_ranges,
    builtins_statistics,
    builtins_text,
)
from bpmn.feel.signatures import REGISTRY

__all__ = ["MODULES", "REGISTRY"]

MODULES = (
    builtins_contexts,
    builtins_conversion,
    builtins_dates,
    builtins_lists,
    builtins_numbers,
    builtins_range_text,
    builtins_ranges,
    builtins_statistics,
    builtins_text,
)
