"""The database goes away while an officer types: said plainly, nothing lost, the same request once more acts once.

With EVERY=1 it stays away for half a minute, in which the officer goes on trying.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from engine.commands.messages import ClaimTask
from tests.support.desk import UNIT, officer, open_desk
from tests.support.followed import HAPPY, Followed, open_of
from tests.support.postgres import free_port, server

AWAY = 30 if os.environ.get("EVERY") == "1" else 0  # seconds
BETWEEN = 3
TICKED = dict.fromkeys(("registers_searched", "identity_checked", "competence_checked"), "true")


@pytest.mark.postgres
def test_words_typed_while_the_database_was_away_are_kept_and_recorded_once(tmp_path: Path) -> None:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("this stops and starts a PostgreSQL of its own")
    port = free_port()
    with server(port=port) as running:
        desk = open_desk(tmp_path, f"postgresql://postgres@127.0.0.1:{port}/postgres")
        followed = Followed(desk)
        case = followed.play(HAPPY, 1)
        mai, key = followed.person("mai", "justice_officer"), open_of(case, "review_application").key
        claim = ClaimTask(unit=UNIT, case_id=case.id, key=key)
        followed.app.handle(claim, officer("justice_officer", name="mai"), "claim")
        address = f"/can-bo/ho-so/{case.id}/viec?key={key.replace('#', '%23')}"
        mai.get(address)
        typed = {**TICKED, "decision": "certify", "signer_note": "Gõ lúc mất mạng"}
        running.stop()
        gone = time.monotonic()
        saving = mai.client.post(address, data={**mai.own(), "_action": "autosave", **typed})
        assert saving.status_code == 503  # the page goes on trying by itself, and says so
        own = mai.own()
        page = mai.post(address, {**own, "_action": "complete", **typed}, 503).text
        assert "Gõ lúc mất mạng" in page
        assert mai.hidden("_key") == own["_key"]
        assert mai.hidden("_action") == "complete"
        tries = 0
        while not tries or time.monotonic() - gone < AWAY:
            assert "Gõ lúc mất mạng" in mai.post(address, {**own, "_action": "complete", **typed}, 503).text
            tries += 1
            time.sleep(BETWEEN if AWAY else 0)
        running.start()
        mai.post(address, {**own, "_action": "complete", **typed})
        mai.post(address, {**own, "_action": "complete", **typed})
        done = [link.event for link in followed.app.store.events(case.id) if link.event.tag == "task:completed"]
        assert [getattr(event, "key", "") for event in done].count(key) == 1
        assert done[-1].data["signer_note"] == "Gõ lúc mất mạng"  # type: ignore[attr-defined]  # a completion
        desk.app.store.close()
