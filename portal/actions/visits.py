"""Planning a visit, bringing it from state to state, keeping what it found, cancelling it."""

from typing import Any

from msgspec.structs import asdict, replace

from ..domain.accounts import LIAISON, require, require_place
from ..domain.areas import OUTSIDE, Office, Place
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.kit_checks import Marks, check_list, mark_name
from ..domain.problems import EXISTS, STALE, Conflict, Invalid, NotPermitted, Problem, Unknown, _
from ..domain.submissions import Submission
from ..domain.texts import check_text
from ..domain.visits import (
    AGES,
    BOOKED,
    CANCELLED,
    CONFIRMED,
    DONE,
    FINISHED,
    NEW,
    OWING,
    PLANNED,
    PROPOSED,
    STEPS,
    UNDER_WAY,
    Plan,
    Result,
    Visit,
    ask_holiday,
    check_cancel,
    check_comment,
    check_plan,
    check_result,
    step,
)
from ..storage import areas, equipment, ledger, visits
from ..storage import follow_ups as kept_lines
from ..storage.database import Tx
from . import follow_ups
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
    *,
    holiday_ok: bool = False,
) -> Submission:
    """Keep a visit, new (``visit_id`` 0) or changed: a liaison's is a proposal, staff's a plan.

    A place is visited once a day, a kit and a team are in one place a half day (or in several that share the booking),
    and a holiday is asked about (``holiday_ok`` answers). Raises Unknown outside the person's area, NotPermitted for a
    step that the role may not take, Invalid, Conflict with the visit that holds the day (EXISTS), the kit or team
    (BOOKED), or was changed.
    """
    require(sender.account, "visits.write")
    kept = None
    if visit_id:
        kept = visits.find(tx, sender.account, visit_id)
        if kept is None:
            raise Unknown(visit_id)
        require_step(sender, "change", kept)
    wanted = _placed(tx, sender, office, wanted, kept)
    problems = check_plan(wanted, office_day(sender.at), office.start())
    moved = kept is None or kept.plan.visit_date != wanted.visit_date
    if moved and not holiday_ok:
        problems += ask_holiday(office.calendar, wanted.visit_date)
    origin = _origin(tx, sender, wanted)

    def make() -> str:
        if kept is not None and (kept.version != version or not step("change", sender.account.role, kept.state)):
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        standing = visits.standing(tx, wanted.place_code, wanted.visit_date, but=visit_id)
        if standing is not None:
            raise Conflict(EXISTS, standing)
        holder = visits.booked(tx, wanted, but=visit_id)
        if holder is not None:
            raise Conflict(BOOKED, holder)
        if kept is None:
            return _add(tx, sender, *_for_those_left(tx, sender, wanted, origin))
        state = PLANNED if kept.state == CONFIRMED and _other_time(kept.plan, wanted) else kept.state
        if not visits.change_plan(tx, kept, wanted, sender.account.id, sender.at, state):
            raise Conflict(STALE, visits.find(tx, sender.account, visit_id))
        _hand_over(tx, sender, kept, wanted)
        changes = difference({"state": kept.state, **asdict(kept.plan)}, {"state": state, **asdict(wanted)})
        ledger.note(tx, sender.hand, "visits.change", KIND, str(visit_id), changes)
        return str(visit_id)

    body = {**asdict(wanted), "visit": visit_id, "version": version}
    return once(tx, sender, submission_id, KIND, body, make, lambda known: _cancelled(tx, sender, known))


def _add(tx: Tx, sender: Sender, wanted: Plan, wave: int) -> str:
    deed = "propose" if sender.account.role == LIAISON else "plan"
    taken = step(deed, sender.account.role, NEW)
    if taken is None:
        raise NotPermitted(deed)
    (state,) = taken.after
    made = visits.add(tx, wanted, sender.account.id, sender.at, state, wave)
    ledger.note(tx, sender.hand, f"visits.{deed}", KIND, str(made), difference({}, asdict(wanted)))
    return str(made)


def _other_time(before: Plan, after: Plan) -> bool:
    """Whether the place has to be asked again: another day or another half of it."""
    return (before.visit_date, before.session) != (after.visit_date, after.session)


