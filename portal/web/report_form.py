"""The daily form in the browser: empty or filled in, sent, and two versions side by side when two people meet."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import Response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField

from ..actions import questions
from ..actions import recordings as deeds
from ..domain.areas import OUTSIDE, Office, ServicePoint
from ..domain.calendar import office_day
from ..domain.doubts import MOST_ASKED
from ..domain.locks import Locked
from ..domain.problems import EXISTS, OTHER_BODY, STALE, WITHDRAWN, Conflict, Invalid, Problem, _
from ..domain.recordings import (
    COUNTED,
    GROUPS,
    MEASURE,
    MEASURES,
    NIHIL,
    NIHIL_REASONS,
    SPLITS,
    Entry,
    Report,
    as_kept,
)
from ..domain.rules import check
from ..storage import recordings
from . import ask_page, history, locks
from .asking import conflict_page
from .door import now, office, reading, sender, services, typed, versions, writing
from .formats import label, long_day, moment, number, short_day
from .forms import NOT_A_NUMBER, PortalForm, errors, merged, text_of
from .language import gettext, language
from .pages import NEW_ID, page, received

CONFLICTS = {
    OTHER_BODY: _("Formulir ini sudah terkirim"),
    WITHDRAWN: _("Laporan ini sudah dibatalkan"),
    EXISTS: _("Laporan hari ini sudah ada"),
    STALE: _("Laporan ini sudah berubah"),
}

DAILY = {"stock": _("Blangko (keping)")}
"""What the first boxes of a group are called, where they are not the whole group."""

FOLDED = {
    "recording": _("Rincian perekaman"),
    "printing": _("Penyerahan"),
    "stock": _("Ribbon dan film"),
}
"""What the folded rest of a group is called."""


def home_codes(lists: Office) -> tuple[str, ...]:
    """Home areas in the order of the form: the kecamatan, then people from outside."""
    return (*lists.kecamatan, OUTSIDE)


@lru_cache(maxsize=4)
def form_class(homes: tuple[str, ...]) -> type[PortalForm]:
    """The daily form for these home areas: a box for each measure of the one list."""
    fields: dict[str, Any] = {
        "kind": StringField(),
        "nihil_reason": StringField(),
        "note": TextAreaField(),
        "reason": StringField(),
        "change": StringField(),
    }
    for n in range(1, MOST_ASKED + 1):
        fields |= {f"passed-{n}": StringField(), f"passed-note-{n}": StringField()}
    boxes = {m.name: m.label for m in MEASURES} | {f"home-{code}": code for code in homes}
    return type("ReportForm", (PortalForm,), fields | {"boxes": boxes})


@lru_cache(maxsize=16)
def _blank_form(homes: tuple[str, ...], version: int) -> Any:
    """The form before anything is typed: only ever shown, so one serves everybody. Its id is made by the page."""
    return form_class(homes)(data={"version": version, "kind": COUNTED, "submission_id": ""})


def name_homes(form: Any, lists: Office) -> Any:
    """The form with its home boxes called by name, for the messages that speak of them."""
    for code in home_codes(lists):
        form[f"home-{code}"].label.text = history.home_label(code, lists)
    return form


def entry_of(form: Any, homes: Iterable[str]) -> Entry:
    """What the form says; boxes that were left empty stay missing."""
    counts = {m.name: form[m.name].data for m in MEASURES}
    split = {code: form[f"home-{code}"].data for code in homes}
    return Entry(
        kind=form.kind.data or "",
        nihil_reason=form.nihil_reason.data or None,
        counts=counts,
        homes={code: n for code, n in split.items() if n},
        note=form.note.data or "",
    )


def _form(lists: Office, kept: Report | None, filled: MultiDict[str, str] | None) -> Any:
    cls = form_class(home_codes(lists))
    if filled is not None:
        return cls(filled)
    if kept is None or not kept.stands:
        return _blank_form(home_codes(lists), kept.version if kept else 0)
    entry = kept.entry
    data = {
        "kind": entry.kind,
        "nihil_reason": entry.nihil_reason,
        "note": entry.note,
        "version": kept.version,
    }
    if entry.kind == COUNTED:
        data |= dict(entry.counts)
    else:
        data |= {name: value for name, value in entry.counts.items() if MEASURE[name].group in ("siak", "stock")}
    return cls(data=data | {f"home-{code}": n for code, n in entry.homes.items()})


def fields_of(entry: Entry, lists: Office) -> list[tuple[str, str, str]]:
    """An entry as (field, label, text), for the report, for two versions side by side, and for its history."""
    rows = [("kind", gettext("Jenis"), gettext("Ada pelayanan") if entry.kind == COUNTED else "NIHIL")]
    if entry.nihil_reason:
        rows.append(("nihil_reason", gettext("Sebab NIHIL"), label(NIHIL_REASONS, entry.nihil_reason)))
    rows += [(m.name, gettext(m.label), number(entry.counts.get(m.name))) for m in MEASURES]
    rows += [(f"home-{code}", history.home_label(code, lists), number(n)) for code, n in entry.homes.items()]
    return [*rows, ("note", gettext("Catatan"), entry.note or "–")]


def answer(point: ServicePoint, day: date) -> Any:
    """What comes back when the day's form is sent: the report's page, the form with what is to be mended, questions."""
    lists = office()
    homes = home_codes(lists)
    form: Any = name_homes(form_class(homes)(request.form), lists)
    entry = entry_of(form, homes)
    problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
    if problems:
        return form_page(point, day, form, merged(problems, check(entry, homes)))
    if form.change.data:
        return form_page(point, day, form)
    submission_id, version, reason = text_of(form, "submission_id"), form.version.data or 0, text_of(form, "reason")
    kits = services().kits(reading(), versions())
    doubts = questions.doubts(reading(), sender(), lists, kits, point, day, entry, version, reason)
    passes = ask_page.passes(form)
    flags, wrong = questions.answered(doubts, passes)
    if doubts and (wrong or ask_page.open_questions(doubts, passes, submission_id)):
        kept = recordings.find(reading(), point.code, day)
        if locks.standing(point, day, kept).open:  # a closed day asks nothing: it says that it is closed
            return ask_page.show(point, day, form, doubts, wrong)
    try:
        with writing() as tx:
            sent = deeds.send(tx, sender(), lists, submission_id, point.code, day, entry, version, reason, flags)
    except Invalid as error:
        return form_page(point, day, form, error.problems)
    except Locked as error:
        rows = compared(error.kept, as_kept(entry), lists)
        return locks.hand_in_page(error.state, point, day, request.form, error.kept, rows)
    except Conflict as error:
        return _conflict(error, point, day, entry, reason, lists, ask_page.carried(passes))
    return received(sent, url_for("recordings.show", code=point.code, day=day))


def form_page(point: ServicePoint, day: date, form: Any = None, problems: Sequence[Problem] = ()) -> Response:
    """The day's form: as it was typed, else as it is kept, else empty."""
    lists = office()
    kept = recordings.find(reading(), point.code, day)
    before = recordings.before(reading(), point.code, day)
    if form is None:
        form = _form(lists, kept, typed())
    shown = errors(problems, {f.name for f in form} | {"homes"})
    sent_back = history.sent_back(kept)
    wrong = sent_back | shown.by_field
    return page(
        "recordings/edit.html",
        422 if problems else 200,
        lock=locks.note(point, day, kept),
        sent_back=sent_back,
        point=point,
        day=day,
        deadline=f"{office().calendar.hours_on(day)[0]:%H.%M}",
        form=form,
        pristine=typed() is None,
        submission_id=(form.submission_id.data if typed() is not None else NEW_ID),
        report=kept if kept and kept.stands else None,
        daily=_boxes(language(), daily=True),
        folded=_folded(form, wrong),
        reason_options=[(code, gettext(text)) for code, text in NIHIL_REASONS.items()],
        homes=_homes(form, lists, wrong),
        usual_texts=_usual_texts(point, day, lists),
        before_texts={m: number(n) for m, n in before.entry.counts.items() if n is not None} if before else {},
        before_word=_before_word(before, day),
        errors=shown.summary,
        wrong=wrong,
    )


