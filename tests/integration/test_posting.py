"""A result by post: announced to the service, its number filled in, followed until it arrives or is lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.clock import SteppedClock
from engine.adapters.db import SqlParcels, SqlStore, open_store
from engine.bootstrap import build
from engine.domain.case import Case
from engine.domain.parcel import Parcel
from engine.settings import Settings
from tests.support.desk import OPENING, ROOT, UNIT, Desk, stage
from tests.support.followed import Followed, open_of
from tests.support.standins import standing
from web.standins.book import Book
from web.standins.post import POST, create_post
from web.standins.stage import Stage

SECRET = "s" * 32


@contextmanager
def connected(home: Path) -> Iterator[tuple[Followed, Book]]:
    """A house with a postal service that is stood in for."""
    book = Book([POST])
    section = {"key": "k" * 32, "callback_secret": SECRET, "callback": "http://127.0.0.1:9/"}
    maker = Stage(settings=settings(home, home), connectors={"post": section}, book=book)
    with standing(create_post(maker)) as address:
        lines = [f'{name} = "{value}"' for name, value in {**section, "url": address}.items()]
        (home / "connectors.toml").write_text("[post]\nstandin = true\n" + "\n".join(lines), encoding="utf-8")
        shutil.copyfile(stage(), home / "motcua.db")
        clock = SteppedClock(OPENING)
        app = build(settings(home, home / "connectors.toml"), clock=clock, migrate=False)
        yield Followed(Desk(app, clock)), book
        app.store.close()


def settings(home: Path, connectors: Path) -> Settings:
    return Settings(
        home=home,
        database_url=f"sqlite:///{home / 'motcua.db'}",
        catalog=ROOT / "catalog",
        unit=UNIT,
        demo=True,
        secure_cookies=False,
        connectors=connectors,
    )


def posted(followed: Followed) -> Case:
    """A case whose result waits to be posted."""
    for path in sorted((ROOT / "catalog").glob("*/tests/*.toml")):
        text = path.read_text(encoding="utf-8")
        if 'complete = "send_by_post"' in text:
            before = text.split('complete = "send_by_post"')[0].count("[[step]]") - 1
            return followed.play(path, steps=before)
    raise AssertionError("no scenario posts anything")


def sign(body: bytes) -> str:
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def test_the_desk_has_the_number_filled_in_and_the_applicant_sees_how_far_it_is(tmp_path: Path) -> None:
    with connected(tmp_path) as (followed, book):
        case = posted(followed)
        task = open_of(case, "send_by_post")
        clerk = followed.person("clerk", *task.groups)
        address = f"/can-bo/ho-so/{case.id}/viec?key=" + task.key.replace("#", "%23")
        clerk.get(address)
        clerk.post(address, {"_action": "claim"})
        assert "Tạo vận đơn" in clerk.get(address)
        for _ in range(2):  # a second click is the same parcel
            clerk.get(address)
            clerk.post(f"/can-bo/ho-so/{case.id}/van-don", {"key": task.key})
        assert 'value="EV000000001VN"' in clerk.get(address)
        assert [entry.what for entry in book.entries()] == ["shipment"]
        posting = followed.app.following.posting
        states = []
        for _ in range(4):
            posting.ask(followed.app.clock.now())
            states += [one.state for one in posting.of_case(followed.case(case.id))]
        assert states == ["accepted", "moving", "delivered", "delivered"]
        account = case.applicant.get("account")
        if account:
            assert "EV000000001VN" in followed.person(str(account)).get(f"/ho-so/{case.id}")


def test_a_service_that_refuses_says_so_and_nothing_is_lost(tmp_path: Path) -> None:
    with connected(tmp_path) as (followed, book):
        case = posted(followed)
        task = open_of(case, "send_by_post")
        clerk = followed.person("clerk", *task.groups)
        address = f"/can-bo/ho-so/{case.id}/viec?key=" + task.key.replace("#", "%23")
        clerk.get(address)
        clerk.post(address, {"_action": "claim"})
        for mood in ({"refuse": True}, {"refuse": False, "lie": "garbage"}):
            book.turn("post", **mood)
            clerk.get(address)
            clerk.post(f"/can-bo/ho-so/{case.id}/van-don", {"key": task.key})
            assert "Bưu chính hiện không nhận yêu cầu" in clerk.get(address)
        assert followed.app.following.posting.of_case(case) == []


def test_only_the_service_itself_tells_a_state_and_none_comes_after_the_end(tmp_path: Path) -> None:
    with connected(tmp_path) as (followed, _):
        parcels = SqlParcels(followed.app.store)
        parcels.add(parcel("EV1VN"))
        client = followed.flask.test_client()

        def tell(state: str, signature: str | None = None) -> Any:
            body = json.dumps({"number": "EV1VN", "state": state}).encode()
            headers = {"X-Signature": sign(body) if signature is None else signature}
            return client.post("/api/post/state", data=body, headers=headers)

        assert tell("lost", "0" * 64).status_code == 403
        assert [tell(state).json["moved"] for state in ("moving", "accepted", "lost", "delivered")] == [
            True,
            False,
            True,
            False,
        ]
        assert [one.state for one in parcels.of_case(UNIT, "case1")] == ["lost"]


def parcel(number: str, **more: Any) -> Parcel:
    values: dict[str, Any] = {"unit": UNIT, "case_id": "case1", "task": "post#1", "number": number, "name": "Lan"}
    return Parcel(**{**values, "phone": "0903", "address": "12 ấp 3", "state": "created", "at": OPENING, **more})


def test_a_house_without_a_postal_service_types_the_number_in(tmp_path: Path) -> None:
    shutil.copyfile(stage(), tmp_path / "motcua.db")
    (tmp_path / "none.toml").write_text("", encoding="utf-8")
    clock = SteppedClock(OPENING)
    app = build(settings(tmp_path, tmp_path / "none.toml"), clock=clock, migrate=False)
    assert not app.following.posting.connected
    assert app.following.posting.ask(clock.now()) == 0
    app.store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    found = open_store(request.getfixturevalue(f"deployed_{request.param}_url"))
    yield found
    found.close()


def test_the_parcel_of_a_task_is_kept_once(store: SqlStore) -> None:
    parcels = SqlParcels(store)
    parcels.add(parcel("EV1VN"))
    parcels.add(parcel("EV2VN"))
    assert [one.number for one in parcels.of_case(UNIT, "case1")] == ["EV1VN"]
    assert parcels.on_their_way(UNIT) == [parcel("EV1VN")]
    assert not parcels.tell(UNIT, "EV9VN", "moving", OPENING)
