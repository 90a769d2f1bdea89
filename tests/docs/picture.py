"""Draws diagrams in Chromium with the viewer of the web pages: the same picture that people see on a case's page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

from tests.support.browser import ROOT, chromium

VENDOR = ROOT / "web" / "static" / "vendor"
BASE = "http://diagrams.invalid"  # answered by this module alone: nothing leaves the browser
SCALE = 1  # pixels of the PNG per pixel of the diagram: its texts of 11 and 12 stay readable
MARGIN = 10
SHELL = f"""<!doctype html><html lang="vi"><meta charset="utf-8"><link rel="stylesheet" href="{BASE}/fonts.css">
<style>body {{ margin: 0; background: #fff }} #box {{ width: 1366px; height: 900px }}</style>
<div id="box" data-diagram="{BASE}/diagram.bpmn"></div></html>"""
FONTS = """Promise.all([400, 600, 700].map(weight => document.fonts.load(`${weight} 12px "Be Vietnam Pro"`, 'aếđư')))"""
# What bpmn-js itself does to save a picture: the drawn layer and its markers, cut to what is drawn.
TAKE = """margin => {
  const whole = document.querySelector('#box .djs-container > svg');
  const layer = whole.querySelector('[class~="viewport"] > [class^="layer-root"]');
  layer.querySelectorAll('.djs-hit, .djs-outline').forEach(one => one.remove());
  const size = layer.getBBox();
  const [x, y] = [size.x - margin, size.y - margin].map(Math.floor);
  const [width, height] = [size.x + size.width + margin - x, size.y + size.height + margin - y].map(Math.ceil);
  const defs = [...whole.querySelectorAll('defs')].map(one => one.outerHTML).join('');
  return {x, y, width, height, inner: defs + layer.innerHTML};
}"""
# Where each label's text stands on the diagram, by the element it belongs to: left, top, right, bottom.
LABELS = """() => Object.fromEntries([...document.querySelectorAll('[data-element-id$="_label"] text')].map(text => {
  const group = text.closest('[data-element-id]'), place = group.transform.baseVal.consolidate().matrix;
  const size = text.getBBox(), left = place.e + size.x, top = place.f + size.y;
  return [group.dataset.elementId.replace(/_label$/, ''), [left, top, left + size.width, top + size.height]];
}))"""
MADE_UP = re.compile(r'\bid="([^"]+)"')


class DrawingError(Exception):
    """The viewer could not show a diagram."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn diagram: the SVG's text and the PNG's bytes."""

    svg: str
    png: bytes


def digest(diagram: bytes) -> str:
    """What a picture says about the diagram it was made from."""
    return hashlib.sha256(diagram).hexdigest()


def drawn_from(svg: Path) -> str:
    """The digest that a picture carries; empty where there is none."""
    found = (
        re.search(r"<!-- diagram sha256 ([0-9a-f]{64}) -->", svg.read_text(encoding="utf-8")) if svg.exists() else None
    )
    return found.group(1) if found else ""


@contextmanager
def drawing() -> Iterator[Draughtsman]:
    """Somebody who draws, as long as the browser is open."""
    with chromium() as browser:
        yield Draughtsman(browser)


class Draughtsman:
    """Draws one diagram after another in one browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def draw(self, diagram: bytes) -> Picture:
        """The picture of a diagram; DrawingError when the viewer shows nothing."""
        with self._page(diagram) as page:
            svg = _standalone(page.evaluate(TAKE, MARGIN), digest(diagram))
            return Picture(svg, _photographed(page, svg))

    def labels(self, diagram: bytes) -> dict[str, list[float]]:
        """Where the viewer puts the text of each label: left, top, right, bottom."""
        with self._page(diagram) as page:
            found: dict[str, list[float]] = page.evaluate(LABELS)
            return found

    @contextmanager
    def _page(self, diagram: bytes) -> Iterator[Page]:
        """A page that shows a diagram."""
        context = self._browser.new_context(viewport={"width": 1366, "height": 900}, device_scale_factor=SCALE)
        try:
            page = context.new_page()
            page.route("**/*", lambda route: _answer(route, diagram))
            _show(page)
            yield page
        finally:
            context.close()


def _answer(route: Route, diagram: bytes) -> None:
    """Give the page what it asks for, from memory and from the bundle."""
    name = route.request.url.removeprefix(f"{BASE}/")
    if name == "":
        route.fulfill(body=SHELL, content_type="text/html; charset=utf-8")
    elif name == "diagram.bpmn":
        route.fulfill(body=diagram, content_type="text/xml; charset=utf-8")
    elif route.request.url.startswith(BASE) and (VENDOR / name).is_file():
        route.fulfill(path=VENDOR / name)
    else:
        route.abort()


def _show(page: Page) -> None:
    """Open the diagram in the viewer; DrawingError when it shows nothing."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{BASE}/")
    page.evaluate(FONTS)  # before the viewer measures its texts
    page.add_script_tag(url=f"{BASE}/viewer.js")
    page.locator("#box[data-ready], #box[hidden]").first.wait_for(state="attached")
    if not page.locator("#box[data-ready]").count():
        raise DrawingError(f"the viewer cannot show this diagram {problems}")


def _standalone(taken: dict[str, int | str], source: str) -> str:
    """A whole SVG file. The viewer makes up ids anew each time: here they are numbered."""
    inner = str(taken["inner"])
    for number, name in enumerate(dict.fromkeys(MADE_UP.findall(inner)), 1):
        inner = re.sub(rf"(?<=[\"#]){re.escape(name)}(?=[\")&])", f"m{number}", inner)
    x, y, width, height = (taken[key] for key in ("x", "y", "width", "height"))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- diagram sha256 {source} -->\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="{x} {y} {width} {height}">'
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#fff"/>{inner}</svg>\n'
    ).replace("&nbsp;", "&#160;")


def _photographed(page: Page, svg: str) -> bytes:
    """The SVG as pixels, with the fonts of the page."""
    page.evaluate("svg => { document.body.innerHTML = svg }", svg.split("-->\n", 1)[1])
    whole = page.locator("body > svg")
    whole.evaluate("svg => { svg.style.display = 'block' }")
    size = whole.bounding_box()
    assert size is not None
    page.set_viewport_size({"width": round(size["width"]), "height": round(size["height"])})
    return whole.screenshot(animations="disabled")
