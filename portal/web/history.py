"""The ledger's entries about one thing, as staff read them: who, when, what from what, and why."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ..domain import transfers
from ..domain.areas import OUTSIDE, Office
from ..domain.audit import AuditEntry, Changes
from ..domain.contacts import WAYS
from ..domain.identity import FIELDS as IDENTITY
from ..domain.kit_checks import CHECKS
from ..domain.limits import LIMIT
from ..domain.lists import CAPABILITIES, NO, YES
from ..domain.pace import TARGET_KINDS
from ..domain.pace_areas import WHOLE
from ..domain.places import BATCH_STATES, PLACE_KINDS
from ..domain.points import POINT_KINDS
from ..domain.problems import _
from ..domain.recordings import KINDS, MEASURE, NIHIL_REASONS, Report
from ..domain.review import CHANGED, MENDED, NEEDS_MENDING, SENT, VERIFIED, changes_since_review
from ..domain.review import STATES as REVIEW_STATES
from ..domain.visits import AGES, CANCEL_REASONS, FAILED_REASONS, RESULTS, SESSIONS, STATES
from ..storage import accounts, areas, ledger, locks
from .door import reading
from .formats import DASH, label, moment, number, short_day, week_words
from .language import gettext

DEEDS = {
    "recordings.send": _("Laporan dikirim"),
    "recordings.correct": _("Laporan diperbaiki"),
    "recordings.cancel": _("Laporan dibatalkan"),
    "completeness.excuse": _("Dimaafkan"),
    "completeness.withdraw": _("Tidak dimaafkan lagi"),
    "calendar.change": _("Kalender diubah"),
    "calendar.withdraw": _("Perubahan kalender dicabut"),
    "reviews.verify": _("Laporan diverifikasi"),
    "reviews.send_back": _("Dikirim balik untuk diperbaiki"),
    "reviews.exclude": _("Dikeluarkan dari jumlah"),
    "reviews.include": _("Dihitung lagi dalam jumlah"),
    "locks.open": _("Pengecualian kunci diberikan"),
    "locks.withdraw": _("Pengecualian kunci dicabut"),
    "proposals.hand_in": _("Usulan terlambat diserahkan"),
    "proposals.accept": _("Usulan terlambat diterima dan dikirim atas nama pengusul"),
    "proposals.decline": _("Usulan terlambat ditolak"),
    "visits.plan": _("Kunjungan direncanakan"),
    "visits.change": _("Rencana diubah"),
    "visits.close": _("Hasil diisi"),
    "visits.correct": _("Hasil diperbaiki"),
    "visits.cancel": _("Kunjungan dibatalkan"),
    "stock.send": _("Kiriman dicatat"),
    "stock.receive": _("Kiriman diterima"),
    "stock.correct": _("Penerimaan diperbaiki"),
    "stock.cancel": _("Kiriman dibatalkan"),
    "settings.change": _("Pengaturan diubah"),
    "elections.add": _("Pemilihan ditambahkan"),
    "elections.change": _("Pemilihan diubah"),
    "elections.target": _("Sasaran ditetapkan"),
    "contacts.note": _("Dihubungi"),
    "lists.change": _("Diubah sejak satu tanggal"),
    "lists.withdraw": _("Perubahan dicabut"),
    "points.add": _("Titik layanan ditambahkan"),
    "points.change": _("Titik layanan diubah"),
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
    "figures.enter": _("Angka dicatat"),
    "figures.correct": _("Angka diganti"),
    "figures.import": _("Berkas angka dimasukkan"),
    "figures.rank": _("Peringkat dicatat"),
}
FIRST = frozenset(
    {
        "recordings.send",
        "proposals.hand_in",
        "proposals.decline",
        "visits.plan",
        "visits.propose",
        "visits.close",
        "visits.check",
        "places.add",
        "places.target",
        "figures.enter",
        "figures.rank",
        "elections.add",
        "stock.send",
    }
)
"""Deeds that changed nothing: what they brought stands on the page itself."""

FIELDS: Mapping[str, str] = {
    "kind": _("Jenis"),
    "nihil_reason": _("Sebab NIHIL"),
    "note": _("Catatan"),
    "cancelled": _("Dibatalkan"),
    "excused": _("Dimaafkan"),
    "valid_from": _("Berlaku sejak"),
    "weekdays": _("Hari layanan"),
    "service_day": _("Hari"),
    "opens": _("Buka"),
    "altered_days": _("Laporan yang berubah keadaannya"),
    "hub": _("Hub"),
    "seat": _("Kedudukan hub"),
    "hours": _("Batas lapor dan akhir tenggang"),
    **CAPABILITIES,
    "homes": _("Rincian domisili"),
    "review_state": _("Tinjauan"),
    "review_field": _("Bagian yang diminta"),
    "excluded": _("Di luar jumlah"),
    "first": _("Dari tanggal"),
    "last": _("Sampai tanggal"),
    "expires_at": _("Berakhir sendiri"),
    "withdrawn": _("Dicabut"),
    "visit_date": _("Tanggal"),
    "place_code": _("Tempat"),
    "point_code": _("Tim dari"),
    "team": _("Petugas"),
    "state": _("Keadaan"),
    "cancel_reason": _("Sebab batal"),
    "received_date": _("Tanggal tiba"),
    "returned_date": _("Tanggal kembali"),
    "arrived": _("Yang tiba"),
    "lost": _("Tidak tiba"),
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
    "value": _("Jumlah"),
    "male": _("Laki-laki"),
    "female": _("Perempuan"),
    "active_from": _("Dipakai sejak"),
    "active_to": _("Dipakai sampai"),
    "polling_day": _("Hari pemungutan suara"),
    "first_service_day": _("Mulai"),
    "birth_cutoff": _("Lahir sampai"),
    "target_kind": _("Jenis sasaran"),
    "area": _("Wilayah"),
    "people": _("Orang"),
    "altered_areas": _("Wilayah yang angkanya berubah"),
    "how": _("Cara"),
    **{name: measure.label for name, measure in MEASURE.items()},
    **RESULTS,
    **AGES,
    "joined_to": _("Digabung dengan kunjungan nomor"),
    **{f"limit.{name}": limit.label for name, limit in LIMIT.items()},
    "limit.opens_hour": _("Titik layanan buka pukul"),  # kept among the limits until hours were dated
    "limit.closes_hour": _("Titik layanan tutup pukul"),
    **{f"office.{name}": text for name, text in IDENTITY.items()},
}
DAYS = frozenset(
    {
        "visit_date",
        "valid_from",
        "polling_day",
        "first_service_day",
        "birth_cutoff",
        "service_day",
        "first",
        "last",
        "received_date",
        "returned_date",
        "active_from",
        "active_to",
    }
)
REVIEW_KINDS = {SENT: "info", NEEDS_MENDING: "bad", MENDED: "attention", VERIFIED: "good", CHANGED: "attention"}
VALUES: Mapping[str, Mapping[str, str]] = {
    "target_kind": TARGET_KINDS,
    "how": WAYS,
    "nihil_reason": NIHIL_REASONS,
    "kind": {**KINDS, **PLACE_KINDS, **POINT_KINDS},
    **{name: {YES: _("bisa"), NO: _("tidak bisa")} for name in CAPABILITIES},
    "state": {**BATCH_STATES, **STATES, **transfers.STATES},
    "session": SESSIONS,
    "failed_reason": FAILED_REASONS,
    "cancel_reason": CANCEL_REASONS,
    "review_state": REVIEW_STATES,
}


def home_label(code: str, lists: Office) -> str:
    """The name of a home area."""
    return gettext("Luar kabupaten") if code == OUTSIDE else lists.home_name(code)


def field_label(field: str, lists: Office) -> str:
    """The word of a field."""
    if field.startswith("home-"):
        return gettext("Domisili %(name)s", name=home_label(field[5:], lists))
    return label(FIELDS, field)


def doubted_label(field: str) -> str:
    """The word of a box that a rule doubted; the day is one of them."""
    return gettext("Tanggal pelayanan") if field == "service_date" else label(FIELDS, field)


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
    if field in DAYS and value:
        return short_day(date.fromisoformat(value))
    if field == "seat":
        return lists.hubs.get(value, gettext("tidak"))
    if field == "hub":
        return lists.hubs.get(value, gettext("belum ditetapkan"))
    if field in CAPABILITIES:
        return label(VALUES[field], value or NO)
    if field == "hours" and value:
        return value.replace(":", ".").replace("-", DASH)
    if field == "weekdays" and value:
        return week_words(value)
    if field == "expires_at" and value:
        return moment(datetime.fromisoformat(value))
    if field == "review_field" and value:
        return field_label(value, lists)
    if field == "kecamatan_code" and value:
        return lists.home_name(value)
    if field == "area" and value:
        return gettext("Kabupaten") if value == WHOLE else lists.hubs.get(value) or lists.home_name(value)
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
            "changes": [] if entry.deed in FIRST else differences(entry.changes, lists),
        }
        for entry in entries
    ]


def differences(changes: Changes, lists: Office) -> list[tuple[str, str, str]]:
    """(field, old, new) in words."""
    return [
        (field_label(field, lists), _said(field, old, lists), _said(field, new, lists))
        for field, (old, new) in changes.items()
    ]


def of_report(point_code: str, day: date) -> list[AuditEntry]:
    """Everything that was done to a report, newest first, with the exceptions that opened its day."""
    found = ledger.history(reading(), "report", f"{point_code}/{day}")
    given = [str(e.id) for e in locks.exceptions_of(reading(), point_code, day)]
    if given:
        found += [e for entries in ledger.histories(reading(), "lock_exception", given).values() for e in entries]
    return sorted(found, key=lambda entry: -entry.seq)


def sent_back(kept: Report | None) -> dict[str, str]:
    """Field → what a supervisor asks to be mended there, for a report that waits for its clerk."""
    if kept is None or not kept.stands or kept.review_state != NEEDS_MENDING:
        return {}
    return {kept.review_field: gettext("Diminta diperbaiki: %(reason)s", reason=kept.review_reason)}


def review_of(kept: Report, lists: Office) -> dict[str, Any]:
    """Where the review of a report stands, in words; with what changed in it after a supervisor last looked."""
    past = ledger.history(reading(), "report", f"{kept.point_code}/{kept.service_date}")
    changes = changes_since_review(past[::-1]) if kept.review_state in (CHANGED, MENDED) else {}
    return {
        "kind": REVIEW_KINDS[kept.review_state],
        "word": gettext(REVIEW_STATES[kept.review_state]),
        "field": field_label(kept.review_field, lists) if kept.review_field else "",
        "changes": differences(changes, lists),
    }
