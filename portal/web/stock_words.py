"""The stock in words: how much, how old, how long it lasts; the letters that ask for more; the table to take away."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask import url_for

from ..domain.areas import Office, ServicePoint
from ..domain.problems import _
from ..domain.stock import (
    EMPTY,
    ENOUGH,
    LOW,
    REQUEST_DAYS,
    UNKNOWN,
    Consumable,
    District,
    Reading,
    Stock,
    missing,
)
from ..domain.transfers import CANCELLED, RECEIVED, SENT, STATES, Transfer
from .downloads import Cell, Table
from .formats import DASH, label, moment, number, plain_day, short_day
from .language import ENGLISH, INDONESIAN, gettext, language, ngettext, speaking

KIND = {EMPTY: "bad", LOW: "attention", UNKNOWN: "unknown", ENOUGH: "good"}
WORD = {EMPTY: _("Habis"), LOW: _("Menipis"), UNKNOWN: _("Belum diketahui"), ENOUGH: _("Cukup")}
OLD = _("Bacaan lama")
STATE_KIND = {SENT: "info", RECEIVED: "good", CANCELLED: "unknown"}
CONSUMABLES = {"ribbon_pct": _("Ribbon"), "film_pct": _("Film")}


def signed(value: int | None) -> str:
    """A difference with its sign: +3, −3, 0; a dash when it is not known."""
    if value is None:
        return DASH
    return number(value) if value == 0 else f"{'+' if value > 0 else '−'}{number(abs(value))}"


def rate(value: Fraction | None) -> str:
    """Prints a day: 24 or 24,5."""
    if value is None:
        return DASH
    if value.denominator == 1:
        return number(int(value))
    text = f"{float(value):.1f}"
    return text if language() == ENGLISH else text.replace(".", ",")


def lasting(days: int | None) -> str:
    """How many printing days something lasts; a dash when that is not known."""
    return DASH if days is None else ngettext("%(num)s hari cetak", "%(num)s hari cetak", days)


def read_when(read: Reading | None) -> str:
    """When something was read, and how long ago that is in service days."""
    if read is None:
        return gettext("belum pernah dibaca")
    if read.age == 0:
        return gettext("%(day)s, hari layanan terakhir", day=short_day(read.day))
    return ngettext(
        "%(day)s, %(num)s hari layanan lalu", "%(day)s, %(num)s hari layanan lalu", read.age, day=short_day(read.day)
    )


def usual_words(stock: Stock) -> str:
    """What the days left are worked out from."""
    if stock.usual is None:
        return gettext("cetak biasanya belum diketahui (%(days)s hari)", days=number(stock.usual_days))
    return ngettext(
        "biasanya %(prints)s cetak sehari (median %(num)s hari)",
        "biasanya %(prints)s cetak sehari (median %(num)s hari)",
        stock.usual_days,
        prints=rate(stock.usual),
    )


def moved_words(stock: Stock) -> str:
    """What transfers changed after the last reading; "" when nothing did."""
    if stock.read is None or stock.moved.inwards == stock.moved.outwards:
        return ""
    change = stock.moved.inwards - stock.moved.outwards
    if stock.shelf is None:
        return gettext("kiriman sesudah dibaca melebihi sisanya; menunggu laporan")
    return gettext(
        "dibaca %(read)s, kiriman sesudahnya %(change)s", read=number(stock.read.value), change=signed(change)
    )


def level_of(stock: Stock, limit: int) -> tuple[str, str]:
    """(kind, word) of a point's stock."""
    level = stock.level(limit)
    old = level == UNKNOWN and stock.days is not None
    return KIND[level], gettext(OLD) if old else gettext(WORD[level])


def row(stock: Stock, point: ServicePoint, limit: int) -> dict[str, Any]:
    """A point's stock as the pages show it."""
    return {
        "stock": stock,
        "name": point.short,
        "href": url_for("stock.show", code=point.code),
        "level": level_of(stock, limit),
        "read": read_when(stock.read),
        "moved": moved_words(stock),
        "days": lasting(stock.days),
        "usual": usual_words(stock),
        "rate": rate(stock.usual),
        "prr": read_when(stock.prr),
        "beside": beside_prr(stock),
        "consumables": [
            (
                gettext(text),
                percentage(stock.consumables.get(name)),
                lasting(stock.consumable_days(name)),
                read_when(_read(stock, name)),
            )
            for name, text in CONSUMABLES.items()
        ],
    }


