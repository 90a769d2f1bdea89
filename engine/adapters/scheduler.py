"""APScheduler as a ticker: it only wakes the claimers; no job is ever stored in it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler

from engine.domain.errors import DatabaseUnavailableError

LOG = logging.getLogger("motcua.worker")
TICK_SECONDS = 1.0


class Ticker:
    """Calls `work` every tick, and at once when it is woken; one call at a time."""

    def __init__(self, work: Callable[[], int], seconds: float = TICK_SECONDS) -> None:
        self._work = work
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._tick, "interval", seconds=seconds, id="tick", max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._again = Event()

    def start(self) -> None:
        """Begin to tick."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is still busy is no news
        self._scheduler.start()

    def wake(self) -> None:
        """Tick now rather than at the next second."""
        self._again.set()
        if self._scheduler.running:
            soon = datetime.now(UTC) + timedelta(milliseconds=1)
            self._scheduler.modify_job("tick", next_run_time=soon)

    def stop(self) -> None:
        """Finish the tick at hand and stop."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _tick(self) -> None:
        try:
            self._again.set()
            while self._again.is_set():
                self._again.clear()
                while self._work():
                    pass
        except DatabaseUnavailableError as error:
            LOG.warning("the worker waits for the database: %s", error)
        except Exception:
            LOG.exception("a tick of the worker failed; the next one tries again")
