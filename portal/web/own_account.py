"""One's own account: the password, and where one is signed in."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user

from ..actions import accounts as deeds
from ..domain.accounts import LoginSession
from ..domain.problems import Invalid
from ..storage import accounts
from .door import account, deed, now, reading, sender, writing
from .forms import errors
from .language import gettext
from .pages import page

routes = Blueprint("own_account", __name__)


@routes.get("/account")
@deed("accounts.own")
def show() -> Any:
    """Who one is here, and every browser that is signed in as one."""
    sessions = [
        s
        for s in accounts.sessions_of(reading(), account().id)
        if not LoginSession(s.id, account(), s.created_at, s.seen_at).expired(now())
    ]
    return page("own_account/show.html", person=account(), sessions=sessions, present=current_user.login.id)


@routes.route("/account/password", methods=["GET", "POST"])
@deed("accounts.own")
def password() -> Any:
    """Change one's password."""
    problems = errors([])
    if request.method == "POST":
        given = [request.form.get(name, "") for name in ("present", "password", "again")]
        try:
            with writing() as tx:
                deeds.change_own_password(tx, sender(), current_user.login.id, *given)
        except Invalid as error:
            problems = errors(error.problems)
        else:
            flash(gettext("Sandi diganti. Perangkat lain sudah dikeluarkan."), "good")
            return redirect(url_for("today.home"), 303)
    status = 422 if problems.summary else 200
    return page(
        "own_account/password.html",
        status,
        errors=problems.summary,
        wrong=problems.by_field,
        person=account(),
    )


@routes.post("/account/sessions/<int:session_id>/end")
@deed("accounts.own")
def end_session(session_id: int) -> Any:
    """Sign another browser of one's own out."""
    if session_id not in {s.id for s in accounts.sessions_of(reading(), account().id)}:
        abort(404)
    with writing() as tx:
        deeds.sign_out(tx, sender(), session_id)
    flash(gettext("Perangkat itu sudah dikeluarkan."), "good")
    return redirect(url_for("own_account.show"), 303)