def require_step(sender: Sender, deed: str, kept: Visit) -> None:
    """Return when the role may do ``deed`` on a visit in this state, or when nobody may any more (a stale form is
    told so later); raises NotPermitted when it is for others to do."""
    if step(deed, sender.account.role, kept.state) is None and any(
        s.deed == deed and kept.state in s.before for s in STEPS
    ):
        raise NotPermitted(deed)


def _origin(tx: Tx, sender: Sender, wanted: Plan) -> Visit | None:
    """The visit that is come back for: in the person's area, of the same place, and over."""
    if wanted.revisit_of is None:
        return None
    found = visits.find(tx, sender.account, wanted.revisit_of)
    if found is None:
        raise Unknown(wanted.revisit_of)
    if found.plan.place_code != wanted.place_code or found.state not in (*FINISHED, CANCELLED):
        raise Invalid([Problem("place_code", _("Kunjungan ulang harus ke tempat yang sama, sesudah kunjungan itu."))])
    return found


def _for_those_left(tx: Tx, sender: Sender, wanted: Plan, origin: Visit | None) -> tuple[Plan, int]:
    """(the plan, its wave). Where people are to be come back for, a later visit is for them too, whoever planned it
    and from which page: its result closes the line that is due first."""
    if origin is None and (waiting := kept_lines.most_urgent(tx, wanted.place_code)) is not None:
        left = visits.find(tx, sender.account, waiting.visit_id)
        if left is not None and left.plan.visit_date < wanted.visit_date:
            origin, wanted = left, replace(wanted, revisit_of=left.id)
    return wanted, origin.wave + 1 if origin else 1


def _placed(tx: Tx, sender: Sender, office: Office, wanted: Plan, kept: Visit | None) -> Plan:
    """The plan with its place, point and kits checked against the person's area, and its words trimmed.

    A liaison's point is the place's own, and kits are the staff's to choose. What a kept plan says already is not
    chosen anew: editing the team's name must not move the work elsewhere.
    """
    wanted = replace(wanted, point_code=_point(tx, sender, office, wanted, kept))
    host = _host(tx, sender, wanted, kept)
    kits = host.plan.kits if host else _kits(tx, sender, wanted, kept)
    return replace(
        wanted,
        team=host.plan.team if host else wanted.team.strip(),
        contact=wanted.contact.strip(),
        note=wanted.note.strip(),
        kits=kits,
        revisit_of=kept.plan.revisit_of if kept else wanted.revisit_of,
        joined_to=host.id if host else None,
    )


def _host(tx: Tx, sender: Sender, wanted: Plan, kept: Visit | None) -> Visit | None:
    """The visit whose booking a plan shares, as asked; None for a booking of its own, which a plan moved away from
    its host has again. Who shares a booking shares it with the visit that holds it."""
    number = wanted.joined_to
    if number is None or (kept is not None and visits.joined(tx, kept.id)):
        return None
    found = visits.find(tx, sender.account, number)
    if found is not None and found.plan.joined_to is not None:
        found = visits.find(tx, sender.account, found.plan.joined_to)
    if found is not None and found.state in (PROPOSED, *OWING) and wanted.fits(found.plan):
        return found
    if kept is not None and number == kept.plan.joined_to:
        return None
    text = _("Kunjungan itu tidak dapat digabung: harus hari, waktu dan kantor yang sama, di tempat lain.")
    raise Invalid([Problem("joined_to", text)])


def _hand_over(tx: Tx, sender: Sender, host: Visit, now: Plan | None) -> None:
    """After the plan of a visit changed, or was dropped (None): who shared its booking and no longer fits goes on with
    it. The first of them holds kits and team from now on, and the others share with that one."""
    heirs: list[Visit] = []
    for one in visits.joined(tx, host.id):
        if now is not None and one.plan.fits(now):
            continue
        heir = next((h for h in heirs if one.plan.fits(h.plan)), None)
        own = replace(one.plan, team=host.plan.team, kits=host.plan.kits, joined_to=heir.id if heir else None)
        if not visits.change_plan(tx, one, own, sender.account.id, sender.at):
            raise Conflict(STALE, one)
        changes = difference({"joined_to": host.id}, {"joined_to": own.joined_to})
        ledger.note(tx, sender.hand, "visits.change", KIND, str(one.id), changes)
        if heir is None:
            heirs.append(one)


