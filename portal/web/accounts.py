"""The staff list: adding, changing, and printing a one-time code."""

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from ..actions import accounts as deeds
from ..domain.accounts import ROLES, Account
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.texts import read_count
from ..storage import accounts, areas
from .door import account, deed, now, office, reading, sender, typed, writing
from .forms import SENT_BEFORE, errors
from .language import gettext
from .pages import page

routes = Blueprint("accounts", __name__, url_prefix="/accounts")

CHANGED = Problem("", _("Akun ini baru saja diubah. Isian Anda belum tersimpan: bandingkan dengan yang tersimpan."))
SLIP_WAS_SHOWN = _(
    "Akun ini sudah dibuat dari formulir yang sama (tanda terima %(receipt)s). Slip dengan kodenya tampil sekali saja."
    " Bila slip itu tidak ada pada Anda, tekan “Buat kode baru” di bawah."
)


@routes.get("/")
@deed("accounts.manage")
def index() -> Response:
    """Everybody who has an account."""
    return page("accounts/index.html", people=accounts.everyone(reading()), roles=ROLES, lists=office())


def _record(filled: MultiDict[str, str], kept: Account | None) -> Account:
    return Account(
        id=kept.id if kept else 0,
        username=kept.username if kept else filled.get("username", "").strip().lower(),
        name=filled.get("name", "").strip(),
        role=filled.get("role", ""),
        points=frozenset(filled.getlist("points")),
        places=frozenset(filled.getlist("places")),
        phone=filled.get("phone", "").strip()[:20],
        active=filled.get("active") == "1" if kept else True,
        version=read_count(filled.get("version", "")) or 0,
    )


def _form(
    kept: Account | None,
    record: Account | None,
    problems: list[Problem],
    *,
    stored: Account | None = None,
    submission_id: str = "",
) -> Response:
    """Somebody's account, or with ``submission_id`` one to add; ``stored`` is what stands in the way, to compare."""
    shown = errors(problems, {"username", "name", "role", "phone", "points", "places"})
    return page(
        "accounts/edit.html",
        409 if stored else 422 if problems else 200,
        kept=kept,
        submission_id=submission_id,
        stored=_stored(stored) if stored else [],
        person=record or kept,
        roles=[(code, gettext(word)) for code, word in ROLES.items()],
        points=[(p.code, p.name) for p in office().points.values()],
        schools=[(p.code, p.name) for p in areas.schools(reading())],
        own=kept is not None and kept.id == account().id,
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _stored(kept: Account) -> list[tuple[str, str]]:
    """What is kept of an account, for somebody whose form is older than it."""
    lists = office()
    names = [lists.points[code].name for code in sorted(kept.points) if code in lists.points]
    names += [p.name for p in areas.places(reading(), codes=sorted(kept.places))] if kept.places else []
    return [
        (gettext("Nama pengguna"), kept.username),
        (gettext("Nama"), kept.name),
        (gettext("Telepon"), kept.phone or "–"),
        (gettext("Peran"), gettext(ROLES[kept.role])),
        (gettext("Wilayah"), ", ".join(names) or gettext("seluruh kabupaten")),
        (gettext("Keadaan"), gettext("Aktif") if kept.active else gettext("Tidak aktif")),
    ]


@routes.route("/new", methods=["GET", "POST"])
@deed("accounts.manage")
def new() -> Any:
    """Add somebody; the answer is the slip with the one-time code, shown this once. The same form sent again leads to
    the account it made, where a new code can be had."""
    filled = typed()
    record = _record(filled, None) if filled is not None else None
    fresh = str(uuid.uuid4())
    id = filled.get("submission_id", "") if filled is not None else fresh
    if request.method != "POST" or record is None:
        return _form(None, record, [], submission_id=id)
    who, lists = sender(), office()
    try:
        with writing() as tx:
            sent, code = deeds.add_once(tx, who, lists, id, record)
    except Invalid as error:
        return _form(None, record, error.problems, submission_id=id)
    except Conflict as error:
        before = error.kept
        stored = accounts.by_id(reading(), int(before.object_id)) if before.object_kind == deeds.KIND else None
        return _form(None, record, [Problem("", SENT_BEFORE)], stored=stored, submission_id=fresh)
    if not code:
        flash(gettext(SLIP_WAS_SHOWN, receipt=sent.receipt), "attention")
        return redirect(url_for("accounts.edit", account_id=int(sent.object_id)), 303)
    return page("accounts/slip.html", person=record, code=code, role=gettext(ROLES[record.role]), at=now())


def _kept(account_id: int) -> Account:
    kept = accounts.by_id(reading(), account_id)
    if kept is None:
        raise Unknown(account_id)
    return kept


@routes.route("/<int(max=2147483647):account_id>", methods=["GET", "POST"])
@deed("accounts.manage")
def edit(account_id: int) -> Any:
    """Change somebody's name, role, area or state."""
    kept = _kept(account_id)
    filled = typed()
    record = _record(filled, kept) if filled is not None else None
    if request.method != "POST" or record is None:
        return _form(kept, record, [])
    who, lists = sender(), office()
    try:
        with writing() as tx:
            deeds.change(tx, who, lists, record)
    except Invalid as error:
        return _form(kept, record, error.problems)
    except Conflict:
        kept = _kept(account_id)
        return _form(kept, replace(record, version=kept.version), [CHANGED], stored=kept)
    flash(gettext("Akun %(name)s tersimpan.", name=record.name), "good")
    return redirect(url_for("accounts.index"), 303)


@routes.post("/<int(max=2147483647):account_id>/reset")
@deed("accounts.manage")
def reset(account_id: int) -> Response:
    """Give somebody a new one-time code."""
    kept = _kept(account_id)
    with writing() as tx:
        code = deeds.reset(tx, sender(), kept.username)
    return page("accounts/slip.html", person=kept, code=code, role=gettext(ROLES[kept.role]), at=now())
