"""Numbers that the office may set itself, each with its default, its bounds and where the default comes from."""

from msgspec import Struct

from .problems import Problem, _


class Limit(Struct, frozen=True):
    """One number of the office: what it is called, where it may lie, and where its default comes from."""

    name: str
    label: str
    default: int
    least: int
    most: int
    unit: str
    source: str


LIMITS = (
    Limit(
        "kit_day",
        _("Kapasitas satu alat dalam sehari"),
        100,
        1,
        1_000,
        _("rekam"),
        _("Sapuan 2022 merekam 200–300 pelajar sehari dengan 3 alat (Radar Mojokerto, 8 Okt 2022)"),
    ),
    Limit(
        "absence_pct",
        _("Diperkirakan tidak hadir, selama tempat itu belum punya angka sendiri"),
        20,
        0,
        50,
        _("persen"),
        _("sekitar 20 % tidak hadir pada sapuan 2017 (suaramojokerto.com)"),
    ),
    Limit(
        "clerk_days",
        _("Petugas boleh mengisi atau memperbaiki laporan selama"),
        3,
        1,
        30,
        _("hari layanan"),
        _("usulan portal; kantor belum menetapkan"),
    ),
    Limit(
        "supervisor_days",
        _("Pengawas boleh memperbaiki laporan selama"),
        14,
        1,
        366,
        _("hari layanan"),
        _("usulan portal; kantor belum menetapkan"),
    ),
    Limit(
        "exception_hours",
        _("Pengecualian kunci berakhir sendiri setelah"),
        48,
        1,
        336,
        _("jam"),
        _("usulan portal; kantor belum menetapkan"),
    ),
    Limit(
        "blanks_district",
        _("Blangko sekabupaten dianggap menipis pada"),
        1_000,
        0,
        99_999,
        _("keping"),
        _("permintaan blangko diajukan pada 1.000 keping atau kurang (Antara Kalteng 2018)"),
    ),
    Limit(
        "stock_days",
        _("Stok satu titik dianggap menipis bila cukup untuk paling banyak"),
        3,
        0,
        60,
        _("hari cetak"),
        _("usulan portal; kantor belum menetapkan"),
    ),
    Limit(
        "follow_up_days",
        _("Yang tidak hadir atau gagal rekam dikunjungi lagi paling lambat dalam"),
        10,
        1,
        120,
        _("hari"),
        _("usulan portal; kantor belum menetapkan"),
    ),
    Limit(
        "weekend_weight",
        _("Sabtu atau Minggu yang buka dihitung sebagai"),
        50,
        0,
        100,
        _("persen hari kerja"),
        _("usulan portal; kantor belum menetapkan"),
    ),
    Limit(
        "left_days",
        _("Siapa yang tertinggal pada kunjungan terakhir dianggap tidak diketahui lagi sesudah"),
        180,
        1,
        366,
        _("hari"),
        _("usulan portal: satu semester; sesudah itu isi kelas sudah lain"),
    ),
)
"""Every limit, once: settings page, rules and pages loop over this list."""

LIMIT = {limit.name: limit for limit in LIMITS}


def check_limit(name: str, value: int | None) -> list[Problem]:
    """A limit that there is, within its bounds."""
    limit = LIMIT[name]
    if value is not None and limit.least <= value <= limit.most:
        return []
    text = _("Isi dengan bilangan bulat dari %(least)s sampai %(most)s.")
    return [Problem(name, text, {"least": limit.least, "most": limit.most})]
