"""The form in which somebody says how to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from engine.domain.notice import LANGUAGES, Preferences
from web.texts import t

LONGEST_QUIET = 12 * 60  # minutes: who is never to be rung up may opt out instead
SWITCHES = ("email", "sms", "zalo")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was typed, and what of it is wrong by the name of its field."""

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Preferences) -> Wishes:
        """The form as it stands."""
        switches = {name: "1" if getattr(kept, name) else "" for name in SWITCHES}
        hours = {name: getattr(kept, name).isoformat("minutes") for name in ("quiet_from", "quiet_to")}
        return cls({**switches, **hours, "lang": kept.lang})

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Wishes:
        """The form as it was sent."""
        values = {name: form.get(name, "").strip()[:20] for name in (*SWITCHES, "lang", "quiet_from", "quiet_to")}
        wrong = {name: _no_time() for name in ("quiet_from", "quiet_to") if _time(values[name]) is None}
        if values["lang"] not in LANGUAGES:
            wrong["lang"] = t("Hãy chọn một ngôn ngữ.", "Choose a language.")
        if not wrong and _minutes(values) > LONGEST_QUIET:
            wrong["quiet_to"] = t(
                "Giờ yên lặng dài nhất là 12 giờ; nếu không muốn nhận, hãy bỏ chọn SMS và Zalo.",
                "Quiet hours last 12 hours at most; to get none, opt out of SMS and Zalo.",
            )
        return cls(values, wrong)

    def preferences(self) -> Preferences:
        """What the form says; ValueError where something is wrong."""
        if self.wrong:
            raise ValueError(", ".join(self.wrong))
        return Preferences(
            email=self.values["email"] == "1",
            sms=self.values["sms"] == "1",
            zalo=self.values["zalo"] == "1",
            lang="en" if self.values["lang"] == "en" else "vi",
            quiet_from=_sure(self.values["quiet_from"]),
            quiet_to=_sure(self.values["quiet_to"]),
        )


def _time(text: str) -> time | None:
    try:
        return datetime.strptime(text.lower().replace("g", ":").replace("h", ":"), "%H:%M").time()
    except ValueError:
        return None


def _sure(text: str) -> time:
    found = _time(text)
    if found is None:
        raise ValueError(text)
    return found


def _minutes(values: Mapping[str, str]) -> int:
    start, end = (_sure(values[name]) for name in ("quiet_from", "quiet_to"))
    return ((end.hour - start.hour) * 60 + end.minute - start.minute) % (24 * 60)


def _no_time() -> str:
    return t("Giờ phải viết dạng 22:00.", "Write the time as 22:00.")
