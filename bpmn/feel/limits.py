"""Bounds that keep a hostile or clumsy expression from taking time or memory."""

MAX_TEXT = 4_000  # characters of source
MAX_DEPTH = 64  # nested expressions in the source
MAX_STEPS = 20_000  # loop turns, calls and visited items of one evaluation
MAX_CALL_DEPTH = 40  # calls of functions written in FEEL inside each other
MAX_STRING = 100_000  # characters of any string an expression makes
MAX_ITEMS = 10_000  # items of any list or context
MAX_VALUE_NODES = 100_000  # items of one variable handed in, at all levels
MAX_VALUE_DEPTH = 64  # nesting of one variable handed in
MAX_PATTERN = 200  # characters of a regular expression
MAX_MATCH_INPUT = 10_000  # characters a regular expression is applied to
MAX_MATCH_COST = 10_000_000  # estimated worst-case comparisons of one regular expression call
MATCH_COST_PER_STEP = 1_000  # comparisons charged as one step
CHARACTERS_PER_STEP = 1_000  # characters of an argument charged as one step
CALL_WEIGHT = 16  # nodes a call counts as
POWER_WEIGHT = 64  # nodes a power counts as
WEIGHT_PER_STEP = 24  # nodes of a repeated part charged as one step each time
ITEMS_PER_STEP = 4  # items of an argument or result charged as one step
