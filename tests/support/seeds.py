"""The seed of what tests make up: the same in every run, so that a run fails for what was changed and for nothing else.

`SEED=7 make test` takes another, `SEED=fresh make test` rolls one; the campaigns of `make soak` roll theirs anyway.
"""

from __future__ import annotations

import os
import random

USUAL = 20221219  # the day the communes began


def of_this_run() -> int:
    """Return the seed; whoever uses it prints it."""
    wanted = os.environ.get("SEED")
    return random.SystemRandom().randrange(10**9) if wanted == "fresh" else int(wanted or USUAL)
