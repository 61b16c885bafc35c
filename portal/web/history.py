"""The ledger's entries about one thing, as staff read them: who, when, what from what, and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..domain.areas import OUTSIDE, Office
from ..domain.audit import AuditEntry
from ..domain.identity import FIELDS as IDENTITY
from ..domain.limits import LIMIT
from ..domain.places import BATCH_STATES, PLACE_KINDS
from ..domain.problems import _
from ..domain.recordings import KINDS, MEASURE, NIHIL_REASONS
from ..domain.visits import CANCEL_REASONS, CHECKS, FAILED_REASONS, RESULTS, SESSIONS, STATES
from ..storage import accounts, areas
from .door import reading
from .formats import label, moment, number, short_day
from .language import gettext

DEEDS = {
    "recordings.send": _("Laporan dikirim"),
    "recordings.correct": _("Laporan diperbaiki"),
    "recordings.cancel": _("Laporan dibatalkan"),
    "visits.plan": _("Kunjungan direncanakan"),
    "visits.change": _("Rencana diubah"),
    "visits.close": _("Hasil diisi"),
    "visits.correct": _("Hasil diperbaiki"),
    "visits.cancel": _("Kunjungan dibatalkan"),
    "settings.change": _("Pengaturan diubah"),
    "visits.propose": _("Kunjungan diusulkan"),
    "visits.accept": _("Usulan diterima"),
    "visits.confirm": _("Kunjungan dikonfirmasi"),
    "visits.unconfirm": _("Konfirmasi dicabut"),
    "visits.start": _("Kunjungan dimulai"),
    "visits.check": _("Daftar periksa diisi"),
    "places.add": _("Tempat ditambahkan"),
    "places.change": _("Tempat diubah"),
    "places.target": _("Sasaran ditambahkan"),
    "places.decide": _("Usulan sasaran diputuskan"),
}
FIRST = frozenset(
    {"recordings.send", "visits.plan", "visits.propose", "visits.close", "visits.check", "places.add", "places.target"}
)
"""Deeds that changed nothing: what they brought stands on the page itself."""

FIELDS: Mapping[str, str] = {
    "kind": _("Jenis"),
    "nihil_reason": _("Sebab NIHIL"),
    "note": _("Catatan"),
    "cancelled": _("Dibatalkan"),
    "visit_date": _("Tanggal"),
    "place_code": _("Tempat"),
    "point_code": _("Tim dari"),
    "team": _("Petugas"),
    "state": _("Keadaan"),
    "cancel_reason": _("Sebab batal"),
    "session": _("Waktu"),
    "contact": _("Narahubung"),
    "kits": _("Alat"),
    "failed_reason": _("Sebab gagal rekam"),
    **{f"check-{item}": text for item, text in CHECKS.items()},
    "name": _("Nama"),
    "level": _("Jenjang"),
    "npsn": "NPSN",
    "kecamatan_code": _("Kecamatan"),
    "address": _("Alamat"),
    "source": _("Sumber"),
    "active_from": _("Dipakai sejak"),
    "active_to": _("Dipakai sampai"),
    **{name: measure.label for name, measure in MEASURE.items()},
    **RESULTS,
    **{f"limit.{name}": limit.label for name, limit in LIMIT.items()},
    **{f"office.{name}": text for name, text in IDENTITY.items()},
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "nihil_reason": NIHIL_REASONS,
    "kind": {**KINDS, **PLACE_KINDS},
    "state": {**BATCH_STATES, **STATES},
    "session": SESSIONS,
    "failed_reason": FAILED_REASONS,
    "cancel_reason": CANCEL_REASONS,
}


def home_label(code: str, lists: Office) -> str:
    """The name of a home area."""
    return gettext("Luar kabupaten") if code == OUTSIDE else lists.home_name(code)


def field_label(field: str, lists: Office) -> str:
    """The word of a field."""
    if field.startswith("home-"):
        return gettext("Domisili %(name)s", name=home_label(field[5:], lists))
    return label(FIELDS, field)


def field_text(field: str, value: Any) -> str:
    """A value in words; what was never given is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, bool):
        return gettext("ya") if value else gettext("tidak")
    return number(value) if isinstance(value, int) else label(VALUES.get(field, {}), str(value))


def _said(field: str, value: Any, lists: Office) -> str:
    """As ``field_text``; places, points and days by name."""
    if field in ("visit_date", "active_from", "active_to") and value:
        return short_day(date.fromisoformat(value))
    if field == "kecamatan_code" and value:
        return lists.home_name(value)
    if field == "point_code" and value in lists.points:
        return lists.points[value].name
    place = areas.place(reading(), value) if field == "place_code" and value else None
    return place.name if place else field_text(field, value)


def lines(entries: Sequence[AuditEntry], lists: Office) -> list[dict[str, Any]]:
    """One line an entry, newest first, signed with the person's name."""
    names = accounts.names_of(reading(), (entry.account for entry in entries))
    return [
        {
            "when": moment(entry.at),
            "who": names.get(entry.account, entry.account),
            "deed": label(DEEDS, entry.deed),
            "reason": entry.reason,
            "changes": []
            if entry.deed in FIRST
            else [
                (field_label(field, lists), _said(field, old, lists), _said(field, new, lists))
                for field, (old, new) in entry.changes.items()
            ],
        }
        for entry in entries
    ]
