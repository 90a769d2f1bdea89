"""Axe on a page: what it finds by WCAG 2.0 to 2.2, levels A and AA."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page

from tests.support.desk import ROOT

PHONE, LAPTOP = 360, 1366  # the least and the usual width a page is looked at
AXE = (ROOT / "web" / "static" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What axe finds, one line each."""
    page.evaluate(f"if (!window.axe) {{ {AXE} }}" if not page.evaluate("'axe' in window") else "0")
    settings = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = page.evaluate(f"axe.run(document, {settings}).then(r => r.violations)")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in found]


def lay_out(page: Page, text: str) -> int:
    """Show a page as it was sent, without its scripts; the width it is made for."""
    page.set_content(SCRIPT.sub("", text))
    page.evaluate("document.fonts.ready")
    return PHONE if page.evaluate("document.documentElement.matches('.citizen')") else LAPTOP


def too_wide(page: Page, width: int) -> str:
    """What sticks out of a window of this width: "" for nothing."""
    page.set_viewport_size({"width": width, "height": 900})
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    return f"is {wide} wide at {width}" if wide > width else ""


def violations_without_scripts(page: Page, reader: Page) -> list[str]:
    """What axe finds on a page that runs no scripts: `reader`, at home on the same host, shows it without them."""
    reader.set_content(SCRIPT.sub("", page.content()))
    return violations(reader)