def _point(tx: Tx, sender: Sender, office: Office, wanted: Plan, kept: Visit | None) -> str:
    same_point = kept is not None and (sender.account.role == LIAISON or wanted.point_code == kept.plan.point_code)
    if kept is not None and wanted.place_code == kept.plan.place_code and same_point:
        return kept.plan.point_code
    place = areas.place(tx, wanted.place_code)
    if place is None:
        raise Invalid([Problem("place_code", _("Pilih tempat yang dikunjungi."))])
    require_place(sender.account, "visits.write", place.code, place.kecamatan_code)
    if not place.active(wanted.visit_date):
        raise Invalid([Problem("place_code", _("Tempat ini tidak dipakai lagi pada tanggal itu."))])
    if sender.account.role == LIAISON:
        own = office.point_of(place.kecamatan_code) if place.kecamatan_code else None
        if own is None:
            raise Invalid([Problem("place_code", _("Kecamatan sekolah ini belum tercatat. Hubungi dinas."))])
        return own.code
    if wanted.point_code not in office.points:
        raise Invalid([Problem("point_code", _("Pilih titik layanan yang berangkat."))])
    if not sender.account.sees_point(wanted.point_code):
        raise Unknown(wanted.point_code)
    return wanted.point_code


def _kits(tx: Tx, sender: Sender, wanted: Plan, kept: Visit | None) -> tuple[str, ...]:
    before = kept.plan.kits if kept else ()
    if sender.account.role == LIAISON:
        return before
    chosen = tuple(sorted(set(wanted.kits)))
    for code in chosen:
        kit = None if code in before else equipment.find(tx, code)
        if code not in before and (kit is None or kit.retired_on or not sender.account.sees_point(kit.point_code)):
            raise Unknown(code)
    return chosen


def _cancelled(tx: Tx, sender: Sender, known: Submission) -> bool:
    """Whether the visit that an earlier sending made or changed was cancelled since."""
    made = visits.find(tx, sender.account, int(known.object_id))
    return made is not None and made.state == CANCELLED


def advance(tx: Tx, sender: Sender, visit_id: int, version: int, deed: str, comment: str = "") -> Visit:
    """Accept, confirm, unconfirm or start a visit. Doing what is done already changes nothing.

    Raises Unknown outside the person's area or for a deed that is no such step, NotPermitted, Invalid, Conflict.
    """
    require(sender.account, "visits.run")
    kept = visits.find(tx, sender.account, visit_id)
    if kept is None or deed not in ("accept", "confirm", "unconfirm", "start"):
        raise Unknown(visit_id)
    require_step(sender, deed, kept)
    taken = step(deed, sender.account.role, kept.state)
    if taken is None:
        if any(s.deed == deed and kept.state in s.after for s in STEPS):
            return kept
        raise Conflict(STALE, kept)
    (state,) = taken.after
    problems = check_comment(taken, comment)
    if state == UNDER_WAY and kept.plan.visit_date > office_day(sender.at):
        problems.append(Problem("", _("Kunjungan ini belum tiba harinya.")))
    if problems:
        raise Invalid(problems)
    if kept.version != version or not visits.set_state(tx, kept, state, sender.account.id, sender.at):
        raise Conflict(STALE, kept)
    ledger.touch(tx, ledger.DATA, ledger.SWEEPS)
    changes = {"state": (kept.state, state)}
    ledger.note(tx, sender.hand, f"visits.{deed}", KIND, str(visit_id), changes, comment.strip())
    return kept


