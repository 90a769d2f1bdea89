"""A stand-in of a bank: an account, transfers to it whose text the bank bends, and its statement as JSON and CSV."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.standins.book import Party
from web.standins.stage import Stage

ZONE = timezone(timedelta(hours=7))
PARTY = Party(
    name="bank",
    title="Ngân hàng (chuyển khoản, sao kê)",
    title_en="Bank (transfers, statement)",
    lies={
        "garbled": ("làm mất nội dung chuyển khoản", "loses the text of transfers"),
        "less": ("ghi có thiếu 1.000 đồng", "credits 1,000 dong less"),
    },
)
COLUMNS = ("id", "at", "account", "amount", "content")
BENT: Mapping[str, Callable[[str], str]] = {
    "prefix": lambda text: f"MBVCB.{len(text):06d}.{text.upper()}.CT tu 0011 NGUYEN THI LAN",
    "plain": lambda text: text,
    "torn": lambda text: re.sub(r"(.{6})", r"\1 ", text.upper()),
    "glued": lambda text: f"IBFT{re.sub('[^A-Za-z0-9]', '', text).upper()}0099887766",
}


class Counter:
    """What answers at the bank's addresses."""

    def __init__(self, stage: Stage) -> None:
        section = stage.connectors.get("vietqr", {})
        self.book = stage.book
        self.account, self.key = section.get("account", ""), section.get("settlement_key", "")
        self.lines: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)

    def page(self) -> ResponseReturnValue:
        """A form to transfer, and what came in."""
        given = {name: request.args.get(name, "") for name in ("amount", "content")}
        lines = self.lines[::-1]
        return render_template("standins/bank.html", account=self.account, lines=lines, given=given, ways=BENT)

    def transfer(self) -> ResponseReturnValue:
        """Money goes to an account; the bank writes the text in its own way."""
        mood, text = self.book.linger(PARTY.name), request.form.get("content", "")[:200]
        amount = int(re.sub(r"\D", "", request.form.get("amount", "")) or 0)
        if mood.refuse or not amount:
            abort(503 if mood.refuse else 400)
        line = {
            "id": f"FT{next(self._numbers):06d}",
            "at": datetime.now(UTC).astimezone(ZONE).isoformat(timespec="seconds"),
            "account": request.form.get("account") or self.account,
            "amount": amount - 1000 if mood.lie == "less" else amount,
            "content": "CHUYEN TIEN" if mood.lie == "garbled" else BENT[request.form.get("way", "prefix")](text),
        }
        self.lines.append(line)
        self.book.note(PARTY.name, "transfer", line)
        return redirect(url_for("page"))

    def statement(self) -> ResponseReturnValue:
        """The statement of a day, for who knows the key."""
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            abort(401)
        if self.book.linger(PARTY.name).refuse:
            abort(503)
        day = request.args.get("day", "")
        return jsonify(lines=[line for line in self.lines if line["at"].startswith(day)])

    def file(self) -> ResponseReturnValue:
        """The whole statement as CSV."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(self.lines)
        return Response(out.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment"})


def create_bank(stage: Stage) -> Flask:
    """The bank as an application of its own."""
    app, counter = Flask("web"), Counter(stage)
    app.add_url_rule("/", "page", counter.page)
    app.add_url_rule("/", "transfer", counter.transfer, methods=["POST"])
    app.add_url_rule("/statement.json", "statement", counter.statement)
    app.add_url_rule("/statement.csv", "statement_file", counter.file)
    return app
