"""Service points as the supervisor keeps them: a name, the days on which they are in the duty roll, never deleted."""

from collections.abc import Collection, Mapping
from datetime import date

from msgspec.structs import replace

from .areas import Office, ServicePoint
from .duty import LONGEST
from .problems import Problem, _
from .schedule import check_reason
from .texts import check_text

POINT_KINDS: Mapping[str, str] = {
    "kecamatan": _("Kantor kecamatan"),
    "dinas": _("Kantor dinas"),
    "mpp": _("Mal Pelayanan Publik"),
    "titik": _("Titik layanan lain"),
}
NAME_LIMIT = 80


def new_code(taken: Collection[str], kecamatan_code: str | None) -> str:
    """The code of a new point: that of its kecamatan, or the first free number among the district's own."""
    if kecamatan_code and f"kec-{kecamatan_code}" not in taken:
        return f"kec-{kecamatan_code}"
    number = next(n for n in range(1, len(taken) + 2) if f"titik-{n}" not in taken)
    return f"titik-{number}"


def check_point(
    wanted: ServicePoint, hub_code: str, reason: str, office: Office, today: date, kept: ServicePoint | None = None
) -> list[Problem]:
    """Every rule a new or changed point breaks.

    A kecamatan has one point: whose kecamatan is counted, mapped and put under a hub by it. A point without one is put
    under a hub itself, or under none.
    """
    problems = check_text("name", wanted.name, NAME_LIMIT, required=_("Tulis nama titik layanan."))
    others = [p for p in office.points.values() if kept is None or p.code != kept.code]
    if any(p.name.lower() == wanted.name.lower() for p in others):
        problems.append(Problem("name", _("Sudah ada titik layanan dengan nama ini.")))
    if kept is None:
        problems += _check_new(wanted, hub_code, office)
    problems += _check_days(wanted, office, today, kept)
    if kept is not None and replace(wanted, version=kept.version) == kept:
        problems.append(Problem("", _("Tidak ada yang berubah.")))
    return problems + check_reason(reason)


def _check_new(wanted: ServicePoint, hub_code: str, office: Office) -> list[Problem]:
    problems = []
    if wanted.kind not in POINT_KINDS:
        problems.append(Problem("kind", _("Pilih jenis titik layanan.")))
    if wanted.kecamatan_code is not None and wanted.kecamatan_code not in office.kecamatan:
        problems.append(Problem("kecamatan_code", _("Pilih kecamatan dari daftar.")))
    elif wanted.kecamatan_code is not None and (there := office.point_of(wanted.kecamatan_code)):
        text = _("Kecamatan ini sudah punya titik layanan: %(name)s. Pilih tanpa kecamatan.")
        problems.append(Problem("kecamatan_code", text, {"name": there.name}))
    elif wanted.kind == "kecamatan" and wanted.kecamatan_code is None:
        problems.append(Problem("kecamatan_code", _("Kantor kecamatan perlu kecamatannya.")))
    if hub_code and hub_code not in office.hubs:
        problems.append(Problem("hub", _("Pilih hub dari daftar.")))
    elif hub_code and wanted.kecamatan_code is not None:
        problems.append(Problem("hub", _("Titik di kecamatan mengikuti hub kecamatannya. Kosongkan hub.")))
    return problems


def _check_days(wanted: ServicePoint, office: Office, today: date, kept: ServicePoint | None) -> list[Problem]:
    """Days within a year of today, where they are another than before; an end not before the beginning."""
    problems = []
    earliest, latest = date.fromordinal(today.toordinal() - LONGEST), date.fromordinal(today.toordinal() + LONGEST)
    earliest = max(office.start(), earliest) if office.points else earliest
    values = {"first": f"{earliest:%d-%m-%Y}", "last": f"{latest:%d-%m-%Y}"}
    for name in ("active_from", "active_to"):
        day = getattr(wanted, name)
        same = kept is not None and getattr(kept, name) == day
        if day is not None and not same and not earliest <= day <= latest:
            problems.append(Problem(name, _("Pilih tanggal dari %(first)s sampai %(last)s."), values))
    if wanted.active_to is not None and wanted.active_to < wanted.active_from:
        problems.append(Problem("active_to", _("Hari terakhir tidak boleh sebelum hari pertama.")))
    return problems


def changed_from(wanted: ServicePoint, kept: ServicePoint | None) -> date | None:
    """The first day on which it matters to the duty roll; None when only words change."""
    if kept is None:
        return wanted.active_from
    days = []
    if wanted.active_from != kept.active_from:
        days.append(min(wanted.active_from, kept.active_from))
    if wanted.active_to != kept.active_to:
        ends = [day for day in (wanted.active_to, kept.active_to) if day is not None]
        days.append(min(ends))
    return min(days, default=None)