def check(tx: Tx, sender: Sender, submission_id: str, visit_id: int, marks: Marks) -> Submission:
    """Add what was tried, kit by kit, of the check list of a visit that is still to take place; earlier tries stay."""
    require(sender.account, "visits.run")
    kept = visits.find(tx, sender.account, visit_id)
    if kept is None:
        raise Unknown(visit_id)
    marks = {kit: {item: (ok, note.strip()) for item, (ok, note) in lines.items()} for kit, lines in marks.items()}

    def make() -> str:
        if not step("close", sender.account.role, kept.state):
            raise Conflict(STALE, kept)
        if problems := check_list(marks, kept.plan.kits):
            raise Invalid(problems)
        visits.keep_checks(tx, visit_id, marks, sender.account.id, sender.at)
        changes = {
            mark_name("check", kit, item): (None, note if not ok else True)
            for kit, lines in marks.items()
            for item, (ok, note) in lines.items()
        }
        ledger.note(tx, sender.hand, "visits.check", KIND, str(visit_id), changes)
        return str(visit_id)

    return once(tx, sender, submission_id, "visit_check", {"visit": visit_id, "marks": marks}, make)


def _found(result: Result) -> dict[str, Any]:
    found = dict(result.counts) | {f"home-{code}": number for code, number in sorted(result.homes.items()) if number}
    if result.by_age is not None:
        found |= {name: result.ages.get(name) or 0 for name in AGES}
    return found | ({"failed_reason": result.failed_reason} if result.failed_reason else {})


def close(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    visit_id: int,
    version: int,
    result: Result,
    reason: str = "",
    outcome: str = DONE,
) -> Submission:
    """Keep what a visit found, whole or partly. A result that is already there is corrected, with a reason.

    Who was absent or failed becomes a line to come back for; the line that this visit came back for is closed.
    """
    require(sender.account, "visits.run")
    kept = visits.find(tx, sender.account, visit_id)
    if kept is None:
        raise Unknown(visit_id)
    if not result.counts.get("failed"):
        result = replace(result, failed_reason="")
    problems = check_result(result, kept.plan.visit_date, office_day(sender.at), {*office.kecamatan, OUTSIDE})
    if outcome not in FINISHED:
        problems.append(Problem("outcome", _("Pilih selesai seluruhnya atau sebagian.")))
    body = {"visit": visit_id, "version": version, "reason": reason.strip(), "outcome": outcome, **_found(result)}

    def make() -> str:
        deed = "correct" if kept.state in FINISHED else "close"
        taken = step(deed, sender.account.role, kept.state)
        if kept.version != version or (taken is None and kept.state == CANCELLED):
            raise Conflict(STALE, kept)
        if taken is None:
            raise Invalid([Problem("", _("Terima usulan kunjungan ini dulu, baru isi hasilnya."))])
        problems.extend(check_text("reason", reason, required=_("Tulis alasan perbaikan.") if taken.comment else ""))
        if problems:
            raise Invalid(problems)
        if not visits.keep_result(tx, kept, result, sender.account.id, sender.at, outcome):
            raise Conflict(STALE, visits.find(tx, sender.account, visit_id))
        before = _found(kept.result) if deed == "correct" else {}
        changes = difference({"state": kept.state, **before}, {"state": outcome, **_found(result)})
        ledger.note(tx, sender.hand, f"visits.{deed}", KIND, str(visit_id), changes, reason.strip())
        follow_ups.settle(tx, sender, office, kept, result)
        return str(visit_id)

    return once(tx, sender, submission_id, KIND, body, make, lambda known: _cancelled(tx, sender, known))


def cancel(tx: Tx, sender: Sender, visit_id: int, version: int, reason: str, note: str) -> Visit:
    """Cancel a visit with a reason; it stays readable and counts nowhere. Its kits and team are free, or go on with the
    first of the visits that shared them.

    Cancelling twice changes nothing.
    """
    require(sender.account, "visits.write")
    kept = visits.find(tx, sender.account, visit_id)
    if kept is None:
        raise Unknown(visit_id)
    require_step(sender, "cancel", kept)
    if problems := check_cancel(reason, note):
        raise Invalid(problems)
    if kept.state == CANCELLED:
        return kept
    if kept.version != version or not visits.cancel(tx, kept, reason, note.strip(), sender.account.id, sender.at):
        raise Conflict(STALE, kept)
    ledger.touch(tx, ledger.DATA, ledger.SWEEPS)
    changes = {"state": (kept.state, CANCELLED), "cancel_reason": ("", reason)}
    ledger.note(tx, sender.hand, "visits.cancel", KIND, str(visit_id), changes, note.strip())
    _hand_over(tx, sender, kept, None)
    follow_ups.withdraw(tx, sender, kept)
    return kept
