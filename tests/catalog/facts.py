"""Says which facts a procedure of the catalog still lacks.

python -m tests.catalog.facts [SLUG…]      # all that are in the catalog, when none is named
"""

from __future__ import annotations

import sys

from tests.facts.entry import facts, read
from tests.facts.omissions import judge


def main(slugs: list[str]) -> int:
    """Print a line per gap; 1 when there is one."""
    known = facts()
    total = 0
    for slug in slugs or known:
        entry = read(slug)
        if entry is None:
            if slugs:
                print(f"{slug}: not in the catalog")
                total += 1
            continue
        verdict = judge(known[slug], entry)
        for line in [*(f"{address}: {wrong}" for address, wrong in verdict.gaps), *verdict.idle]:
            print(f"{slug}: {line}")
        total += len(verdict.gaps) + len(verdict.idle)
        print(f"{slug}: {len(verdict.gaps) + len(verdict.idle)} open, {len(verdict.explained)} explained")
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