Box = tuple[str, str, str, str, int, bool]


@lru_cache(maxsize=8)
def _boxes(_language: str, *, daily: bool) -> list[tuple[str, str, list[Box]]]:
    """The groups of the form with their boxes, in the reader's words: those of every day, or the others."""
    found = []
    for group, title in GROUPS.items():
        boxes = [
            (m.name, gettext(m.label), gettext(m.hint), gettext(m.unit), m.limit, m.name in SPLITS)
            for m in MEASURES
            if m.group == group and m.daily == daily
        ]
        found.append((group, gettext((DAILY if daily else FOLDED).get(group, title)), boxes))
    return [group for group in found if group[2]]


def _folded(form: Any, wrong: dict[str, str]) -> list[tuple[str, str, list[Box], str, bool]]:
    """The groups that are not written every day, what each holds, and whether something in it has to be seen."""
    return [
        (
            group,
            title,
            boxes,
            ", ".join(label for _name, label, *_more in boxes),
            any(form[name].text or name in wrong for name, *_more in boxes),
        )
        for group, title, boxes in _boxes(language(), daily=False)
    ]


def _usual_texts(point: ServicePoint, day: date, lists: Office) -> dict[str, str]:
    around = questions.circumstances(reading(), lists, (), point, day, office_day(now()), first=True)
    return {name: f"{number(usual.low)}–{number(usual.high)}" for name, usual in around.usual.items()}


