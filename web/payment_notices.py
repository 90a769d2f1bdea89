"""A provider's notice, verified and booked: one path for the real address and for the stand-in."""

from __future__ import annotations

from collections.abc import Mapping

from engine.commands.messages import RecordPayment
from engine.domain.actor import system
from engine.domain.errors import ForbiddenError
from web.house import house


def receive(fields: Mapping[str, str]) -> bool:
    """Book the payment of a genuine notice, once; False when the payer gave up. ForbiddenError when not genuine."""
    notice = house().payments.check_notice(fields)
    if notice is None:
        raise ForbiddenError(what="notice")
    if not notice["paid"]:
        return False
    unit, provider = house().settings.unit, house().payments.name
    command = RecordPayment(
        unit=unit,
        order=str(notice["order"]),
        case_code=str(notice["case_code"]),
        provider=provider,
        amount=int(notice["amount"]),
        reference=str(notice["reference"]),
    )
    house().handle(command, system(unit, provider), f"payment:{provider}:{notice['order']}:{notice['reference']}")
    return True