def _read(stock: Stock, name: str) -> Reading | None:
    return stock.consumables.get(name, Consumable()).read


def percentage(found: Consumable | None) -> str:
    """A ribbon or film as its last percentage."""
    return f"{found.read.value}%" if found is not None and found.read is not None else DASH


def beside_prr(stock: Stock) -> str:
    """Backlog and stock side by side: PRR 812, blangko 300."""
    return gettext(
        "PRR %(prr)s, blangko %(blanks)s",
        prr=number(stock.prr.value if stock.prr else None),
        blanks=number(stock.shelf),
    )


def coverage(found: District) -> str:
    """Of how many points the district's stock is known, and how old the oldest reading is."""
    points = gettext("dari %(known)s dari %(points)s titik", known=number(found.known), points=number(found.points))
    if found.oldest is None:
        return points
    if found.oldest == 0:
        return gettext("%(points)s, semua dibaca hari layanan terakhir", points=points)
    return ngettext(
        "%(points)s, terlama %(num)s hari layanan lalu",
        "%(points)s, terlama %(num)s hari layanan lalu",
        found.oldest,
        points=points,
    )


def line(transfer: Transfer, lists: Office, today: date) -> dict[str, Any]:
    """A transfer as lists show it."""
    names = [lists.points[code].short if code in lists.points else code for code in sides(transfer)]
    ended = {
        RECEIVED: gettext(
            "tiba %(number)s keping %(day)s", number=number(transfer.arrived), day=short_day(transfer.ended_date)
        ),
        CANCELLED: gettext("kembali %(day)s", day=short_day(transfer.ended_date)),
    }
    late = transfer.overdue(today)
    parts = [
        gettext(
            "%(number)s keping dikirim %(day)s", number=number(transfer.quantity), day=short_day(transfer.sent_date)
        ),
        ended.get(transfer.state, ""),
        gettext("%(number)s tidak tiba", number=number(transfer.lost)) if transfer.lost else "",
    ]
    kind = "attention" if late or transfer.lost else STATE_KIND[transfer.state]
    return {
        "transfer": transfer,
        "from": names[0],
        "to": names[1],
        "what": f"{names[0]} → {names[1]}",
        "meta": " · ".join(part for part in parts if part),
        "href": url_for("transfers.show", transfer_id=transfer.id),
        "state": (kind, gettext("Lama di jalan") if late else label(STATES, transfer.state)),
    }


def sides(transfer: Transfer) -> tuple[str, str]:
    """The giving and the receiving point."""
    return transfer.from_point, transfer.to_point


# --- letters: always in Indonesian, whoever reads the page, because the office they go to does -------------------


def point_letter(stock: Stock, point: ServicePoint) -> str:
    """A point asks the district's office for blanks: numbers, dates, days left."""
    with speaking(INDONESIAN):
        lines = [
            "Yth. Kepala Dispendukcapil Kabupaten Mojokerto",
            f"Perihal: permintaan blangko KTP-el {point.name}",
            "",
            f"Sisa blangko: {_pieces(stock)}.",
            _lasts(stock),
            f"PRR (siap cetak): {_as_read(stock.prr)}.",
            *([f"Dalam perjalanan ke sini: {number(stock.coming)} keping."] if stock.coming else []),
            *(
                f"Sisa {text.lower()}: {_as_read(_read(stock, name), '%')}."
                for name, text in CONSUMABLES.items()
                if _read(stock, name)
            ),
            "",
            _asks(missing([stock]), "tambahan"),
            "Terima kasih.",
        ]
        return "\n".join(lines)


def district_letter(found: District, stocks: Sequence[Stock], lists: Office, limit: int, today: date) -> str:
    """The district asks the ministry for an allotment; each sum says of how many points it speaks."""
    with speaking(INDONESIAN):
        low = [s for s in stocks if s.level(limit) in (EMPTY, LOW)]
        named = ", ".join(f"{lists.points[s.point_code].short} ({lasting(s.days)})" for s in low)
        of = f"dari {number(found.points)} titik layanan"
        lines = [
            "Yth. Direktur Jenderal Kependudukan dan Pencatatan Sipil, Kementerian Dalam Negeri",
            "Perihal: permintaan blangko KTP-el Kabupaten Mojokerto",
            "",
            f"Sisa blangko per {plain_day(today)}: {number(found.total)} keping, {coverage(found)}.",
            *([f"Dalam perjalanan antartitik: {number(found.in_transit)} keping."] if found.in_transit else []),
            f"PRR (siap cetak): {number(found.prr)}, menurut {number(found.prr_known)} {of}.",
            f"Cukup untuk {lasting(found.days)}, menurut {number(found.days_known)} {of}."
            if found.days is not None
            else "Lama cukupnya belum dapat dihitung: cetak harian belum cukup terisi.",
            f"Titik yang menipis: {named}." if named else "Tidak ada titik yang diketahui menipis.",
            "",
            _asks(missing(stocks), "alokasi"),
            "Terima kasih.",
        ]
        return "\n".join(lines)


