"""A leader's own key at work: it is open while one act lasts, and signs what waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from engine.commands.bus import Bus
from engine.commands.job_types import perform
from engine.commands.leading_messages import RecordSignature
from engine.commands.signer import signing_groups, unit_signed_by
from engine.commands.spreader import said
from engine.domain.actor import Actor
from engine.domain.case import Case, Job
from engine.domain.errors import DatabaseUnavailableError, DomainError, RuleError
from engine.domain.records import replace
from engine.domain.signing_key import KeyLockedError, SigningKey
from engine.ports import Ports, Signing

IDLE = 50  # rounds without anything to sign, of a tenth of a second: then the papers are left for later
PAPERS = ("document.issue", "document.sign")


class StillMadeError(DomainError):
    """Đã duyệt, nhưng văn bản còn đang lập; ký số sau ở mục Chờ số PIN. | Approved, but the paper is still being made;
    sign it later, where the PIN is waited for."""

    code = "still_made"


class Signatures:
    """Says which key is whose, and signs with the opened one. `pause` is called while workers make the papers."""

    def __init__(self, ports: Ports, bus: Bus) -> None:
        self._ports = ports
        self._bus = bus
        self.pause: Callable[[], object] = partial(time.sleep, 0.1)

    def key(self, actor: Actor) -> SigningKey | None:
        """The key that signs for the actor now; None where the house signs without keys. NoKeyError."""
        ports = self._ports
        if ports.keys is None:
            return None
        acting = actor.acting_in(tuple(signing_groups(ports)))
        unit = unit_signed_by(ports, actor.unit, actor.id, acting.on_behalf_of, ports.clock.now())
        return ports.keys.key("leader", str(unit["signer_name"]))

    def all(self) -> Sequence[SigningKey]:
        """Every key of the house."""
        return self._ports.keys.all() if self._ports.keys else ()

    def check(self, actor: Actor, key: SigningKey) -> None:
        """KeyOwnerError, KeyWindowError: looked at before a PIN is asked."""
        key.check_owner(actor.id)
        key.check_window(self._ports.clock.now())

    def opened(self, actor: Actor, key: SigningKey, pin: str) -> Signing:
        """The actor's own key, open for as long as the answer is held; WrongPinError, KeyOwnerError, KeyWindowError."""
        self.check(actor, key)
        if self._ports.keys is None:
            raise KeyLockedError(signer=key.signer)
        return self._ports.keys.opened(key, pin)

    def finish(self, actor: Actor, case_ids: Sequence[str], signing: Signing) -> Mapping[str, DomainError | None]:
        """Sign what waits for the actor's PIN in each of these cases, as soon as its paper is made: why not, by case.

        What could not be signed waits on, and is signed another time.
        """
        told: dict[str, DomainError | None] = {}
        left, idle = list(dict.fromkeys(case_ids)), 0
        while left:
            signed = [case_id for case_id in left if self._try(actor, case_id, signing, told)]
            left, idle = [case_id for case_id in left if case_id not in signed], 0 if signed else idle + 1
            if left and idle >= IDLE:
                return told | dict.fromkeys(left, StillMadeError())
            if left:
                self.pause()
        return told

    def _try(self, actor: Actor, case_id: str, signing: Signing, told: dict[str, DomainError | None]) -> bool:
        """Whether the case is dealt with, for better or worse."""
        case = self._ports.store.case(actor.unit, case_id)
        job = next((one for one in case.jobs.values() if one.awaits == actor.id), None) if case else None
        if case is None or any(one.type in PAPERS and one is not job for one in case.jobs.values()):
            return False
        told[case_id] = self._sign(actor, case, job, signing) if job else _as_it_is(case)
        return True

    def _sign(self, actor: Actor, case: Case, job: Job, signing: Signing) -> DomainError | None:
        try:
            outcome = perform(replace(self._ports, signing=signing), case, job, self._ports.clock.now())
            command = RecordSignature(unit=case.unit, case_id=case.id, key=job.key, outcome=outcome)
            self._bus.handle(command, actor, f"pin/{case.id}/{job.key}/{self._ports.ids.new()}")
        except DatabaseUnavailableError:
            raise
        except DomainError as error:
            return error
        except Exception as error:  # whatever a token or a time-stamper does must not keep the others from their turn
            return RuleError(reason=said(error), reason_en=said(error))
        return None


def _as_it_is(case: Case) -> DomainError | None:
    """Of a case in which nothing is left to sign: it was signed, by this very form perhaps, which was sent twice."""
    return None if case.results and case.results[-1]["signatures"] else StillMadeError()
