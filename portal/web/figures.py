"""Published figures in the browser: the list, one reading with what stood before it, a new one, a correction."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField

from ..actions import figures as deeds
from ..actions.area_codes import area_codes
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.denominators import Base
from ..domain.denominators import bases as bases_of
from ..domain.figures import (
    DESA,
    DISTRICT_CODE,
    FIELDS,
    KECAMATAN,
    KINDS,
    OTHERS,
    ROLLS,
    Entered,
    Figure,
    check_entered,
    kind_of,
    metrics_of,
    readings,
)
from ..domain.problems import EXISTS, OTHER_BODY, Conflict, Invalid, Problem, Unknown, _
from ..domain.summary import Summary
from ..storage import figures, ledger
from . import history
from .door import account, deed, now, office, reading, sender, services, typed, versions, writing
from .forms import NOT_A_DAY, NOT_A_NUMBER, CountField, DayField, PortalForm, errors, merged, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("figures", __name__, url_prefix="/figures")

BELOW = ".*"
"""After a kecamatan's code: its desa."""
OTHER = "other"
COMPARED_DAYS = 12


class FigureForm(PortalForm):
    """A published reading as it is entered."""

    kind = StringField()
    code = StringField()
    value = CountField(_("Jumlah"))
    male = CountField(_("Laki-laki"))
    female = CountField(_("Perempuan"))
    as_of = DayField()
    valid_from = DayField()
    election = StringField()
    source = StringField()


def bases(found: Summary) -> list[Base]:
    """What the recordings of a summary can be held against, side by side."""
    return list(bases_of(services().figures(reading(), versions()), found.period.last, found.dpt, found.reached))


def area_name(code: str) -> str:
    """What an area is called."""
    return area_codes().names.get(code, code)


def election_names(codes: list[str], lists: Office) -> list[tuple[str, str]]:
    """(code, name) of elections; one that the office keeps no calendar of reads *pilkada 2020*."""
    known = {e.code: e.name for e in lists.elections}
    return [(code, known.get(code) or code.replace("-", " ").capitalize()) for code in codes]


def areas_of(chosen: str) -> list[str]:
    """The areas that a choice of the filter means."""
    codes = area_codes()
    if chosen.endswith(BELOW):
        above = chosen.removesuffix(BELOW)
        return [c for c in codes.below(DESA) if c.startswith(above + ".")]
    if chosen == KECAMATAN:
        return codes.below(KECAMATAN)
    return [chosen]


@routes.get("/")
@deed("figures.see")
def index() -> Response:
    """What the office holds of one kind or all, for one area or the areas below it, with date, validity and source."""
    lists, who, today = office(), account(), office_day(now())
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS or kind == OTHER else ""
    area = request.args.get("area", DISTRICT_CODE)
    known = {DISTRICT_CODE, KECAMATAN, *lists.kecamatan, *(code + BELOW for code in lists.kecamatan)}
    area = area if area in known else DISTRICT_CODE
    metrics = list(OTHERS) if kind == OTHER else metrics_of(kind) if kind else [m for k in KINDS for m in metrics_of(k)]
    if not kind:
        metrics += OTHERS
    found = figures.listed(reading(), areas_of(area), metrics)
    compared = [] if kind == OTHER else [kind] if kind else list(KINDS)
    days = figures.days(reading(), compared, today)[:COMPARED_DAYS] if compared else []
    return page(
        "figures/index.html",
        readings=readings(found),
        full=len(found) == figures.LISTED,
        sums=figures.sums(reading(), compared, days) if days else [],
        kecamatan=list(lists.kecamatan.values()),
        several=area == KECAMATAN or area.endswith(BELOW),
        kinds={**KINDS, **OTHERS},
        choices=[(code, gettext(text)) for code, text in KINDS.items()] + [(OTHER, gettext("Angka lain"))],
        kind=kind,
        area=area,
        below=BELOW,
        today=today,
        area_name=area_name,
        may_write=who.may("figures.write"),
        may_compare=who.may("summary.see"),
    )


@routes.get("/<int(max=2147483647):figure_id>")
@deed("figures.see")
def show(figure_id: int) -> Response:
    """One reading: what it says, since when it is used, and every row that stood before it."""
    kept, rows = _kept(figure_id)
    standing = deeds.standing_of(rows)
    kind = kind_of(kept.metric)[0]
    name = deeds.object_of(kept.code, kind, kept.as_of, kept.election)
    return page(
        "figures/show.html",
        kept=kept,
        reading=readings(standing.values())[0],
        rows=rows,
        kind=kind,
        kinds={**KINDS, **OTHERS},
        ending=lambda metric: kind_of(metric)[1],
        area_name=area_name,
        elections=dict(election_names([kept.election], office())) if kept.election else {},
        past=history.lines(ledger.history(reading(), deeds.KIND, name), office()),
        may_write=account().may("figures.write") and kind in KINDS,
    )