def _pieces(stock: Stock) -> str:
    if stock.read is None:
        return "belum diketahui"
    then = f"dihitung {plain_day(stock.read.day)}"
    after = moved_words(stock)
    return f"{number(stock.shelf)} keping ({'; '.join(part for part in (then, after) if part)})"


def _as_read(read: Reading | None, unit: str = "") -> str:
    return f"{number(read.value)}{unit} (dibaca {plain_day(read.day)})" if read else "belum diketahui"


def _lasts(stock: Stock) -> str:
    if stock.usual is None or stock.days is None:
        return "Lama cukupnya belum dapat dihitung: cetak harian belum cukup terisi."
    usual = f"Cetak biasanya {rate(stock.usual)} keping sehari (median {number(stock.usual_days)} hari terakhir)"
    return f"{usual}, jadi cukup untuk {lasting(stock.days)}."


def _asks(wanted: int | None, what: str) -> str:
    why = f"untuk PRR atau {REQUEST_DAYS} hari cetak, mana yang lebih besar"
    if wanted is None:
        return f"Mohon {what} blangko KTP-el."
    if wanted == 0:
        return f"Sisa itu mencukupi {why.removeprefix('untuk ')}."
    return f"Mohon {what} {number(wanted)} keping, {why}, dikurangi sisa dan kiriman di jalan."


# --- the table to take away --------------------------------------------------------------------------------------


def table_of(
    stocks: Sequence[Stock], found: District, lists: Office, limit: int, at: datetime, version: int, *, demo: bool
) -> Table:
    """The stock as on the screen, one row a point; what is not known stays an empty cell."""
    header = [
        gettext("Kode"),
        gettext("Nama"),
        gettext("Keadaan"),
        gettext("Sisa blangko"),
        gettext("Terakhir dibaca"),
        gettext("Hari layanan lalu"),
        gettext("Kiriman sesudah dibaca"),
        gettext("Cukup untuk (hari cetak)"),
        gettext("Cetak biasanya sehari"),
        gettext("PRR"),
        gettext("Ribbon (%)"),
        gettext("Film (%)"),
        gettext("Dalam perjalanan ke sini"),
    ]
    rows = [_cells(stock, lists.points[stock.point_code], limit) for stock in stocks]
    total: list[Cell] = ["", gettext("Jumlah yang diketahui"), coverage(found), found.total]
    rows.append([*total, None, found.oldest, None, found.days, None, found.prr, None, None, found.in_transit])
    notes = [
        (gettext("Isi"), gettext("Sisa terakhir tiap titik, bukan jumlah per hari; kiriman sesudahnya diperhitungkan")),
        (gettext("Diambil"), moment(at)),
        (gettext("Versi data"), str(version)),
        (gettext("Kelengkapan"), coverage(found)),
        (gettext("Sel kosong"), gettext("tidak diketahui, bukan nol")),
        (gettext("Hilang di jalan"), gettext("%(number)s keping dalam 60 hari", number=number(found.lost))),
    ]
    if demo:
        notes.insert(0, (gettext("Data contoh"), gettext("Angka karangan untuk peragaan, bukan angka resmi")))
    return Table(gettext("Stok"), gettext("Data contoh") if demo else gettext("Stok"), header, rows, notes)


def _cells(stock: Stock, point: ServicePoint, limit: int) -> list[Cell]:
    def value(read: Reading | None) -> int | None:
        return read.value if read else None

    return [
        stock.point_code,
        point.name,
        level_of(stock, limit)[1],
        stock.shelf,
        plain_day(stock.read.day) if stock.read else None,
        stock.read.age if stock.read else None,
        stock.moved.inwards - stock.moved.outwards if stock.read else None,
        stock.days,
        rate(stock.usual) if stock.usual is not None else None,
        value(stock.prr),
        value(_read(stock, "ribbon_pct")),
        value(_read(stock, "film_pct")),
        stock.coming,
    ]
