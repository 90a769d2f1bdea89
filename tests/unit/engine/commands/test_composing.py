"""What leaves by which channel: all of it where only its reader sees it, nothing personal elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.commands.composing import Composer
from engine.domain.notice import Attachment, KeptNotice, Notice, Try
from engine.domain.notice_text import plain_sms
from tests.support.told_house import PUBLIC, book

NOW = datetime(2026, 1, 31, 3, 0, tzinfo=UTC)
DATA = {
    "code": "000.05.12.H29-260131-0001",
    "name": "Đặng Thị Ước 😀",
    "procedure": {"vi": "Xác định mức độ khuyết tật", "en": "Degree of disability"},
    "agency": {"vi": "UBND xã Mẫu", "en": "Mẫu commune"},
    "handler": {"vi": "Công chức Văn hóa", "en": "Culture officer"},
    "receiver": "Trần Mai",
    "received_at": NOW.isoformat(),
    "due_at": "2026-02-10T10:00:00+00:00",
    "reason": "thiếu giấy ra viện",
    "status": {"vi": "Được tiếp nhận", "en": "Received"},
    "otp": "482913",
}


def composer() -> Composer:
    return Composer(book=book(), public_url=PUBLIC, zone=ZoneInfo("Asia/Ho_Chi_Minh"), content=lambda sha: sha.encode())


def kept(template: str, tries: tuple[Try, ...] = (), **changes: Any) -> KeptNotice:
    values: dict[str, Any] = {"phone": "0903000111", "email": "uoc@example.vn", "data": DATA, **changes}
    notice = Notice(unit="u", key="k", template=template, created_at=NOW, run_at=NOW, **values)
    return KeptNotice(notice=notice, tries=tries)


@pytest.mark.parametrize("template", sorted(name for name, each in book().templates.items() if not each.secret))
@pytest.mark.parametrize("channel", ["sms", "zalo"])
def test_short_messages_say_code_status_and_the_official_address_only(template: str, channel: str) -> None:
    message = composer().message(kept(template), channel, "vi")
    sent = f"{message.text} {message.params}"
    for personal in ("Đặng", "khuyết tật", "Trần Mai", "thiếu giấy", "482913", "0903", "uoc@"):
        assert personal not in sent
    assert set(message.params) == {"code", "status", "link"}
    assert len(message.params["status"]) <= 30
    assert message.params["link"] == f"{PUBLIC}/cases/{DATA['code']}"
    assert plain_sms(message.text).endswith(message.params["link"]), "nothing of it is cut off"
    assert message.files == ()


def test_a_mail_says_agency_people_and_times() -> None:
    message = composer().message(kept("case_received"), "email", "vi")
    assert message.subject == "Đã tiếp nhận hồ sơ 000.05.12.H29-260131-0001"
    for said in ("UBND xã Mẫu", "Trần Mai", "Công chức Văn hóa", "10:00 ngày 31/01/2026", "17:00 ngày 10/02/2026"):
        assert said in message.text
    english = composer().message(kept("case_received"), "email", "en")
    assert "Mẫu commune" in english.text
    assert "Degree of disability" in english.text


def test_files_go_along_by_mail() -> None:
    files = (Attachment(sha256="ab", name="Giấy xác nhận.pdf"),)
    assert composer().message(kept("result_delivered", attachments=files), "email", "vi").files == ((files[0], b"ab"),)


def test_a_one_time_code_stands_in_its_message_alone() -> None:
    message = composer().message(kept("otp"), "sms", "vi")
    assert plain_sms(message.text).startswith("Ma xac thuc cua anh/chi: 482913. Hieu luc 5 phut.")
    assert len(plain_sms(message.text)) <= 160
    assert "482913" not in str(message.params)


def test_a_secret_link_leads_to_the_official_domain() -> None:
    message = composer().message(kept("password_reset", data={"path": "/quen-mat-khau/abc.def"}), "email", "vi")
    assert f"trong 15 phút.\n{PUBLIC}/quen-mat-khau/abc.def" in message.text


def test_a_template_that_nobody_wrote_says_that_there_is_news() -> None:
    message = composer().message(kept("no_such_template"), "email", "vi")
    assert message.subject.startswith("Hồ sơ 000.05.12.H29-260131-0001 có cập nhật")


def test_what_is_tried_anew_on_purpose_has_another_key_and_a_mere_repeat_has_not() -> None:
    def key(*tries: Try) -> str:
        return composer().message(kept("status", tries), "sms", "vi").key

    later = Try(channel="sms", at=NOW, outcome="later")
    assert key() == key(later)
    assert key(Try(channel="sms", at=NOW, outcome="refused", forgiven=True)) != key()
    assert len(key()) <= 50
