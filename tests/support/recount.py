"""Form II.06a and the score of QĐ 766 counted once more, from raw rows and files: nothing of the engine is used here.

A second opinion: it reads JSON of the event table, TOML of the catalog, and the texts of the rules, and shares no code
with what it judges.
"""

from __future__ import annotations

import json
import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

HERE = timezone(timedelta(hours=7))
Raw = dict[str, Any]


def instant(value: Any) -> datetime:
    """A column of either database, or a tagged value of JSON."""
    if isinstance(value, dict):
        value = value["@at"]
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(HERE)


class Days:
    """Working days of the commune, by the file of its calendar."""

    def __init__(self, path: Path) -> None:
        data = tomllib.loads(path.read_text())
        off = {one["date"] for one in data["holiday"]}
        made_up = {one["date"] for one in data.get("make_up", ())}
        day, self.working = date(data["first_year"], 1, 1), list[date]()
        while day.year <= data["last_year"]:
            if day in made_up or (day.weekday() < 5 and day not in off):
                self.working.append(day)
            day += timedelta(days=1)

    def after(self, day: date, count: int) -> date:
        return self.working[bisect_right(self.working, day) + count - 1]

    def between(self, first: date, last: date) -> int:
        return bisect_right(self.working, last) - bisect_right(self.working, first)


class Told:
    """One case as its raw events tell it, looked at just before `end`."""

    def __init__(self, rows: list[Raw], procedure: Raw, days: Days, end: datetime) -> None:
        self.filed, self.procedure, self.end = rows[0]["data"], procedure, end
        self.code: str = self.filed["code"]
        known = [row for row in rows if row["at"] < end]
        self.known = known
        self.received = next(
            (r["at"] for r in rows if r["tag"] == "case:status_changed" and r["data"]["after"] == 2), None
        )
        self.closed = self._closed(rows)
        self.asked = sum(r["tag"] == "receipt:issued" and r["data"]["kind"] == "supplement" for r in known)
        self.due, self.stood = self._term(known, days)

    def _closed(self, rows: list[Raw]) -> datetime | None:
        if self.received is None:
            return None
        for row in rows:
            ends = row["tag"] == "case:status_changed" and row["data"]["after"] in (3, 7, 8, 9, 10)
            if (ends and row["at"] >= self.received) or (row["tag"] == "process:advanced" and row["data"]["ended"]):
                return row["at"]
        return None

    def _term(self, known: list[Raw], days: Days) -> tuple[datetime | None, datetime | None]:
        """The day that counts, and since when the clock stands still (None: it runs)."""
        due: datetime | None = None
        stood: datetime | None = None
        anew = False
        for row in (r for r in known if r["tag"] == "deadline:adjusted"):
            data = row["data"]
            kind, after = data["kind"], instant(data["due_after"])
            if kind in ("started", "restarted", "extended"):
                due, anew = after, False
            elif kind == "reappointed":
                anew = True
            elif kind == "resumed" and stood is not None and due is not None:
                count = days.between(stood.date(), row["at"].date())
                moved = days.after(due.date(), count) if count > 0 else due.date()
                due = due.replace(year=moved.year, month=moved.month, day=moved.day) if anew else after
            stood = row["at"] if kind == "paused" else stood if kind == "stopped" else None
        return due, stood

    @property
    def solved(self) -> bool:
        return self.closed is not None and self.closed < self.end

    def verdict(self) -> str:
        """early, on_time or late of what is closed; within or over of what is not."""
        if self.due is None:
            return "on_time" if self.solved else "within"
        at = self.closed if self.solved else self.end
        assert at is not None
        if self.stood is not None:
            at = self.stood
        if not self.solved:
            return "over" if at > self.due else "within"
        return "early" if at.date() < self.due.date() else "on_time" if at.date() == self.due.date() else "late"

    def in_time(self) -> bool:
        return self.asked <= 1 and self.verdict() not in ("late", "over")

    def all(self, tag: str) -> list[Raw]:
        return [r["data"] for r in self.known if r["tag"] == tag]

    def has_result(self) -> bool:
        """A signed file of the procedure's own result that was not taken back."""
        signed = {x["document"] for x in self.all("result:signed")}
        gone = {x["document"] for x in self.all("result:revoked")}
        name = self.procedure.get("result", {}).get("name")
        issued = {x["document"] for x in self.all("result:issued") if x["name"] == name and x["sha256"]}
        return bool((issued & signed) - gone)

    def needs_result(self) -> bool:
        return "result" in self.procedure

    def fee(self) -> int:
        return int((self.all("fee:assessed") or [{"total": 0}])[-1]["total"])

    def has_file(self) -> bool:
        marks = {x["sha256"]: x["present"] for x in self.all("document:marked") if x["mark"] == "digitised"}
        handed_in = self.all("case:submitted") + self.all("application:amended")
        return any(marks.values()) or any(x["documents"] for x in handed_in)


