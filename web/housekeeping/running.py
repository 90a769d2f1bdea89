"""How the house runs: outside parties, each tried when somebody wants to know, and the health of the parts."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Mapping
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web import access
from web.house import house
from web.housekeeping import ADMINISTRATORS, LOOKERS, blueprint
from web.signing_keys import every_key
from web.texts import t

LATE = timedelta(minutes=1)  # what was due so long ago should have been done
SILENT = timedelta(minutes=1)  # a process that is alive is heard of every fifteen seconds
SKEW = timedelta(seconds=2)
LEAST_DISK = 1024**3
LIBRARIES = ("motcua", "Flask", "SQLAlchemy", "SpiffWorkflow", "pyHanko", "typst")


@blueprint.get("/ket-noi")
@access.groups(*LOOKERS)
def connectors() -> ResponseReturnValue:
    """Outside parties as they are configured, without secrets."""
    return render_template(
        "housekeeping/connectors.html",
        parties=house().desk.administration.keeping.parties(g.actor),
        may_try=not g.actor.groups.isdisjoint(ADMINISTRATORS),
    )


@blueprint.post("/ket-noi/<party>")
@access.groups(*ADMINISTRATORS)
def try_connector(party: str) -> ResponseReturnValue:
    """Ask one of them."""
    trial = house().desk.administration.keeping.ask(g.actor, party)
    told = (f"[{party}] trả lời tốt.", f"[{party}] answers.")
    flash(t(*(told if trial.well else (f"[{party}] không trả lời như mong đợi.", f"[{party}] does not answer well."))))
    return redirect(url_for("housekeeping.connectors", _anchor=party))


@blueprint.get("/tinh-trang")
@access.groups(*LOOKERS)
def health() -> ResponseReturnValue:
    """Database, processes, what is late, disk, clock, versions."""
    state, now = house().desk.administration.keeping.state, house().clock.now()
    late, beats, disk = state.late(now - LATE), state.beats(), shutil.disk_usage(house().settings.home)
    notices = house().portal.notices.queue.counts(g.actor.unit)
    skew = abs(state.clock() - now)
    parts = house().health()
    lines: list[tuple[str, str, bool]] = [
        (t("Cơ sở dữ liệu", "Database"), _database(parts), bool(parts.get("migrated"))),
        (
            t("Lệch giờ với cơ sở dữ liệu", "Clock apart from the database"),
            f"{skew.total_seconds():.1f} s",
            skew <= SKEW,
        ),
        (t("Việc nền quá giờ", "Jobs that are late"), str(late["jobs"]), late["jobs"] == 0),
        (t("Hẹn giờ quá giờ", "Timers that are late"), str(late["timers"]), late["timers"] == 0),
        (t("Sự cố đang mở", "Open incidents"), str(late["incidents"]), late["incidents"] == 0),
        (t("Thông báo chờ gửi", "Notices waiting"), str(notices.get("waiting", 0)), True),
        (
            t("Thông báo không gửi được", "Notices that failed"),
            str(notices.get("failed", 0)),
            not notices.get("failed"),
        ),
        (t("Đĩa còn trống", "Free disk"), f"{disk.free / 1024**3:.1f} GB", disk.free > LEAST_DISK),
    ]
    return render_template(
        "housekeeping/health.html",
        lines=lines,
        keys=every_key(),
        beats=[(beat, now - beat.beat_at <= SILENT) for beat in beats],
        versions=[("Python", platform.python_version()), *((name, version(name)) for name in LIBRARIES)],
    )


def _database(parts: Mapping[str, Any]) -> str:
    kind = house().settings.database_url.partition(":")[0].partition("+")[0]
    if not parts.get("database"):
        return t(f"{kind}: không trả lời", f"{kind}: does not answer")
    newest = t("cấu trúc mới nhất", "newest form") if parts.get("migrated") else t("CẦN NÂNG CẤP", "NEEDS AN UPGRADE")
    return f"{kind}, {newest}"
