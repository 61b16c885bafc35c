"""What others may read of the office's counts: every resource with its fields, once.

The answers of the API, its OpenAPI description, the csv files and the data package all loop over this table, and the
fields of the daily report over ``MEASURES``, so that a description never says what an answer does not. Counts only:
no person, no note, no serial number. A count that is not known is null, never 0.
"""

from collections.abc import Mapping

from msgspec import Struct

from .calendar import EXTRA, IN_GRACE, LATE, MISSING, NOT_DUE, ON_TIME
from .equipment import ABLE, COMPONENTS, STATUSES, UNABLE, UNKNOWN
from .outages import CAUSES
from .problems import _
from .recordings import KINDS, MEASURES, NIHIL_REASONS
from .review import STATES as REVIEW_STATES
from .status import NOT_HERE
from .summary import BOOKS, BY_HOME, BY_WORK, COLUMNS
from .visits import FAILED_REASONS, RESULTS, SESSIONS
from .visits import STATES as VISIT_STATES

TEXT = "string"
COUNT = "integer"
YES_NO = "boolean"
DAY = "date"
MOMENT = "datetime"


class Field(Struct, frozen=True):
    """One value of a row. ``choices`` are the codes a text can be; one that may be null is known not to be known."""

    name: str
    kind: str
    label: str
    nullable: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""


class Resource(Struct, frozen=True):
    """A kind of rows. ``key`` names the fields by which a row is found again, in the order of the pages."""

    name: str
    label: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    district_only: bool = False
    """Whether its rows speak of the whole district, so that no narrower area can read them."""
    ages: bool = False
    """Whether its rows change with the hour though nobody wrote anything: a report becomes late, a kit unconfirmed."""


PERIOD = ("first", "last")
PAGING = ("limit", "cursor")
_ABLE = (ABLE, UNABLE, UNKNOWN, NOT_HERE)
_STATES = (ON_TIME, IN_GRACE, LATE, MISSING, NOT_DUE, EXTRA)

LEVELS = {
    "row": _("Titik layanan atau kecamatan domisili"),
    "hub": _("Jumlah hub"),
    "district": _("Jumlah kabupaten"),
}

