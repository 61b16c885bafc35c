"""Published figures and rankings: entered with date and source, corrected by a new row that says why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import asdict, replace

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.figures import FIELDS, Entered, Figure, check_entered, kind_of, metrics_of
from ..domain.problems import EXISTS, STALE, Conflict, Invalid, Problem, _
from ..domain.rankings import Ranking, check_ranking
from ..domain.submissions import Submission
from ..domain.texts import check_text
from ..storage import figures, ledger
from ..storage.database import Tx
from .area_codes import area_codes
from .sending import Sender, once

DEED = "figures.write"
KIND = "figure"
RANKING = "ranking"
WHY = _("Tulis mengapa angka ini diganti.")
REASON_LIMIT = 200


def object_of(code: str, kind: str, as_of: date, election: str) -> str:
    """What a reading is called in the ledger: one name for all rows about it."""
    return "/".join(filter(None, (code, kind, as_of.isoformat(), election)))


def enter(tx: Tx, sender: Sender, office: Office, submission_id: str, entered: Entered) -> Submission:
    """Keep a published reading. Raises Invalid, and Conflict with the figure that stands for the same area, kind, day
    and election: that one is corrected, not entered again. The object id is the new figure's number."""
    return _keep(tx, sender, office, submission_id, entered, None, "")


def correct(
    tx: Tx, sender: Sender, office: Office, submission_id: str, entered: Entered, revision: int, reason: str
) -> Submission:
    """Let a new row stand in place of the one of ``revision``, which stays readable. Raises Invalid, and Conflict with
    the figure that stands when somebody was faster."""
    return _keep(tx, sender, office, submission_id, entered, revision, reason)


def _keep(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    entered: Entered,
    revision: int | None,
    reason: str,
) -> Submission:
    require(sender.account, DEED)
    problems = check_entered(entered, area_codes().names, elections(tx, office), office_day(sender.at))
    if revision is not None:
        problems += check_text("reason", reason, REASON_LIMIT, required=WHY)

    def make() -> str:
        if problems or entered.as_of is None:
            raise Invalid(problems)
        key = (entered.code, metrics_of(entered.kind), entered.as_of, entered.election)
        kept = figures.of_key(tx, *key)
        standing = standing_of(kept)
        if revision is None and standing:
            raise Conflict(EXISTS, standing)
        if revision is not None and revision != newest_revision(kept):
            raise Conflict(STALE, standing)
        wanted = [_as_published(figure, kept) for figure in entered.figures(reason, newest_revision(kept) + 1)]
        gone = standing.keys() - {kind_of(f.metric)[1] for f in wanted}
        if gone:
            text = _("Angka yang pernah diumumkan tidak dapat dikosongkan; tulis angka yang benar.")
            raise Invalid([Problem(FIELDS[ending], text) for ending in sorted(gone)])
        before = _said(standing)
        after = _said({kind_of(f.metric)[1]: f for f in wanted})
        changes = difference(before, after)
        if revision is not None and not changes:
            raise Invalid([Problem("", _("Tidak ada yang berubah."))])
        figures.add(tx, wanted, sender.account.id, sender.at)
        ledger.touch(tx, ledger.LISTS)
        deed = "figures.enter" if revision is None else "figures.correct"
        name = object_of(entered.code, entered.kind, entered.as_of, entered.election)
        ledger.note(tx, sender.hand, deed, KIND, name, changes, reason.strip())
        main = next(f for f in figures.of_key(tx, *key) if f.metric == entered.kind)
        return str(main.id)

    body = {**asdict(entered), "counts": dict(entered.counts), "revision": revision, "reason": reason.strip()}
    return once(tx, sender, submission_id, KIND, body, make)


def _as_published(figure: Figure, kept: list[Figure]) -> Figure:
    """A correction keeps how its day was published: of a month, only the month."""
    return replace(figure, as_of_text=kept[0].as_of_text, unit=kept[0].unit) if kept else figure


def elections(tx: Tx, office: Office) -> list[str]:
    """Elections that a roll may belong to: the office's own, and those that kept figures name without a calendar."""
    return sorted({e.code for e in office.elections} | set(figures.elections(tx)))


def standing_of(kept: list[Figure]) -> dict[str, Figure]:
    """Ending → the figure that stands, of all rows about one reading."""
    found: dict[str, Figure] = {}
    for figure in sorted(kept, key=lambda f: f.revision):
        found[kind_of(figure.metric)[1]] = figure
    return found


def newest_revision(kept: list[Figure]) -> int:
    """The highest revision among all rows about one reading; 0 for none."""
    return max((figure.revision for figure in kept), default=0)


def _said(parts: Mapping[str, Figure]) -> dict[str, Any]:
    if not parts:
        return {}
    main = parts.get("") or next(iter(parts.values()))
    return {
        **{FIELDS[ending]: figure.value for ending, figure in parts.items()},
        "valid_from": main.begins,
        "source": main.source,
    }


def rank(
    tx: Tx, sender: Sender, submission_id: str, wanted: Ranking, revision: int | None = None, reason: str = ""
) -> Submission:
    """Keep a place in a ranking, with ``revision`` in place of the one that stands. Raises Invalid, Conflict."""
    require(sender.account, DEED)
    wanted = replace(wanted, **{name: getattr(wanted, name).strip() for name in ("subject", "rate", "source", "note")})
    problems = check_ranking(
        today=office_day(sender.at), scope=wanted.scope, subject=wanted.subject, as_of=wanted.as_of, **_place(wanted)
    )
    if revision is not None:
        problems += check_text("reason", reason, REASON_LIMIT, required=WHY)

    def make() -> str:
        if problems:
            raise Invalid(problems)
        kept = figures.standing_ranking(tx, wanted.scope, wanted.subject, wanted.as_of)
        if revision is None and kept is not None:
            raise Conflict(EXISTS, kept)
        if revision is not None and (kept is None or kept.revision != revision):
            raise Conflict(STALE, kept)
        changes = difference(_place(kept) if kept else {}, _place(wanted))
        if kept is not None and not changes:
            raise Invalid([Problem("", _("Tidak ada yang berubah."))])
        new = replace(wanted, revision=kept.revision + 1 if kept else 1, reason=reason.strip())
        made = figures.add_ranking(tx, new, sender.account.id, sender.at)
        deed = "figures.rank" if kept is None else "figures.correct"
        ledger.note(tx, sender.hand, deed, RANKING, f"{wanted.scope}/{wanted.as_of}", changes, reason.strip())
        return str(made)

    body = {**_place(wanted), "scope": wanted.scope, "subject": wanted.subject, "as_of": wanted.as_of}
    return once(tx, sender, submission_id, RANKING, body | {"revision": revision, "reason": reason.strip()}, make)


def _place(one: Ranking) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("rank", "of_count", "rate", "source", "note")}
