"""The map of tiles by any measure: what a tile says, which mark it bears, and the legend of those marks."""

from collections.abc import Callable, Sequence

from ..domain.areas import Office
from ..domain.problems import _
from ..domain.summary import BY_HOME, Row, Summary
from . import charts
from .formats import number, rate
from .language import gettext

RECORDED = "recorded"
PER_REPORT = "per_report"
COMPLETENESS = "completeness"
VERIFIED = "verified"
NIHIL = "nihil"
MEASURES = {
    RECORDED: _("Direkam"),
    PER_REPORT: _("Di kantor per laporan"),
    COMPLETENESS: _("Kelengkapan"),
    VERIFIED: _("Terverifikasi"),
    NIHIL: _("Hari NIHIL"),
    "visits": _("Saat kunjungan"),
    "failed": _("Gagal"),
    "printed": _("Cetak"),
}

State = tuple[str, str]


def measures(book: str) -> dict[str, str]:
    """The measures that a book knows."""
    if book == BY_HOME:
        return {RECORDED: MEASURES[RECORDED], "office": _("Di kantor"), "visits": MEASURES["visits"]}
    return MEASURES


def chosen(name: str, book: str) -> str:
    """A measure of the book; the recorded when it knows none of that name."""
    return name if name in measures(book) else RECORDED


def legend(measure: str) -> Sequence[State]:
    """(kind, word) of the marks that tiles of a measure bear."""
    if measure == RECORDED:
        return [
            ("good", gettext("lengkap")),
            ("info", gettext("hari ini belum masuk")),
            ("attention", gettext("masih dalam tenggang, atau alat belum dikonfirmasi")),
            ("bad", gettext("belum lapor atau alat berhenti")),
        ]
    if measure == COMPLETENESS:
        return [("good", gettext("semua masuk")), ("bad", gettext("ada yang belum lapor")), _unknown()]
    if measure == VERIFIED:
        return [("good", gettext("semua terverifikasi")), ("attention", gettext("belum semua")), _unknown()]
    if measure == NIHIL:
        return [("good", gettext("tidak ada hari NIHIL")), ("attention", gettext("ada hari NIHIL")), _unknown()]
    return [("info", gettext("jumlah dari laporan yang masuk")), _unknown()]


def _unknown() -> State:
    return "unknown", gettext("tidak diketahui")


def tiles(found: Summary, lists: Office, measure: str, state_of: Callable[[Row], State]) -> list[charts.Tile]:
    """A tile for each kecamatan; one that changed its hub within the period has several rows."""
    rows: dict[str, list[Row]] = {}
    for row in (row for group in found.groups for row in group.rows):
        if row.kecamatan_code:
            rows.setdefault(row.kecamatan_code, []).append(row)
    below = "/residents" if found.book == BY_HOME else ""
    days = f"period=custom&first={found.period.first}&last={found.period.last}"
    drawn = []
    for kecamatan in lists.kecamatan.values():
        if kecamatan.code not in rows:
            continue
        own = rows[kecamatan.code]
        value, kind, word = _said(found, own, measure, state_of)
        drawn.append(
            charts.Tile(
                kecamatan.tile_column,
                kecamatan.tile_row,
                kecamatan.abbr,
                kecamatan.name,
                value,
                "warn" if kind == "attention" else kind,
                f"/summary/kecamatan/{kecamatan.code}{below}?{days}",
                f"{kecamatan.name}: {value}, {word}",
            )
        )
    return drawn


def _said(found: Summary, own: Sequence[Row], measure: str, state_of: Callable[[Row], State]) -> tuple[str, str, str]:
    """(number, kind of mark, words) of a tile."""
    if found.book == BY_HOME:
        amount = _sum(own, measure)
        return number(amount), "unknown" if amount is None else "info", gettext("penduduk terekam")
    reports = sum(row.reviewed.reports for row in own)
    if measure == RECORDED:
        return number(_sum(own, measure)), *state_of(own[-1])
    if measure == PER_REPORT:
        amount, counted = _sum(own, "office"), reports - sum(row.reviewed.excluded for row in own)
        share = None if amount is None or not counted else amount / counted
        return rate(share), "unknown" if share is None else "info", gettext("rata-rata satu laporan")
    if measure == COMPLETENESS:
        came, due = (sum(getattr(row.completeness, part) for row in own) for part in ("received", "due"))
        kind = "unknown" if not due else "good" if came == due else "bad"
        return f"{came}/{due}", kind, gettext("laporan masuk/wajib")
    if measure == VERIFIED:
        done = sum(row.reviewed.verified for row in own)
        kind = "unknown" if not reports else "good" if done == reports else "attention"
        return f"{done}/{reports}", kind, gettext("diverifikasi/laporan")
    if measure == NIHIL:
        points = {row.code for row in own}
        days = sum(mark.point_code in points for mark in found.nihil_days)
        kind = "unknown" if not reports else "attention" if days else "good"
        return number(days) if reports else "–", kind, gettext("hari NIHIL")
    amount = _sum(own, measure)
    return number(amount), "unknown" if amount is None else "info", gettext(MEASURES[measure]).lower()


def _sum(rows: Sequence[Row], name: str) -> int | None:
    known = [n for n in (row.values[name] for row in rows) if n is not None]
    return sum(known) if known else None
