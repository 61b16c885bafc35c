"""What a supervisor says about a report, and what an edit does to that.

Method: review states as ODK Central keeps them and approval as DHIS2 does, joined, with two of their gaps closed:
an edit after verification is a state of its own, and what a supervisor takes out of the sums says so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from .accounts import CLERK, SUPERVISOR
from .audit import AuditEntry, difference
from .doubts import Flag
from .problems import Problem, _
from .recordings import MEASURES, Report
from .texts import check_text

SENT = "sent"
NEEDS_MENDING = "needs_mending"
MENDED = "mended"
VERIFIED = "verified"
CHANGED = "changed"

STATES = {
    SENT: _("terkirim"),
    NEEDS_MENDING: _("perlu diperbaiki"),
    MENDED: _("diperbaiki"),
    VERIFIED: _("diverifikasi"),
    CHANGED: _("berubah setelah diverifikasi"),
}
AWAITING = frozenset({SENT, MENDED, CHANGED})
"""States in which it is the supervisor's turn."""

VERIFY = "verify"
SEND_BACK = "send_back"
EXCLUDE = "exclude"
INCLUDE = "include"
EDIT = "edit"
RESEND = "resend"


class Step(Struct, frozen=True):
    """One arrow: who may go it, where it leads, and whether it must say why."""

    to: str
    roles: frozenset[str]
    comment: bool = False


_REVIEWER = frozenset({SUPERVISOR})
_WRITER = frozenset({CLERK, SUPERVISOR})

STEPS: Mapping[tuple[str, str], Step] = {
    (VERIFY, SENT): Step(VERIFIED, _REVIEWER),
    (VERIFY, MENDED): Step(VERIFIED, _REVIEWER),
    (VERIFY, CHANGED): Step(VERIFIED, _REVIEWER),
    (VERIFY, NEEDS_MENDING): Step(VERIFIED, _REVIEWER, comment=True),
    (SEND_BACK, SENT): Step(NEEDS_MENDING, _REVIEWER, comment=True),
    (SEND_BACK, NEEDS_MENDING): Step(NEEDS_MENDING, _REVIEWER, comment=True),
    (SEND_BACK, MENDED): Step(NEEDS_MENDING, _REVIEWER, comment=True),
    (SEND_BACK, VERIFIED): Step(NEEDS_MENDING, _REVIEWER, comment=True),
    (SEND_BACK, CHANGED): Step(NEEDS_MENDING, _REVIEWER, comment=True),
    (EXCLUDE, NEEDS_MENDING): Step(NEEDS_MENDING, _REVIEWER, comment=True),
    (INCLUDE, NEEDS_MENDING): Step(NEEDS_MENDING, _REVIEWER, comment=True),
    (EDIT, SENT): Step(SENT, _WRITER),
    (EDIT, NEEDS_MENDING): Step(MENDED, _WRITER, comment=True),
    (EDIT, MENDED): Step(MENDED, _WRITER, comment=True),
    (EDIT, VERIFIED): Step(CHANGED, _WRITER, comment=True),
    (EDIT, CHANGED): Step(CHANGED, _WRITER, comment=True),
    **{(RESEND, state): Step(SENT, _WRITER) for state in STATES},
}
"""(deed, state) → the arrow; what is not in here cannot be done. A report that was cancelled begins anew.

That every correction gives a reason is the daily report's own rule; it is repeated here where a review hangs on it.
"""

FIELDS = frozenset({"", "kind", "nihil_reason", "homes", "note", *(m.name for m in MEASURES)})
"""What a reviewer can point at; "" is the whole report."""

WRITES = frozenset({"recordings.send", "recordings.correct", "recordings.cancel", "proposals.accept"})
"""Deeds of the ledger that make a new version of a report, each exactly one."""

SAID = frozenset({"recordings.send", "recordings.correct", "proposals.hand_in"})
"""Deeds by which somebody states figures: who did one never verifies the report. Letting a proposal in states none."""


class Reviewed(Struct, frozen=True):
    """How many reports of a total were verified, and how many a supervisor took out of the sum."""

    verified: int = 0
    reports: int = 0
    excluded: int = 0

    def __add__(self, other: "Reviewed") -> "Reviewed":
        return Reviewed(self.verified + other.verified, self.reports + other.reports, self.excluded + other.excluded)


def counted(marks: Iterable[Any]) -> Reviewed:
    """Of standing reports (reports or their marks): how many are verified, how many left out."""
    marks = list(marks)
    return Reviewed(sum(m.review_state == VERIFIED for m in marks), len(marks), sum(bool(m.excluded) for m in marks))


def after_edit(state: str, *, stood: bool) -> str:
    """The state of a report once somebody has written to it; one that did not stand (cancelled) begins anew."""
    return STEPS[EDIT if stood else RESEND, state].to


def check_step(
    deed: str, report: Report, role: str, hands: Collection[str], who: str, field: str, comment: str
) -> list[Problem]:
    """Every rule a step of review breaks. ``hands`` are the usernames of all who ever wrote this report.

    Nobody verifies what he wrote or edited himself: four eyes, as DHIS2's approval and the office's own paper ask.
    """
    step = STEPS.get((deed, report.review_state))
    if step is None or role not in step.roles or not report.stands:
        return [
            Problem(
                "",
                _("Langkah ini tidak dapat dilakukan pada laporan yang %(state)s."),
                {"state": STATES[report.review_state]},
            )
        ]
    if deed == VERIFY and who in hands:
        return [Problem("", _("Laporan yang Anda tulis atau perbaiki sendiri diverifikasi oleh pengawas lain."))]
    if deed in (EXCLUDE, INCLUDE) and report.excluded == (deed == EXCLUDE):
        return [Problem("", _("Sudah begitu: tidak ada yang berubah."))]
    problems = []
    if deed == SEND_BACK and field not in FIELDS:
        problems.append(Problem("field", _("Pilih bagian yang perlu diperbaiki.")))
    required = _("Tulis alasannya, supaya petugas tahu apa yang diminta.") if step.comment else ""
    return problems + check_text("comment", comment, required=required)


def clean(report: Report, flags: Sequence[Flag], *, own: bool) -> bool:
    """Whether a report may be verified together with others, unseen one by one: nothing asked, nothing own."""
    return report.stands and report.review_state in AWAITING and not flags and not own


def hands_of(entries: Iterable[AuditEntry]) -> frozenset[str]:
    """Usernames of all who ever stated this report's figures."""
    return frozenset(e.account for e in entries if e.deed in SAID)


def _merged(entries: Iterable[AuditEntry]) -> dict[str, tuple[Any, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for entry in entries:
        for field, (old, new) in entry.changes.items():
            before.setdefault(field, old)
            after[field] = new
    return difference(before, after)


def changes_since_version(entries: Sequence[AuditEntry], version: int) -> dict[str, tuple[Any, Any]]:
    """What changed in a report after ``version``, oldest value to newest; ``entries`` are its history, oldest first."""
    return _merged([e for e in entries if e.deed in WRITES][version:])


def changes_since_review(entries: Sequence[AuditEntry]) -> dict[str, tuple[Any, Any]]:
    """What changed in a report after a supervisor last looked at it (verified it, or sent it back).

    ``entries`` are its history, oldest first; nothing for a report that nobody has looked at.
    """
    looked = ("reviews.verify", "reviews.send_back")
    last = max((n for n, e in enumerate(entries) if e.deed in looked), default=len(entries))
    return _merged(e for e in entries[last + 1 :] if e.deed in WRITES)
