"""One's own account: the password, and where one is signed in."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user, login_user

from ..actions import accounts as deeds
from ..domain.accounts import LoginSession
from ..domain.problems import Invalid, Problem
from ..storage import accounts
from .door import Person, account, deed, now, reading, safe_target, sender, services, stop_reading, writing
from .forms import errors
from .language import gettext
from .pages import page
from .sign_in import too_many

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
    """Change one's password, then go on to where one was going."""
    problems, status, wait = errors([]), 200, 0
    if request.method == "POST":
        given = [request.form.get(name, "") for name in ("present", "password", "again")]
        who, key, agent = sender(), services().settings.secret_key, request.user_agent.string
        stop_reading()
        try:
            token = deeds.change_own_password(services().database, key, who, agent, *given)
        except Invalid as error:
            problems, status = errors(error.problems), 422
        except deeds.TooMany as error:
            problems, status, wait = errors([Problem("present", too_many(error))]), 429, error.seconds
        else:
            login_user(Person(token, LoginSession(0, who.account, now(), now())))
            flash(gettext("Sandi diganti. Perangkat lain sudah dikeluarkan."), "good")
            return redirect(safe_target(request.args.get("next", "")), 303)
    response = page(
        "own_account/password.html",
        status,
        errors=problems.summary,
        wrong=problems.by_field,
        person=account(),
    )
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@routes.post("/account/sessions/<int(max=2147483647):session_id>/end")
@deed("accounts.own")
def end_session(session_id: int) -> Any:
    """Sign another browser of one's own out."""
    if session_id not in {s.id for s in accounts.sessions_of(reading(), account().id)}:
        abort(404)
    with writing() as tx:
        deeds.sign_out(tx, sender(), session_id)
    flash(gettext("Perangkat itu sudah dikeluarkan."), "good")
    return redirect(url_for("own_account.show"), 303)