def _homes(form: Any, lists: Office, wrong: dict[str, str]) -> Markup:
    """The nineteen boxes of the split by home: drawn once a language while nothing is typed into them."""
    names = tuple((f"home-{code}", history.home_label(code, lists)) for code in home_codes(lists))
    boxes = tuple((name, label, form[name].text) for name, label in names)
    if not wrong and not any(text for _name, _label, text in boxes):
        return _empty_homes(boxes, language())
    touched = "homes" in wrong or any(text or name in wrong for name, _label, text in boxes)
    return Markup(render_template("recordings/_homes.html", homes=boxes, wrong=wrong, open=touched))


@lru_cache(maxsize=8)
def _empty_homes(boxes: tuple[tuple[str, str, str], ...], _language: str) -> Markup:
    return Markup(render_template("recordings/_homes.html", homes=boxes, wrong={}, open=False))


def _before_word(before: Report | None, day: date) -> str:
    if before is None:
        return ""
    return gettext("kemarin") if before.service_date == day - timedelta(days=1) else short_day(before.service_date)


def _conflict(
    error: Conflict,
    point: ServicePoint,
    day: date,
    entry: Entry,
    reason: str,
    lists: Office,
    passed: dict[str, str],
) -> Response:
    """Both versions side by side; what was typed goes on from the version that is kept now, if its sender says so."""
    kept = error.kept
    if not isinstance(kept, Report):
        kept = recordings.find(reading(), point.code, day)
    mine = as_kept(entry)
    form = form_class(home_codes(lists))(
        data={
            "kind": mine.kind,
            "nihil_reason": mine.nihil_reason,
            "note": mine.note,
            "reason": reason,
            "version": kept.version if kept else 0,
            **_typed_counts(mine),
            **{f"home-{code}": n for code, n in mine.homes.items()},
            **passed,
        }
    )
    told = ""
    if kept:
        who, when = kept.editor, moment(kept.changed_at)
        told = gettext("Yang tersimpan: dari %(who)s, %(when)s. Bandingkan, lalu pilih.", who=who, when=when)
    return conflict_page(
        gettext(CONFLICTS[error.why]),
        f"{point.name} · {long_day(day)}",
        compared(kept, mine, lists),
        form,
        told=told,
        caption=gettext("Dua isian untuk hari yang sama"),
        action=url_for("recordings.edit", code=point.code, day=day),
        again=gettext("Ganti dengan isian saya"),
        keep=url_for("recordings.show", code=point.code, day=day),
        why=gettext("Alasan mengganti yang tersimpan"),
    )


def compared(kept: Report | None, mine: Entry, lists: Office) -> list[tuple[str, str, str, bool]]:
    """(label, kept, typed, differs) of every field that either of two entries fills."""
    theirs = {f: (name, text) for f, name, text in fields_of(kept.entry, lists)} if kept else {}
    yours = {f: (name, text) for f, name, text in fields_of(mine, lists)}
    rows = []
    for field in [*yours, *(f for f in theirs if f not in yours)]:
        name = (yours.get(field) or theirs[field])[0]
        old, new = theirs.get(field, ("", "–"))[1], yours.get(field, ("", "–"))[1]
        if (old, new) != ("–", "–"):
            rows.append((name, old, new, old != new))
    return rows


def _typed_counts(entry: Entry) -> dict[str, int | None]:
    if entry.kind == NIHIL:
        return {m.name: entry.counts.get(m.name) for m in MEASURES if m.group in ("siak", "stock")}
    return dict(entry.counts)
