"""What stood around the numbers of a report when it was published, in words."""

from datetime import date

from ..domain.areas import Office
from ..domain.equipment import ABLE, COMPONENTS, UNABLE
from ..domain.outages import CAUSES
from ..domain.periodic import Periodic
from .formats import label, number, plain_day
from .language import gettext
from .publication_words import point_name


def equipment(found: Periodic, lists: Office) -> str:
    """How many points can record, and which cannot and why."""
    able = sum(a.record == ABLE for a in found.around.abilities)
    stopped = [
        f"{point_name(a.point_code, lists)} ({label(COMPONENTS, a.part).lower() if a.part else gettext('gangguan')})"
        for a in found.around.abilities
        if a.record == UNABLE
    ]
    unknown = len(found.around.abilities) - able - len(stopped)
    told = [
        gettext("%(able)s dari %(all)s titik beralat bisa rekam", able=able, all=len(found.around.abilities)),
        gettext("tidak bisa: %(names)s", names=", ".join(stopped)) if stopped else "",
        gettext("belum dikonfirmasi: %(number)s titik", number=unknown) if unknown else "",
    ]
    return "; ".join(part for part in told if part)


def stops(found: Periodic, lists: Office) -> str:
    """Outages that lasted when the report was published."""
    return "; ".join(
        gettext(
            "%(where)s: %(cause)s sejak %(day)s",
            where=point_name(stop.point_code, lists) if stop.point_code else gettext("Seluruh kabupaten"),
            cause=label(CAUSES, stop.cause).lower(),
            day=plain_day(date.fromisoformat(stop.since)),
        )
        for stop in found.around.stops
    ) or gettext("tidak ada yang berlangsung")


def blanks(found: Periodic, lists: Office) -> str:
    """Blanks at the points that told of them, and where they run out."""
    around = found.around
    if around.blanks_left is None:
        return gettext("belum diketahui")
    short = [
        gettext("%(point)s %(days)s hari", point=point_name(b.point_code, lists), days=b.days)
        for b in sorted(around.blanks, key=lambda b: (b.days is None, b.days or 0, b.point_code))
        if b.days is not None and b.days <= lists.limit("stock_days")
    ]
    told = [
        gettext(
            "%(left)s keping di %(known)s dari %(all)s titik",
            left=number(around.blanks_left),
            known=around.blanks_known,
            all=len(around.blanks),
        ),
        gettext("cukup %(days)s hari cetak", days=around.blanks_days) if around.blanks_days is not None else "",
        gettext("menipis: %(points)s", points=", ".join(short)) if short else "",
    ]
    return "; ".join(part for part in told if part)


def visits(found: Periodic) -> str:
    """The visits of the period and what they found."""
    held = found.around.visits or {}
    told = [gettext("%(number)s selesai", number=number(held.get("done", 0)))]
    if held.get("done"):
        told += [
            gettext("sasaran menurut daftar %(number)s", number=number(held["eligible"])),
            gettext("sudah pernah rekam %(number)s", number=number(held["already"])),
            gettext("tidak hadir %(number)s", number=number(held["absent"])),
        ]
    if held.get("cancelled"):
        told.append(gettext("%(number)s batal", number=number(held["cancelled"])))
    if held.get("open"):
        told.append(gettext("%(number)s belum ada hasilnya", number=number(held["open"])))
    return " · ".join(told)
