"""Sending, correcting and cancelling a daily report."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ..domain.accounts import require_point
from ..domain.areas import OUTSIDE, Office
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.doubts import Flag
from ..domain.locks import Locked
from ..domain.problems import EXISTS, STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.recordings import Entry, Report, as_kept, check_day
from ..domain.rules import check
from ..domain.submissions import Submission
from ..domain.texts import check_text
from ..storage import ledger, questions, recordings
from ..storage.database import Tx
from .locks import lock_of
from .sending import Sender, once

KIND = "report"


def object_id(point_code: str, service_date: date) -> str:
    """How a report is named in the ledger."""
    return f"{point_code}/{service_date}"


def said(entry: Entry) -> dict[str, Any]:
    """An entry as a flat list of fields, for the audit difference and for comparing two versions."""
    homes = {f"home-{code}": number for code, number in entry.homes.items()}
    return {"kind": entry.kind, "nihil_reason": entry.nihil_reason, **entry.counts, **homes, "note": entry.note}


def send(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    point_code: str,
    service_date: date,
    entry: Entry,
    version: int,
    reason: str = "",
    flags: Sequence[Flag] = (),
) -> Submission:
    """Keep the report of a point and day; ``version`` 0 means a first report, otherwise the one being corrected.

    Afterwards row, receipt, audit entry and ``flags`` (what was doubtful, see questions) are kept together. Raises
    Unknown outside the person's area, Invalid with every broken rule, Locked when the day has closed for the person,
    Conflict when a report exists (EXISTS) or was changed meanwhile (STALE).
    """
    require_point(sender.doer, "recordings.write", point_code)
    point = office.points.get(point_code)
    if point is None:
        raise Unknown(point_code)
    entry = as_kept(entry) if not (problems := problems_of(sender, office, point_code, service_date, entry)) else entry
    body = {
        "point": point_code,
        "day": service_date,
        "version": version,
        "reason": reason.strip(),
        **said(entry),
    }

    def make() -> str:
        kept = recordings.find(tx, point_code, service_date)
        if sender.by is None:  # a supervisor who lets a late one in is its exception himself
            lock = lock_of(tx, office, sender.account, point, service_date, kept, sender.at)
            if not lock.open:
                # What is handed in late must be sound as well, so broken rules are told first.
                raise Invalid(problems) if problems else Locked(lock, kept)
        if kept is not None and kept.version != version and not (version == 0 and not kept.stands):
            raise Conflict(STALE if version else EXISTS, kept)
        if kept is None and version:
            raise Unknown(point_code)
        required = _("Tulis alasan perbaikan.") if kept is not None and kept.stands else ""
        problems.extend(check_text("reason", reason, required=required))
        if problems:
            raise Invalid(problems)
        report_id = _keep(tx, sender, kept, point_code, service_date, entry, reason.strip())
        questions.keep_flags(tx, report_id, kept.version + 1 if kept else 1, flags, sender.account.id, sender.at)
        return object_id(point_code, service_date)

    def withdrawn(_known: Submission) -> bool:
        kept = recordings.find(tx, point_code, service_date)
        return kept is not None and not kept.stands

    return once(tx, sender, submission_id, KIND, body, make, withdrawn, touched=(ledger.DATA,))


def problems_of(sender: Sender, office: Office, point_code: str, service_date: date, entry: Entry) -> list[Problem]:
    """Every hard rule that a report breaks, of its day and of what it says."""
    point = office.points[point_code]
    problems = check_day(service_date, office_day(sender.at), point.active_from)
    if not problems and not point.active(service_date):
        problems = [Problem("service_date", _("Titik layanan ini tidak aktif pada tanggal itu."))]
    return problems + check(entry, {*office.kecamatan, OUTSIDE})


def _keep(
    tx: Tx,
    sender: Sender,
    kept: Report | None,
    point_code: str,
    service_date: date,
    entry: Entry,
    reason: str,
) -> int:
    """Keep the entry with its line in the log; returns the id of the report."""
    if kept is None:
        who, at, captured = sender.account.id, sender.at, sender.captured_at
        report_id = recordings.add(tx, point_code, service_date, entry, who, at, captured)
    elif not recordings.change(tx, kept, entry, sender.account.id, sender.at, sender.captured_at):
        raise Conflict(STALE, recordings.find(tx, point_code, service_date))
    else:
        report_id = kept.id
    before = said(kept.entry) if kept and kept.stands else {}
    deed = "proposals.accept" if sender.by else "recordings.correct" if before else "recordings.send"
    ledger.note(
        tx,
        sender.hand,
        deed,
        KIND,
        object_id(point_code, service_date),
        difference(before, said(entry)),
        reason,
    )
    return report_id


def cancel(
    tx: Tx, sender: Sender, office: Office, point_code: str, service_date: date, version: int, reason: str
) -> None:
    """Take a report out of every total with a reason; it stays readable, and can be sent again for the day.

    Raises as ``send`` does, Locked included.
    """
    require_point(sender.account, "recordings.write", point_code)
    kept = recordings.find(tx, point_code, service_date)
    if kept is None:
        raise Unknown(point_code)
    if problems := check_text("reason", reason, required=_("Tulis alasan pembatalan.")):
        raise Invalid(problems)
    if not kept.stands:
        return
    lock = lock_of(tx, office, sender.account, office.points[point_code], service_date, kept, sender.at)
    if not lock.open:
        raise Locked(lock, kept)
    if kept.version != version or not recordings.cancel(tx, kept, reason.strip(), sender.account.id, sender.at):
        raise Conflict(STALE, kept)
    ledger.touch(tx, ledger.DATA)
    ledger.note(
        tx,
        sender.hand,
        "recordings.cancel",
        KIND,
        object_id(point_code, service_date),
        {"cancelled": (False, True)},
        reason.strip(),
    )