def _kept(figure_id: int) -> tuple[Figure, list[Figure]]:
    """(figure, every row about its reading). Raises Unknown."""
    kept = figures.find(reading(), figure_id)
    if kept is None:
        raise Unknown(figure_id)
    metrics = metrics_of(kind_of(kept.metric)[0])
    return kept, figures.of_key(reading(), kept.code, metrics, kept.as_of, kept.election)


@routes.route("/new", methods=["GET", "POST"])
@deed("figures.write")
def new() -> Any:
    """Enter a published reading."""
    return _edit(None, [])


@routes.route("/<int(max=2147483647):figure_id>/correct", methods=["GET", "POST"])
@deed("figures.write")
def correct(figure_id: int) -> Any:
    """Let a new row stand in place of a reading; the old one stays readable."""
    kept, rows = _kept(figure_id)
    if kind_of(kept.metric)[0] not in KINDS:
        raise Unknown(figure_id)
    return _edit(kept, rows)


def _edit(kept: Figure | None, rows: list[Figure]) -> Any:
    lists = office()
    standing = deeds.standing_of(rows)
    form: Any = FigureForm(typed(), data=_filled(kept, rows, standing))
    problems: list[Problem] = []
    status, theirs = 200, {}
    if request.method == "POST":
        status = 422
        problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
        if form.valid_from.text.strip() and form.valid_from.data is None:
            problems.append(Problem("valid_from", NOT_A_DAY))
        entered = _entered(form, kept)
        try:
            if problems:
                names = area_codes().names
                known = deeds.elections(reading(), lists)
                rules = check_entered(entered, names, known, office_day(now()))
                raise Invalid(merged(problems, rules))
            with writing() as tx:
                said = (tx, sender(), lists, text_of(form, "submission_id"), entered)
                if kept is None:
                    sent = deeds.enter(*said)
                else:
                    sent = deeds.correct(*said, form.version.data or 0, text_of(form, "reason"))
            return received(sent, url_for("figures.show", figure_id=sent.object_id))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status = 409
            problems = [Problem("", _CONFLICTS.get(error.why, _("Angka ini baru saja diganti orang lain.")))]
            if error.why != OTHER_BODY:
                theirs = error.kept
            if error.why not in (EXISTS, OTHER_BODY):
                form.version.process_data(max((f.revision for f in theirs.values()), default=0))
    wrong = errors(problems, {f.name for f in form})
    return page(
        "figures/edit.html",
        status,
        kept=kept,
        form=form,
        theirs=theirs,
        main=theirs.get("") if theirs else None,
        kinds=[(code, gettext(text)) for code, text in KINDS.items()],
        kind_names=KINDS,
        rolls=[gettext(KINDS[kind]) for kind in sorted(ROLLS)],
        groups=_area_groups(text_of(form, "code")),
        elections=election_names(deeds.elections(reading(), lists), lists),
        area_name=area_name,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


_CONFLICTS = {
    EXISTS: _("Angka ini sudah dicatat. Bila berbeda, ganti yang tersimpan dengan alasannya."),
    OTHER_BODY: _("Formulir ini sudah dikirim dengan angka lain. Buka lagi halamannya."),
}


def _filled(kept: Figure | None, rows: list[Figure], standing: dict[str, Figure]) -> dict[str, Any]:
    """A form as it is opened: empty with the area asked for, or as the reading stands."""
    if kept is None:
        return {"code": request.args.get("area", DISTRICT_CODE), "kind": request.args.get("kind", "")}
    main = standing.get("") or kept
    numbers = {FIELDS[ending]: figure.value for ending, figure in standing.items()}
    return {
        **numbers,
        "kind": kind_of(kept.metric)[0],
        "code": kept.code,
        "as_of": kept.as_of,
        "valid_from": main.valid_from,
        "election": kept.election,
        "source": main.source,
        "version": deeds.newest_revision(rows),
    }


def _entered(form: Any, kept: Figure | None) -> Entered:
    """What was typed; of a correction, which reading it is stays as it is kept."""
    return Entered(
        kind_of(kept.metric)[0] if kept else text_of(form, "kind"),
        kept.code if kept else text_of(form, "code"),
        {ending: form[field].data for ending, field in FIELDS.items()},
        kept.as_of if kept else form.as_of.data,
        text_of(form, "source"),
        kept.election if kept else text_of(form, "election"),
        form.valid_from.data,
    )


def _area_groups(chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Areas to choose from: the kabupaten, its kecamatan, and the desa of the one kecamatan that was asked for."""
    codes = area_codes()
    groups = [
        (gettext("Kabupaten"), [(DISTRICT_CODE, codes.names[DISTRICT_CODE])]),
        (gettext("Kecamatan"), [(code, codes.names[code]) for code in codes.below(KECAMATAN)]),
    ]
    above = ".".join(chosen.split(".")[:3])
    if chosen.count(".") == 3 and above in codes.names:
        title = gettext("Desa di %(name)s", name=codes.names[above])
        groups.append((title, [(c, codes.names[c]) for c in areas_of(above + BELOW)]))
    return groups
