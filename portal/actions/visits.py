"""Planning a visit, keeping what it found, cancelling it."""

from dataclasses import asdict
from typing import Any

from ..domain.accounts import LIAISON, require, require_place
from ..domain.areas import OUTSIDE, Office, Place
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.problems import EXISTS, STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..domain.texts import check_text
from ..domain.visits import CANCELLED, DONE, Plan, Result, Visit, check_cancel, check_plan, check_result
from ..storage import areas, ledger, visits
from ..storage.database import Tx
from .sending import Sender, once

KIND = "visit"


def going_points(sender_points: frozenset[str], sees_district: bool, office: Office, place: Place) -> list[str]:
    """The points whose team may go to a place: a person's own, or for the district any; the place's own first."""
    own = office.point_of(place.kecamatan_code) if place.kecamatan_code else None
    allowed = [code for code in office.points if sees_district or code in sender_points]
    if own is not None and own.code in allowed:
        allowed.remove(own.code)
        allowed.insert(0, own.code)
    return allowed


def plan(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    wanted: Plan,
    visit_id: int = 0,
    version: int = 0,
) -> Submission:
    """Keep a planned visit, new (``visit_id`` 0) or changed. A place is visited once a day.

    Raises Unknown outside the person's area, Invalid, Conflict with the visit that holds the day or was changed.
    """
    require(sender.account, "visits.write")
    kept = None
    if visit_id:
        kept = visits.find(tx, sender.account, visit_id)
        if kept is None:
            raise Unknown(visit_id)
    wanted = _placed(tx, sender, office, wanted, kept)
    problems = check_plan(wanted, office_day(sender.at), office.start())

    def make() -> str:
        if kept is not None and (kept.version != version or kept.state in (DONE, CANCELLED)):
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        standing = visits.standing(tx, wanted.place_code, wanted.visit_date, but=visit_id)
        if standing is not None:
            raise Conflict(EXISTS, standing)
        if kept is None:
            made = visits.add(tx, wanted, sender.account.id, sender.at)
            ledger.note(tx, sender.hand, "visits.plan", KIND, str(made), difference({}, asdict(wanted)))
            return str(made)
        if not visits.change_plan(tx, kept, wanted, sender.account.id, sender.at):
            raise Conflict(STALE, visits.find(tx, sender.account, visit_id))
        changes = difference(asdict(kept.plan), asdict(wanted))
        ledger.note(tx, sender.hand, "visits.change", KIND, str(visit_id), changes)
        return str(visit_id)

    body = {**asdict(wanted), "visit": visit_id, "version": version}
    return once(tx, sender, submission_id, KIND, body, make, lambda known: _cancelled(tx, sender, known))


def _placed(tx: Tx, sender: Sender, office: Office, wanted: Plan, kept: Visit | None) -> Plan:
    """The plan with its place and point checked against the person's area; a liaison's point is the place's own.

    What a kept plan says already is not chosen anew: editing the team's name must not move the work elsewhere.
    """
    if kept is not None and wanted.place_code == kept.plan.place_code:
        same_point = sender.account.role == LIAISON or wanted.point_code == kept.plan.point_code
        if same_point:
            team, note = wanted.team.strip(), wanted.note.strip()
            return Plan(wanted.place_code, wanted.visit_date, kept.plan.point_code, team, note)
    place = areas.place(tx, wanted.place_code)
    if place is None:
        raise Invalid([Problem("place_code", _("Pilih tempat yang dikunjungi."))])
    require_place(sender.account, "visits.write", place.code, place.kecamatan_code)
    point_code = wanted.point_code
    if sender.account.role == LIAISON:
        own = office.point_of(place.kecamatan_code) if place.kecamatan_code else None
        if own is None:
            raise Invalid([Problem("place_code", _("Kecamatan sekolah ini belum tercatat. Hubungi dinas."))])
        point_code = own.code
    elif point_code not in office.points:
        raise Invalid([Problem("point_code", _("Pilih titik layanan yang berangkat."))])
    elif not sender.account.sees_point(point_code):
        raise Unknown(point_code)
    return Plan(place.code, wanted.visit_date, point_code, wanted.team.strip(), wanted.note.strip())


def _cancelled(tx: Tx, sender: Sender, known: Submission) -> bool:
    """Whether the visit that an earlier sending made or changed was cancelled since."""
    made = visits.find(tx, sender.account, int(known.object_id))
    return made is not None and made.state == CANCELLED


def _found(result: Result) -> dict[str, Any]:
    return dict(result.counts) | {f"home-{code}": number for code, number in sorted(result.homes.items()) if number}


def close(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    visit_id: int,
    version: int,
    result: Result,
    reason: str = "",
) -> Submission:
    """Keep what a visit found. A result that is already there is corrected, with a reason."""
    require(sender.account, "visits.write")
    kept = visits.find(tx, sender.account, visit_id)
    if kept is None:
        raise Unknown(visit_id)
    problems = check_result(result, kept.plan.visit_date, office_day(sender.at), {*office.kecamatan, OUTSIDE})
    body = {"visit": visit_id, "version": version, "reason": reason.strip(), **_found(result)}

    def make() -> str:
        if kept.version != version or kept.state == CANCELLED:
            raise Conflict(STALE, kept)
        required = _("Tulis alasan perbaikan.") if kept.state == DONE else ""
        problems.extend(check_text("reason", reason, required=required))
        if problems:
            raise Invalid(problems)
        if not visits.keep_result(tx, kept, result, sender.account.id, sender.at):
            raise Conflict(STALE, visits.find(tx, sender.account, visit_id))
        before = _found(kept.result) if kept.state == DONE else {}
        deed = "visits.correct" if before else "visits.close"
        changes = difference({"state": kept.state, **before}, {"state": DONE, **_found(result)})
        ledger.note(tx, sender.hand, deed, KIND, str(visit_id), changes, reason.strip())
        return str(visit_id)

    return once(tx, sender, submission_id, KIND, body, make, lambda known: _cancelled(tx, sender, known))


def cancel(tx: Tx, sender: Sender, visit_id: int, version: int, reason: str, note: str) -> Visit:
    """Cancel a visit with a reason; it stays readable and counts nowhere. Cancelling twice changes nothing."""
    require(sender.account, "visits.write")
    kept = visits.find(tx, sender.account, visit_id)
    if kept is None:
        raise Unknown(visit_id)
    if problems := check_cancel(reason, note):
        raise Invalid(problems)
    if kept.state == CANCELLED:
        return kept
    if kept.version != version or not visits.cancel(tx, kept, reason, note.strip(), sender.account.id, sender.at):
        raise Conflict(STALE, kept)
    ledger.touch(tx, ledger.DATA)
    changes = {"state": (kept.state, CANCELLED), "cancel_reason": ("", reason)}
    ledger.note(tx, sender.hand, "visits.cancel", KIND, str(visit_id), changes, note.strip())
    return kept
