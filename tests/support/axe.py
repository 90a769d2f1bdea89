"""Axe on a page: what it finds by WCAG 2.0 to 2.2, levels A and AA."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page

from tests.support.desk import ROOT

AXE = (ROOT / "web" / "static" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What axe finds, one line each."""
    page.evaluate(f"if (!window.axe) {{ {AXE} }}" if not page.evaluate("'axe' in window") else "0")
    settings = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = page.evaluate(f"axe.run(document, {settings}).then(r => r.violations)")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in found]


def violations_without_scripts(page: Page, reader: Page) -> list[str]:
    """What axe finds on a page that runs no scripts: `reader`, at home on the same host, shows it without them."""
    reader.set_content(SCRIPT.sub("", page.content()))
    return violations(reader)
