"""Somebody without a mouse fills in a form: from control to control by Tab, typing, arrows, Space and Enter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import FilePayload, Page

from tests.support import scans
from web.forms.parse import OTHER
from web.forms.schema import Component, dig, inputs
from web.forms.values import typed

MAIN = "next"  # the button that leads on
MOST_TABS, MOST_ROUNDS = 2_000, 12  # of one form; more of either is a form that never ends
# What has the focus, as a person would tell it.
FOCUS = """() => {
  const e = document.activeElement, form = e.closest('form[data-form]');
  const values = e.tagName === 'SELECT' ? [...e.options].map(o => o.value) : [];
  return {tag: e.tagName, kind: e.type || '', name: e.name || '', value: e.value ?? '', checked: e.checked === true,
    values, at: e.selectedIndex ?? -1, files: e.files ? e.files.length : 0, mine: form !== null,
    busy: document.querySelector('.htmx-request') !== null};
}"""


@dataclass
class Typist:
    """Fills in the form of a page with nested data by the keyboard alone; files are given to the control in focus."""

    page: Page
    schema: Component
    data: Mapping[str, Any]
    delivery: str
    scripts: bool
    met: set[str] = field(default_factory=set)

    def fill(self) -> None:
        """Fill in everything, updating the form where answers open further questions, and end on the main button."""
        last: set[str] | None = None
        for _ in range(MOST_ROUNDS):
            self.met = set()
            if not self._round():
                continue  # a row came or went: the page began anew
            left = self.wanted() - self.met
            if not left:
                return
            assert left != last, f"no control takes {sorted(left)}"
            last = left
            self._update()
        raise AssertionError(f"the form asks without end; open is {sorted(self.wanted() - self.met)}")

    def wanted(self) -> set[str]:
        """The paths that somebody has to answer."""
        return set(_leaves(self.data))

    def press(self, action: str) -> None:
        """Go on to the button of this action and press Enter."""
        self._go_to(action)
        self.page.keyboard.press("Enter")

    def _round(self) -> bool:
        """Once through the form to its main button; False as soon as a row is added or removed."""
        begun = False
        for _ in range(MOST_TABS):
            here = self._tab()
            if not here["mine"]:
                assert not begun, f"the focus left the form at {here}"
                continue
            begun = True
            if here["name"] == "_action" and here["value"] == MAIN:
                return True
            if self._row(here):
                return False
            self._answer(here)
        raise AssertionError("the main button is never reached")

    def _tab(self) -> dict[str, Any]:
        self.page.keyboard.press("Tab")
        return self._focus()

    def _focus(self) -> dict[str, Any]:
        """What has the focus, once no answer is on its way; an answer that comes takes nobody's focus away."""
        here: dict[str, Any] = self.page.evaluate(FOCUS)
        if self.scripts and here["busy"]:
            self.page.locator(".htmx-request").first.wait_for(state="detached")
            after: dict[str, Any] = self.page.evaluate(FOCUS)
            assert (after["name"], after["tag"]) == (here["name"], here["tag"]), f"focus moved: {here} to {after}"
            return after
        return here

    def _row(self, here: Mapping[str, Any]) -> bool:
        """Add or remove a row where the data have more or fewer."""
        verb, _, path = str(here["value"]).partition(":") if here["name"] == "_action" else ("", "", "")
        if verb == "add":
            wrong = len(dig(self.data, path) or ()) > self._rows(path)
        elif verb == "remove":
            path, _, number = path.rpartition(".")
            wrong = int(number) >= len(dig(self.data, path) or ())
        else:
            return False
        if wrong:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        return wrong

    def _rows(self, path: str) -> int:
        return self.page.locator(f'[name="_rows.{path}"]').count()

    def _answer(self, here: Mapping[str, Any]) -> None:
        name, kind_, tag = str(here["name"]), here["kind"], here["tag"]
        if not name or name == "_action":
            return
        if name.startswith("_upload."):
            return self._upload(name.removeprefix("_upload."), here)
        path = name.removeprefix("_other.")
        value = self.delivery if name == "_delivery" else self._said(path)
        self.met.add(path)
        if tag == "SELECT":
            self._choose(here, value)
        elif kind_ == "radio":
            self._turn(here, value)
        elif kind_ == "checkbox":
            self._tick(here, value)
        else:
            self._type(here, "" if name != path and not self._is_other(path) else self._text(path, value))

    def _said(self, path: str) -> Any:
        return dig(self.data, path)

    def _component(self, path: str) -> Component:
        return next((component for component, own in inputs(self.schema, self.data) if own == path), {})

    def _text(self, path: str, value: Any) -> str:
        return typed(self._component(path), value)

    def _is_other(self, path: str) -> bool:
        """Whether the answer is none of the offered ones."""
        own = [str(option.get("value")) for option in self._component(path).get("values") or ()]
        return self._said(path) not in (None, "") and str(self._said(path)) not in own

    def _choose(self, here: Mapping[str, Any], value: Any) -> None:
        values: list[str] = here["values"]
        text = "" if value is None else str(value)
        wanted = text if text in values else OTHER
        assert wanted in values, f"{here['name']} does not offer {value!r}"
        at, to, end = here["at"], values.index(wanted), len(values) - 1
        if to < abs(to - at):
            at = self._jump("Home", 0)
        elif end - to < abs(to - at):
            at = self._jump("End", end)
        for _ in range(abs(to - at)):
            self.page.keyboard.press("ArrowDown" if to > at else "ArrowUp")
        now = self._focus()
        assert now["value"] == wanted, f"{here['name']} shows {now['value']!r} instead of {wanted!r}"

    def _jump(self, key: str, to: int) -> int:
        self.page.keyboard.press(key)
        return to

    def _turn(self, here: Mapping[str, Any], value: Any) -> None:
        if value is None:
            assert not here["checked"], f"{here['name']} is answered before anybody did"
            return
        first, now = here["value"], here
        while now["value"] != str(value):
            self.page.keyboard.press("ArrowDown")
            now = self._focus()
            assert now["value"] != first, f"{here['name']} does not offer {value!r}"
        if not now["checked"]:
            self.page.keyboard.press("Space")
        assert self._focus()["checked"]

    def _tick(self, here: Mapping[str, Any], value: Any) -> None:
        wish = here["value"] in map(str, value) if isinstance(value, list) else bool(value)
        if here["checked"] != wish:
            self.page.keyboard.press("Space")
            assert self._focus()["checked"] == wish

    def _type(self, here: Mapping[str, Any], text: str) -> None:
        if here["value"] == text:
            return
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def _upload(self, path: str, here: Mapping[str, Any]) -> None:
        self.met.add(path)
        kept = self.page.locator(f'input[type=hidden][name="{path}"]').count()
        names = [str(file["name"]) for file in self._said(path) or ()]
        if not names or here["files"] or kept:
            return
        papers = [paper(name, number) for number, name in enumerate(names)]
        self.page.locator(f'input[type=file][name="_upload.{path}"]').set_input_files(papers)
        if self.scripts:  # they are on their way at once, and listed when they have come
            listed = self.page.locator(f'input[type=hidden][name="{path}"]')
            listed.nth(len(names) - 1).wait_for(state="attached")

    def _update(self) -> None:
        """Press the button that asks which further questions there are."""
        self._go_to("update")
        if self.scripts:
            self.page.keyboard.press("Enter")
            self.page.locator(".htmx-request").first.wait_for(state="detached")
            self.page.keyboard.press("Tab")  # and on, over the end of the page, to its beginning
            return
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _go_to(self, action: str) -> None:
        here = self._focus()
        for _ in range(MOST_TABS):
            if (here["name"], here["value"]) == ("_action", action):
                return
            here = self._tab()
        raise AssertionError(f"there is no button {action!r} on {self.page.url}")


def paper(name: str, number: int) -> FilePayload:
    """A file as a scanner makes it; two of a field are never the same."""
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=scans.paper(name, number))


def _leaves(data: Any, path: str = "") -> Iterator[str]:
    """The paths of what was answered; what was left open or not ticked is nobody's to do."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list) and data and isinstance(data[0], Mapping) and "sha256" not in data[0]:
        for index, row in enumerate(data):
            yield from _leaves(row, f"{path}.{index}")
    elif data not in (None, "", [], False):
        yield path


def asked_of(schema: Component, data: Mapping[str, Any]) -> dict[str, Any]:
    """What of the data a person answers: without values that the server works out."""
    out: dict[str, Any] = {}
    for component, path in inputs(schema, data):
        value = dig(data, path)
        if value is not None and not (component.get("properties") or {}).get("computed"):
            _put(out, path.split("."), value)
    return out


def _put(out: Any, way: list[str], value: Any) -> None:
    for here, after in zip(way, way[1:], strict=False):
        empty: Any = [] if after.isdecimal() else {}
        if isinstance(out, list):
            while len(out) <= int(here):
                out.append({})
            out = out[int(here)]
        else:
            out = out.setdefault(here, empty)
    out[way[-1]] = value