def told(rows: Iterable[Raw], procedures: Mapping[tuple[str, int], Raw], days: Days, end: datetime) -> list[Told]:
    """Every case of the event table, by code."""
    streams: dict[str, list[Raw]] = defaultdict(list)
    for row in rows:
        streams[row["stream"]].append({"tag": row["tag"], "at": instant(row["at"]), "data": json.loads(row["data"])})
    found = [
        Told(one, procedures[one[0]["data"]["procedure"], one[0]["data"]["procedure_version"]], days, end)
        for one in streams.values()
    ]
    return sorted(found, key=lambda x: x.code)


def present(cases: Iterable[Told], start: datetime) -> list[Told]:
    """Received before the end, and not closed before the start."""
    return [x for x in cases if x.received and x.received < x.end and not (x.closed is not None and x.closed < start)]


def ii06a(cases: Iterable[Told], start: datetime) -> dict[str, list[int]]:
    """Field → the numbers of columns 3 to 13; the total under an empty name."""
    table: dict[str, list[int]] = defaultdict(lambda: [0] * 14)
    for case in present(cases, start):
        assert case.received
        came = 6 if case.received < start else 4 if case.filed["channel"] == "online" else 5
        became = {"early": 8, "on_time": 9, "late": 10, "within": 12, "over": 13}[case.verdict()]
        for name in (case.procedure["field"], ""):
            row = table[name]
            for column in (3, came, 7 if became < 11 else 11, became):
                row[column] += 1
    return {name: row[3:] for name, row in table.items()}


def score_766(
    cases: list[Told],
    complaints: list[Raw],
    procedures: list[Raw],
    start: datetime,
    terms: Mapping[str, int],
    days: Days,
) -> dict[str, tuple[int, int]]:
    """Item → (hits, total), of those that can be counted."""
    here = present(cases, start)
    came = [x for x in here if x.received and x.received >= start]
    end = cases[0].end
    online = [x for x in came if x.filed["channel"] == "online"]
    offered = [p for p in procedures if "online" in p["channels"]]
    priced = [p for p in procedures if p.get("fee")]
    owing = [x for x in came if x.fee() > 0]
    late_answers = {x["id"] for x in complaints if _late(x, end, terms, days)}
    again = {
        x["id"]
        for x in complaints
        for y in complaints
        if x["case_id"] and x["case_id"] == y["case_id"] and x["answered_at"] and y["filed_at"] > x["answered_at"]
    }
    complained = {x["case_id"] for x in complaints}
    bad = [x for x in here if x.filed["case_id"] in complained or _disliked(x)]
    late = [x for x in here if not x.in_time()]
    return {
        "2.1": (len(here) - len(late), len(here)),
        "3.1": (len(offered), len(procedures)),
        "3.2": (len({x.filed["procedure"] for x in online} & {p["code"] for p in offered}), len(offered)),
        "3.3": (sum(x.has_result() or not x.needs_result() for x in online), len(came)),
        "3.5": (sum(p["level"] == 4 for p in priced), len(priced)),
        "3.6": (sum(any(p["provider"] != "cash" for p in x.all("payment:received")) for x in owing), len(owing)),
        "4.1": (sum(x.has_result() for x in came if x.needs_result()), sum(x.needs_result() for x in came)),
        "4.2": (sum(x.has_file() and (x.has_result() or not x.needs_result()) for x in came), len(came)),
        "4.5": (sum((x.filed["applicant"].get("assurance") or 0) >= 2 for x in came), len(came)),
        "5.2": (len(complaints) - len(late_answers), len(complaints)),
        "5.3": (len(complaints) - len(late_answers | again), len(complaints)),
        "5.4": (max(len(here) - len(late) - len(bad), 0), len(here)),
    }


def _disliked(case: Told) -> bool:
    rated = case.all("case:rated")
    return bool(rated) and rated[-1]["score"] <= 2


def _late(complaint: Raw, end: datetime, terms: Mapping[str, int], days: Days) -> bool:
    """Beyond 15 working days, refused beyond 2, asked for more beyond 5; all end at 17:00."""
    count = {"refused": terms["refuse"], "asked": terms["ask"]}.get(complaint["state"], terms["answer"])
    filed = complaint["filed_at"].date()
    last = days.after(filed, count)
    limit = datetime(last.year, last.month, last.day, 17, tzinfo=HERE)
    answered = complaint["answered_at"]
    return (answered if answered and answered < end else end) > limit


def points(items: list[Raw], counted: Mapping[str, tuple[int, int]]) -> dict[str, Decimal]:
    """Item → points, by the file of the score; those without a number are left out."""
    found = {}
    for item in items:
        hits, total = counted.get(item["id"], (0, 0))
        if not total:
            continue
        share = Fraction(hits, total)
        if "scaled_by" in item and counted.get(item["scaled_by"], (0, 0))[1]:
            share *= Fraction(*counted[item["scaled_by"]])
        part = min(share / Fraction(item.get("full_at", 100), 100), 1) * Fraction(item["most"])
        found[item["id"]] = (
            Decimal(int(part * 100 + Fraction(1, 2))).scaleb(-2).quantize(Decimal("0.01"), ROUND_HALF_UP)
        )
    return found
