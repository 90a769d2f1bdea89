"""Acting for somebody else for a time: a leader's deputy, a substitute for who is away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from engine.domain.access import READ_ONLY
from engine.domain.actor import Actor, Standing
from engine.domain.errors import DomainError
from engine.domain.records import replace
from engine.domain.registration import Problem, ProblemsError
from engine.domain.staffing import Officer

Kind = Literal["acting", "leave"]
KINDS: tuple[Kind, ...] = ("acting", "leave")
TEXT, TITLE = 300, 60  # the longest basis or reason, and the longest line of a title


class MandateProblemsError(ProblemsError):
    """Có {count} mục cần sửa. | {count} fields need attention."""

    code = "mandate_problems"


class MandateOverError(DomainError):
    """Ủy quyền này đã hết hạn hoặc đã được thu hồi. | This mandate has ended or was revoked before."""

    code = "mandate_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRules:
    """What the house allows: groups in which nobody acts for another, groups whose members sign, the longest time."""

    never: frozenset[str]
    signers: frozenset[str]
    longest_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """`deputy` acts for `principal` in `groups` from `starts_at` until before `ends_at`, or until it is revoked.

    `acting`, `title` and `signer` are what papers bear: "KT. Chủ tịch", "Phó Chủ tịch", the deputy's name.
    """

    unit: str
    id: str
    kind: Kind
    principal: str
    deputy: str
    groups: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    basis: str
    acting: str
    title: str
    signer: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""
    reason: str = ""

    @property
    def end(self) -> datetime:
        """The first instant at which it no longer holds."""
        return self.ends_at if self.revoked_at is None else min(self.ends_at, self.revoked_at)

    def runs(self, at: datetime) -> bool:
        """Whether it holds at the instant."""
        return self.starts_at <= at < self.end

    def meets(self, other: Mandate) -> bool:
        """Whether there is an instant at which both hold."""
        return max(self.starts_at, other.starts_at) < min(self.end, other.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMandate:
    """What was typed about a mandate; both days count as a whole."""

    kind: str
    principal: str
    deputy: str
    groups: frozenset[str]
    first: date | None
    last: date | None
    basis: str = ""
    acting: str = ""
    title: str = ""


def problems_of(
    wanted: WantedMandate, people: Mapping[str, Officer], rules: MandateRules, *, by: str, today: date
) -> list[Problem]:
    """What is wrong with a wish; `people`: the officers of the unit by id."""
    return [*_of_people(wanted, people, rules, by), *_of_days(wanted, rules, today), *_of_words(wanted, rules)]


def _of_people(wanted: WantedMandate, people: Mapping[str, Officer], rules: MandateRules, by: str) -> Iterable[Problem]:
    principal, deputy = people.get(wanted.principal), people.get(wanted.deputy)
    if principal is None:
        yield Problem("principal", "Hãy chọn người được làm thay.", "Choose for whom somebody acts.")
    if deputy is None or deputy.lock is not None or deputy.groups <= READ_ONLY:
        yield Problem(
            "deputy", "Hãy chọn người làm thay còn đăng nhập được.", "Choose a deputy who can sign in and act."
        )
    elif principal is not None and deputy.id == principal.id:
        yield Problem("deputy", "Không ai làm thay chính mình.", "Nobody acts for themselves.")
    elif deputy.id == by:
        vi = "Không tự ghi quyền làm thay cho chính mình; hãy nhờ người khác ghi."
        yield Problem("deputy", vi, "You may not record a mandate for yourself; ask somebody else.")
    if principal is not None:
        yield from _of_groups(wanted.groups, principal.groups, rules.never)


def _of_groups(wanted: frozenset[str], own: frozenset[str], never: Collection[str]) -> Iterable[Problem]:
    if not wanted:
        yield Problem("groups", "Hãy chọn ít nhất một nhóm việc.", "Choose one group at least.")
    elif not wanted <= own:
        yield Problem("groups", "Người được làm thay không thuộc nhóm đã chọn.", "The person is not in that group.")
    elif wanted & set(never):
        vi = "Nhóm quản trị, kiểm tra không giao cho người làm thay."
        yield Problem("groups", vi, "Administration and audit are not handed to a deputy.")


def _of_days(wanted: WantedMandate, rules: MandateRules, today: date) -> Iterable[Problem]:
    first, last = wanted.first, wanted.last
    if first is None or first < today:
        yield Problem("first", "Hãy nhập ngày bắt đầu, từ hôm nay trở đi.", "Enter a first day, today or later.")
    if last is None:
        yield Problem("last", "Hãy nhập ngày kết thúc.", "Enter the last day.")
    elif first is not None and last < first:
        yield Problem("last", "Ngày kết thúc ở trước ngày bắt đầu.", "The last day lies before the first.")
    elif first is not None and (last - first).days >= rules.longest_days:
        vi = f"Thời gian làm thay dài nhất là {rules.longest_days} ngày."
        yield Problem("last", vi, f"A mandate lasts {rules.longest_days} days at most.")


def _of_words(wanted: WantedMandate, rules: MandateRules) -> Iterable[Problem]:
    if wanted.kind not in KINDS:
        yield Problem("kind", "Hãy chọn lý do làm thay.", "Choose why somebody acts.")
    if not 0 < len(wanted.basis) <= TEXT:
        vi = f"Hãy ghi văn bản làm căn cứ, nhiều nhất {TEXT} ký tự."
        yield Problem("basis", vi, f"Name the paper it is based on, at most {TEXT} signs.")
    if wanted.groups & rules.signers and not wanted.title:
        yield Problem("title", "Hãy ghi chức vụ in dưới chữ ký.", "Enter the title printed with the signature.")
    for name, text in (("acting", wanted.acting), ("title", wanted.title)):
        if len(text) > TITLE or not text.isprintable():
            yield Problem(name, f"Nhiều nhất {TITLE} ký tự, một dòng.", f"At most {TITLE} signs on one line.")


def made(wanted: WantedMandate, deputy: Officer, *, id: str, by: str, now: datetime) -> Mandate:
    """The mandate of a wish without problems; its days are days of the zone of `now`."""
    if wanted.first is None or wanted.last is None or wanted.kind not in KINDS:
        raise ValueError("a wish with problems")
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = (_on(midnight, day) for day in (wanted.first, wanted.last + timedelta(days=1)))
    people = {"principal": wanted.principal, "deputy": wanted.deputy, "made_by": by}
    words = {"basis": wanted.basis, "acting": wanted.acting, "title": wanted.title, "signer": deputy.name}
    kind: Kind = "acting" if wanted.kind == "acting" else "leave"
    own: Mapping[str, Any] = {"unit": deputy.unit, "id": id, **people, **words}
    return Mandate(kind=kind, groups=wanted.groups, starts_at=start, ends_at=end, made_at=now, **own)


def _on(midnight: datetime, day: date) -> datetime:
    return midnight.replace(year=day.year, month=day.month, day=day.day)


def in_the_way(new: Mandate, others: Iterable[Mandate], names: Mapping[str, str]) -> list[Problem]:
    """Why it cannot stand beside the others: somebody acts for the same person then, or the deputy is away."""
    meeting = [one for one in others if one.id != new.id and new.meets(one)]
    found = []
    for one in meeting:
        who, until = names.get(one.deputy, one.deputy), f"{one.end - timedelta(seconds=1):%d/%m/%Y}"
        if one.principal == new.principal and one.groups & new.groups:
            vi = f"{who} đã được giao làm thay trong thời gian này (đến hết {until}); hãy thu hồi trước."
            found.append(Problem("first", vi, f"{who} acts already in that time (until {until}); revoke that first."))
        if one.kind == "leave" and one.principal == new.deputy:
            vi = f"Người làm thay cũng vắng mặt đến hết {until}; hãy chọn người khác."
            found.append(Problem("deputy", vi, f"The deputy is away too, until {until}; choose somebody else."))
        if new.kind == "leave" and one.deputy == new.principal:
            vi = f"Người này đang được giao làm thay người khác đến hết {until}; hãy thu hồi trước."
            found.append(Problem("principal", vi, f"This person acts for somebody until {until}; revoke that first."))
    return found


def revoked(mandate: Mandate, *, by: str, reason: str, now: datetime) -> Mandate:
    """It no longer holds from now on; one that has not begun never will. MandateOverError, MandateProblemsError."""
    if now >= mandate.end:
        raise MandateOverError()
    if not 0 < len(reason) <= TEXT:
        vi = f"Hãy ghi lý do thu hồi, nhiều nhất {TEXT} ký tự."
        raise MandateProblemsError([Problem("reason", vi, f"Give a reason of at most {TEXT} signs.")])
    return replace(mandate, revoked_at=now, revoked_by=by, reason=reason)


def empowered(actor: Actor, running: Iterable[tuple[Mandate, Officer]], signers: Collection[str] = ()) -> Actor:
    """The actor with what is lent at this moment: by each running mandate, of groups its principal still is in."""
    found = []
    for mandate, principal in running:
        groups = mandate.groups & principal.groups
        signs = bool(mandate.title) and bool(groups & set(signers))
        found.append(
            Standing(
                principal=principal.id,
                name=principal.name,
                groups=groups,
                lent=groups - actor.groups,
                until=mandate.end,
                signs=signs,
            )
        )
    if not found:
        return actor
    return replace(actor, standings=tuple(found), groups=actor.groups.union(*(one.lent for one in found)))
