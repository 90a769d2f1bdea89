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
    """Calls `work` every tick, when it is woken, and when the instant comes that `soonest` names; one call at a time.

    What other processes bring in is seen at the next tick.
    """

    def __init__(
        self,
        work: Callable[[], int],
        soonest: Callable[[datetime], datetime | None] = lambda now: None,
        seconds: float = TICK_SECONDS,
    ) -> None:
        self._work = work
        self._soonest = soonest
        self._seconds = seconds
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._tick, "interval", seconds=seconds, id="tick", max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._again = Event()
        self._stopping = Event()

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
        self._stopping.set()
        self._again.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _tick(self) -> None:
        try:
            self._again.clear()
            self._work_off()
            while self._awaits_something():
                self._again.clear()
                self._work_off()
        except DatabaseUnavailableError as error:
            LOG.warning("the worker waits for the database: %s", error)
        except Exception:
            LOG.exception("a tick of the worker failed; the next one tries again")

    def _work_off(self) -> None:
        while self._work():
            pass

    def _awaits_something(self) -> bool:
        """Wait within the tick for what falls due before the next one; False where there is nothing to wait for."""
        if self._stopping.is_set():
            return False
        if self._again.is_set():
            return True
        now = datetime.now(UTC)
        instant = self._soonest(now)
        if instant is None or (pause := (instant - now).total_seconds()) >= self._seconds:
            return self._again.is_set()
        self._again.wait(pause)
        return not self._stopping.is_set()


class Tickers:
    """Several tickers that begin, wake and stop together, each in a thread of its own."""

    def __init__(self, *tickers: Ticker) -> None:
        self._tickers = tickers

    def start(self) -> None:
        """Begin to tick."""
        for each in self._tickers:
            each.start()

    def wake(self) -> None:
        """Tick now rather than at the next second."""
        for each in self._tickers:
            each.wake()

    def stop(self) -> None:
        """Finish the ticks at hand and stop."""
        for each in self._tickers:
            each.stop()
