"""What the items of the score of QĐ 766 count: each formula tells which cases, procedures or complaints meet it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engine.domain import timeliness
from engine.domain.case_facts import CaseFacts
from engine.domain.score_basis import Basis, ComplaintFacts, Counted

Formula = Callable[[Basis], Counted]


def in_time(basis: Basis) -> Counted:
    """2.1: of all that was received or worked on, what was done in time or still runs within its term."""
    return _cases((x, timeliness.kept(x, basis.end, basis.calendar)) for x in basis.cases)


def offered_online(basis: Basis) -> Counted:
    """3.1: procedures that may be filed online."""
    return _named("procedures", ((x.code, x.online) for x in basis.procedures))


def used_online(basis: Basis) -> Counted:
    """3.2: of procedures that may be filed online, those with a case filed online in the period."""
    used = {x.procedure for x in basis.received if x.channel == "online"}
    return _named("procedures", ((x.code, x.code in used) for x in basis.procedures if x.online))


def filed_online(basis: Basis) -> Counted:
    """3.3: cases filed online, with an electronic result where a document is due."""
    return _cases((x, x.channel == "online" and (not x.paper_result or x.outcome(basis.end))) for x in basis.received)


def fees_payable_online(basis: Basis) -> Counted:
    """3.5: of procedures with fees, those whose fees may be paid online."""
    return _named("procedures", ((x.code, x.pays_online) for x in basis.procedures if x.fee))


def paid_online(basis: Basis) -> Counted:
    """3.6: of cases with a fee above zero, those paid through a provider."""
    return _cases((x, x.paid_online(basis.end)) for x in basis.received if x.fee_due(basis.end))


def electronic_result(basis: Basis) -> Counted:
    """4.1: of cases that end with a document, those with a signed file."""
    return _cases((x, x.outcome(basis.end)) for x in basis.received if x.paper_result)


def digitised(basis: Basis) -> Counted:
    """4.2: cases with a digitised paper, and with an electronic result where a document is due."""
    return _cases((x, _digitised(x, basis)) for x in basis.received)


def national_identity(basis: Basis) -> Counted:
    """4.5: cases filed with an account that is proven well enough."""
    return _cases((x, x.assurance >= basis.assured_from) for x in basis.received)


def answered_in_time(basis: Basis) -> Counted:
    """5.2: complaints that were answered in time, or still may be."""
    return _named("complaints", ((x.id, not _overdue(x, basis)) for x in basis.complaints))


def content_with_answers(basis: Basis) -> Counted:
    """5.3: complaints that were neither answered late nor brought up again."""
    again = {x.id for x in basis.complaints if x.case_id and _repeated(x, basis.complaints)}
    pairs = ((x.id, not _overdue(x, basis) and x.id not in again) for x in basis.complaints)
    return _named("complaints", pairs)


def satisfied(basis: Basis) -> Counted:
    """5.4: all cases less those that are late and those with a complaint or a dislike; what is both is less twice."""
    complained = {x.case_id for x in basis.complaints if x.case_id}
    late = [x.code for x in basis.cases if not timeliness.kept(x, basis.end, basis.calendar)]
    bad = [x.code for x in basis.cases if x.case_id in complained or _disliked(x, basis)]
    total, missed = len(basis.cases), sorted({*late, *bad})
    hits = max(total - len(late) - len(bad), 0)
    met = sorted({x.code for x in basis.cases} - set(missed))
    return Counted(of="cases", hits=hits, total=total, met=tuple(met), missed=tuple(missed))


def _digitised(facts: CaseFacts, basis: Basis) -> bool:
    return facts.digitised(basis.end) and (not facts.paper_result or facts.outcome(basis.end))


def _disliked(facts: CaseFacts, basis: Basis) -> bool:
    rating = facts.rating(basis.end)
    return rating is not None and rating <= basis.disliked_at_most


def _overdue(complaint: ComplaintFacts, basis: Basis) -> bool:
    answered = complaint.answered_at
    return (answered if answered is not None and answered < basis.end else basis.end) > complaint.limit


def _repeated(complaint: ComplaintFacts, among: Iterable[ComplaintFacts]) -> bool:
    answered = complaint.answered_at
    return answered is not None and any(
        other.case_id == complaint.case_id and other.filed_at > answered for other in among
    )


def _cases(pairs: Iterable[tuple[CaseFacts, bool]]) -> Counted:
    return _named("cases", ((x.code, met) for x, met in pairs))


def _named(of: str, pairs: Iterable[tuple[str, bool]]) -> Counted:
    met, missed = list[str](), list[str]()
    for name, is_met in pairs:
        (met if is_met else missed).append(name)
    return Counted(
        of=of, hits=len(met), total=len(met) + len(missed), met=tuple(sorted(met)), missed=tuple(sorted(missed))
    )


FORMULAS: Mapping[str, Formula] = {
    "in_time": in_time,
    "offered_online": offered_online,
    "used_online": used_online,
    "filed_online": filed_online,
    "fees_payable_online": fees_payable_online,
    "paid_online": paid_online,
    "electronic_result": electronic_result,
    "digitised": digitised,
    "national_identity": national_identity,
    "answered_in_time": answered_in_time,
    "content_with_answers": content_with_answers,
    "satisfied": satisfied,
}
