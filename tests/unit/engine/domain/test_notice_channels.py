"""Which channel comes next, and when: consent first, nights quiet, one stands in for the other."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.domain.notice import Attachment, Notice, Outcome, Preferences, Template, Try
from engine.domain.notice_channels import legs, plan, quiet_until

HOME = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=HOME)
ALL = Preferences(email=True, sms=True, zalo=True)
PDF = (Attachment(sha256="a" * 64, name="x.pdf"),)
OTP = Template(key="otp", title={}, body={}, secret=True, only="sms")
LINK = Template(key="link", title={}, body={}, secret=True, only="email")


def notice(**changes: Any) -> Notice:
    values: dict[str, Any] = {"account": "lan", "phone": "0903000111", "email": "lan@example.vn"}
    return Notice(unit="u", key="k", template="t", created_at=NOON, run_at=NOON, **{**values, **changes})


def tried(*outcomes: tuple[str, Outcome]) -> list[Try]:
    return [Try(channel=channel, at=NOON, outcome=outcome) for channel, outcome in outcomes]


@pytest.mark.parametrize(
    ("wants", "changes", "found"),
    [
        (ALL, {}, (("zalo", "sms", "email"),)),
        (ALL, {"wish": "sms"}, (("sms", "zalo", "email"),)),
        (ALL, {"wish": "email"}, (("email", "zalo", "sms"),)),
        (Preferences(), {}, (("email",),)),
        (Preferences(), {"wish": "sms"}, (("email",),)),
        (Preferences(email=False), {}, ()),
        (Preferences(email=False, sms=True), {}, (("sms",),)),
        (ALL, {"email": ""}, (("zalo", "sms"),)),
        (ALL, {"phone": ""}, (("email",),)),
        (ALL, {"phone": "", "email": ""}, ()),
        (ALL, {"attachments": PDF}, (("email",), ("zalo", "sms"))),
        (Preferences(email=False, zalo=True), {"attachments": PDF}, (("zalo",),)),
        (Preferences(), {"attachments": PDF}, (("email",),)),
        (Preferences(), {"account": ""}, (("email",),)),
        (Preferences(), {"account": "", "email": ""}, (("sms",),)),
        (Preferences(email=False), {"account": ""}, (("email",),)),
    ],
)
def test_wish_comes_before_order_and_consent_before_both(
    wants: Preferences, changes: dict[str, Any], found: tuple[tuple[str, ...], ...]
) -> None:
    assert legs(notice(**changes), None, wants) == found


def test_a_channel_that_the_house_has_not_is_passed_over() -> None:
    assert legs(notice(), None, ALL, {"email"}) == (("email",),)
    assert legs(notice(), OTP, ALL, {"email"}) == ()


def test_a_one_time_code_or_link_goes_its_one_way_whatever_was_opted_out() -> None:
    nothing = Preferences(email=False)
    assert legs(notice(wish="email"), OTP, nothing) == (("sms",),)
    assert legs(notice(phone=""), OTP, ALL) == ()
    assert legs(notice(wish="sms"), LINK, nothing) == (("email",),)
    assert legs(notice(email=""), LINK, ALL) == ()


@pytest.mark.parametrize(
    ("tries", "channels", "told", "hopeless"),
    [
        ([], ("zalo",), False, False),
        ([("zalo", "refused")], ("sms",), False, False),
        ([("zalo", "refused"), ("sms", "later")], ("sms",), False, False),
        ([("zalo", "refused"), ("sms", "later"), ("sms", "later")], ("email",), False, False),
        ([("zalo", "refused"), ("sms", "sent")], (), True, False),
        ([("zalo", "undelivered")], ("sms",), False, False),
        ([("zalo", "refused"), ("sms", "undelivered"), ("email", "refused")], (), False, True),
    ],
)
def test_one_channel_stands_in_for_the_other(
    tries: list[tuple[str, Outcome]], channels: tuple[str, ...], told: bool, hopeless: bool
) -> None:
    found = plan((("zalo", "sms", "email"),), tried(*tries), NOON, most=(2, 3), wants=ALL)
    assert (found.channels, found.told, found.hopeless, found.wait) == (channels, told, hopeless, None)


def test_the_last_channel_is_given_more_time() -> None:
    ways = (("sms", "email"),)
    late = [("sms", "later")] * 2 + [("email", "later")] * 2
    assert plan(ways, tried(*late), NOON, most=(2, 3), wants=ALL).channels == ("email",)
    assert plan(ways, tried(*late, ("email", "later")), NOON, most=(2, 3), wants=ALL).hopeless


def test_each_leg_goes_its_own_way() -> None:
    ways = (("email",), ("zalo", "sms"))
    assert plan(ways, [], NOON, most=(2, 3), wants=ALL).channels == ("email", "zalo")
    half = plan(ways, tried(("email", "refused"), ("zalo", "sent")), NOON, most=(2, 3), wants=ALL)
    assert (half.told, half.hopeless) == (True, True)


def test_at_night_telephones_wait_for_the_morning_and_mail_does_not() -> None:
    night = NOON.replace(hour=23)
    morning = datetime(2026, 2, 1, 6, 0, tzinfo=HOME)
    found = plan((("email",), ("zalo",)), [], night, most=(2, 3), wants=ALL)
    assert (found.channels, found.wait) == (("email",), morning)
    assert plan((("sms",),), [], night, most=(2, 3), wants=None).channels == ("sms",), "a code cannot wait"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-31T21:59:59.999999", None),
        ("2026-01-31T22:00:00", "2026-02-01T06:00:00"),
        ("2026-01-31T23:59:59", "2026-02-01T06:00:00"),
        ("2026-02-01T00:00:00", "2026-02-01T06:00:00"),
        ("2026-02-01T05:59:59", "2026-02-01T06:00:00"),
        ("2026-02-01T06:00:00", None),
        ("2026-12-31T22:30:00", "2027-01-01T06:00:00"),
    ],
)
def test_the_night_goes_over_midnight(now: str, until: str | None) -> None:
    found = quiet_until(Preferences(), datetime.fromisoformat(now).replace(tzinfo=HOME))
    assert found == (datetime.fromisoformat(until).replace(tzinfo=HOME) if until else None)


def test_an_accounts_own_quiet_hours_come_on_top_of_the_night() -> None:
    long = Preferences(quiet_from=time(12), quiet_to=time(13, 30))
    assert quiet_until(long, NOON) == NOON + timedelta(minutes=90)
    early = Preferences(quiet_from=time(6), quiet_to=time(8))
    assert quiet_until(early, NOON.replace(hour=23)) == datetime(2026, 2, 1, 8, 0, tzinfo=HOME)
    none = Preferences(quiet_from=time(0), quiet_to=time(0))
    assert quiet_until(none, NOON) is None
    assert quiet_until(none, NOON.replace(hour=23)) == datetime(2026, 2, 1, 6, 0, tzinfo=HOME)


def test_hours_that_never_end_do_not_hang_the_deliverer() -> None:
    always = Preferences(quiet_from=time(6), quiet_to=time(22))
    assert quiet_until(always, NOON) is not None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-28T23:00:00+00:00", "2026-03-29T04:00:00+00:00"),  # an hour is lost in that night
        ("2026-10-24T21:00:00+00:00", "2026-10-25T05:00:00+00:00"),  # an hour comes twice
    ],
)
def test_the_night_ends_by_the_clock_on_the_wall_when_clocks_change(now: str, until: str) -> None:
    berlin = datetime.fromisoformat(now).astimezone(ZoneInfo("Europe/Berlin"))
    found = quiet_until(Preferences(), berlin)
    assert found is not None
    assert found.astimezone(UTC) == datetime.fromisoformat(until)