KECAMATAN_FIELDS = (
    Field("code", TEXT, _("Kode Kemendagri")),
    Field("name", TEXT, _("Nama")),
    Field("hub_code", TEXT, _("Hub hari ini"), nullable=True),
)
POINT_FIELDS = (
    Field("code", TEXT, _("Kode titik layanan")),
    Field("name", TEXT, _("Nama")),
    Field("kind", TEXT, _("Jenis")),
    Field("kecamatan_code", TEXT, _("Kode Kemendagri"), nullable=True),
    Field("hub_code", TEXT, _("Hub hari ini"), nullable=True),
    Field("active_from", DAY, _("Dipakai sejak")),
    Field("active_to", DAY, _("Dipakai sampai"), nullable=True),
)
DAY_FIELDS = (
    Field("service_date", DAY, _("Tanggal pelayanan")),
    Field("point_code", TEXT, _("Kode titik layanan")),
    Field("kecamatan_code", TEXT, _("Kode Kemendagri"), nullable=True),
    Field("hub_code", TEXT, _("Hub pada hari itu"), nullable=True),
    Field("state", TEXT, _("Keadaan laporan"), choices=_STATES),
    Field("kind", TEXT, _("Jenis"), nullable=True, choices=tuple(KINDS)),
    Field("nihil_reason", TEXT, _("Sebab NIHIL"), nullable=True, choices=tuple(NIHIL_REASONS)),
    *(Field(m.name, COUNT, m.label, nullable=True, unit=m.unit) for m in MEASURES),
    Field("received_at", MOMENT, _("Pertama diterima"), nullable=True),
    Field("review_state", TEXT, _("Tinjauan"), nullable=True, choices=tuple(REVIEW_STATES)),
    Field("verified", YES_NO, _("Terverifikasi"), nullable=True),
    Field("excluded", YES_NO, _("Di luar jumlah"), nullable=True),
    Field("version", COUNT, _("Versi laporan"), nullable=True),
)
SUMMARY_COLUMNS = {c.name: c for book in (BY_WORK, BY_HOME) for c in COLUMNS[book]}
SUMMARY_FIELDS = (
    Field("first", DAY, _("Dari tanggal")),
    Field("last", DAY, _("Sampai tanggal")),
    Field("book", TEXT, _("Buku"), choices=tuple(BOOKS)),
    Field("level", TEXT, _("Tingkat baris"), choices=tuple(LEVELS)),
    Field("hub_code", TEXT, _("Hub"), nullable=True),
    Field("code", TEXT, _("Kode"), nullable=True),
    Field("name", TEXT, _("Nama")),
    Field("kecamatan_code", TEXT, _("Kode Kemendagri"), nullable=True),
    *(Field(c.name, COUNT, c.label, nullable=True) for c in SUMMARY_COLUMNS.values()),
    Field("reports_received", COUNT, _("Laporan masuk"), nullable=True),
    Field("reports_due", COUNT, _("Laporan wajib"), nullable=True),
    Field("reports_verified", COUNT, _("Laporan terverifikasi"), nullable=True),
    Field("reports_standing", COUNT, _("Laporan ada"), nullable=True),
    Field("reports_excluded", COUNT, _("Di luar jumlah"), nullable=True),
)
VISIT_FIELDS = (
    Field("visit_date", DAY, _("Tanggal")),
    Field("id", COUNT, _("Nomor kunjungan")),
    Field("place_code", TEXT, _("Kode tempat")),
    Field("place_name", TEXT, _("Tempat")),
    Field("place_kind", TEXT, _("Jenis")),
    Field("kecamatan_code", TEXT, _("Kode Kemendagri"), nullable=True),
    Field("point_code", TEXT, _("Tim dari")),
    Field("session", TEXT, _("Waktu"), choices=tuple(SESSIONS)),
    Field("state", TEXT, _("Keadaan"), choices=tuple(VISIT_STATES)),
    *(Field(name, COUNT, label, nullable=True) for name, label in RESULTS.items()),
    Field("recorded", COUNT, _("Jumlah rekam"), nullable=True),
    Field("failed_reason", TEXT, _("Sebab gagal rekam"), nullable=True, choices=tuple(FAILED_REASONS)),
    Field("version", COUNT, _("Versi kunjungan")),
)
EQUIPMENT_FIELDS = (
    Field("point_code", TEXT, _("Kode titik layanan")),
    Field("kecamatan_code", TEXT, _("Kode Kemendagri"), nullable=True),
    Field("kits", COUNT, _("Alat di titik ini")),
    Field("can_record", TEXT, _("Bisa rekam"), choices=_ABLE),
    Field("can_print", TEXT, _("Bisa cetak"), choices=_ABLE),
    Field("weakest_part", TEXT, _("Bagian terlemah"), nullable=True, choices=tuple(COMPONENTS)),
    Field("weakest_status", TEXT, _("Keadaan bagian terlemah"), nullable=True, choices=tuple(STATUSES)),
    Field("weakest_since", MOMENT, _("Sejak"), nullable=True),
    Field("expected_back", DAY, _("Perkiraan kembali"), nullable=True),
    Field("confirmed_at", MOMENT, _("Konfirmasi"), nullable=True),
    Field("outage", TEXT, _("Gangguan di luar alat"), nullable=True, choices=tuple(CAUSES)),
)
FIGURE_FIELDS = (
    Field("level", TEXT, _("Tingkat")),
    Field("code", TEXT, _("Kode wilayah")),
    Field("metric", TEXT, _("Ukuran")),
    Field("as_of", DAY, _("Keadaan per (paling akhir)")),
    Field("as_of_text", TEXT, _("Keadaan per, seperti diterbitkan")),
    Field("election", TEXT, _("Pemilihan"), nullable=True),
    Field("value", COUNT, _("Nilai")),
    Field("unit", TEXT, _("Satuan")),
    Field("source", TEXT, _("Sumber")),
    Field("note", TEXT, _("Catatan"), nullable=True),
)
PUBLICATION_FIELDS = (
    Field("number", COUNT, _("Nomor")),
    Field("day", DAY, _("Tanggal pelayanan")),
    Field("published_at", MOMENT, _("Diterbitkan")),
    Field("recorded", COUNT, _("Jumlah rekam")),
    Field("at_offices", COUNT, _("Di kantor"), nullable=True),
    Field("on_visits", COUNT, _("Saat kunjungan"), nullable=True),
    Field("cumulative_before", COUNT, _("Kumulatif sebelumnya")),
    Field("corrected", COUNT, _("Koreksi")),
    Field("cumulative", COUNT, _("Kumulatif")),
    Field("data_from", DAY, _("Data mulai")),
    Field("reports", COUNT, _("Laporan ada")),
    Field("reports_verified", COUNT, _("Laporan terverifikasi")),
    Field("check_code", TEXT, _("Kode periksa")),
    Field("sha256", TEXT, "SHA-256"),
)

RESOURCES: Mapping[str, Resource] = {
    r.name: r
    for r in (
        Resource("kecamatan", _("Kecamatan"), KECAMATAN_FIELDS, ("code",)),
        Resource("points", _("Titik layanan"), POINT_FIELDS, ("code",)),
        Resource(
            "days",
            _("Hari layanan per titik"),
            DAY_FIELDS,
            ("service_date", "point_code"),
            (*PERIOD, "point"),
            ages=True,
        ),
        Resource("summary", _("Ringkasan"), SUMMARY_FIELDS, (), (*PERIOD, "book"), ages=True),
        Resource("visits", _("Kunjungan dan hasilnya"), VISIT_FIELDS, ("visit_date", "id"), PERIOD),
        Resource("equipment", _("Keadaan alat"), EQUIPMENT_FIELDS, ("point_code",), ages=True),
        Resource(
            "figures", _("Angka terbitan dengan sumbernya"), FIGURE_FIELDS, ("code", "metric", "as_of", "election")
        ),
        Resource("publications", _("Rekap terbit"), PUBLICATION_FIELDS, ("number",), district_only=True),
    )
}
