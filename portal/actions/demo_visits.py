"""The demo office's sweep visits of October 2024: real schools and desa, invented dates and numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ..domain.areas import OUTSIDE
from ..domain.calendar import office_instant
from ..domain.visits import RESULTS, Result


@dataclass(frozen=True, slots=True)
class Trip:
    """One visit: who planned it when, and what came of it. ``counts`` follow the order of the paper sheet."""

    place_code: str
    day: date
    by: str
    point_code: str = ""
    team: str = ""
    note: str = ""
    counts: Iterable[int] = ()
    homes: Mapping[str, int] = field(default_factory=dict)
    cancelled: tuple[str, str] | None = None

    @property
    def planned_at(self) -> datetime:
        """Some working days before, but not before the trial."""
        ahead = max(self.day - timedelta(days=4), date(2024, 10, 8))
        return office_instant(min(ahead, date(2024, 10, 18)), time(9, 5 + self.day.day))

    @property
    def ended_at(self) -> datetime:
        """When the result, or the cancellation, was written down."""
        return office_instant(self.day, time(8, 50) if self.cancelled else time(15, self.day.day))

    @property
    def result(self) -> Result | None:
        """What the visit found; None for one without a result."""
        counts = dict(zip(RESULTS, self.counts, strict=False))
        return Result(counts, self.homes) if counts else None


def _day(number: int) -> date:
    return date(2024, 10, number)


TRIPS = (
    # counts: eligible, recorded from the list, already, absent, refused, failed, outside, not yet 16, walk-in
    Trip(
        "npsn-20502725",
        _day(9),
        "penghubung",
        team="Tim 1",
        counts=(120, 67, 22, 17, 0, 2, 3, 9, 5),
        homes={"35.16.05": 49, "35.16.06": 12, OUTSIDE: 4},
    ),
    Trip(
        "npsn-20502727",
        _day(10),
        "penghubung",
        team="Tim 2",
        counts=(160, 75, 40, 21, 1, 3, 6, 14, 3),
        homes={"35.16.13": 38, "35.16.11": 11, "35.16.12": 9, "35.16.16": 2, OUTSIDE: 15},
    ),
    Trip(
        "npsn-20549916",
        _day(11),
        "kemlagi",
        "kec-35.16.15",
        cancelled=("jaringan", "Jaringan putus sejak pagi. Dijadwalkan lagi 23 Oktober."),
    ),
    Trip(
        "desa-35.16.01.2001",
        _day(12),
        "jatirejo",
        "kec-35.16.01",
        note="Di balai desa.",
        counts=(46, 27, 10, 8, 0, 1, 0, 0, 6),
        homes={"35.16.01": 33},
    ),
    Trip(
        "tanpa-amanatul-ummah-pacet",
        _day(13),
        "pacet",
        "kec-35.16.03",
        note="Hari Minggu, agar tidak mengganggu pelajaran.",
        counts=(180, 63, 48, 12, 0, 4, 31, 22, 0),
        homes={"35.16.03": 6, "35.16.02": 3, OUTSIDE: 54},
    ),
    Trip(
        "npsn-20502715",
        _day(14),
        "mojosari",
        "kec-35.16.08",
        team="Tim 1",
        note="Satu dari lima siswa tidak hadir.",
        counts=(150, 79, 24, 30, 1, 3, 4, 9, 4),
        homes={"35.16.08": 41, "35.16.06": 17, "35.16.05": 9, "35.16.10": 6, "35.16.07": 5, OUTSIDE: 5},
    ),
    Trip(
        "rumah-35.16.15",
        _day(15),
        "kemlagi",
        "kec-35.16.15",
        note="Lansia dan warga sakit.",
        counts=(6, 4, 1, 1, 0, 0, 0, 0, 0),
        homes={"35.16.15": 4},
    ),
    Trip(
        "npsn-20563907",
        _day(16),
        "trowulan",
        "kec-35.16.12",
        counts=(140, 72, 31, 19, 0, 2, 5, 11, 2),
        homes={"35.16.12": 47, "35.16.13": 12, OUTSIDE: 10},
    ),
    Trip(
        "npsn-20502731",
        _day(17),
        "jetis",
        "kec-35.16.16",
        counts=(132, 66, 27, 24, 2, 1, 4, 8, 1),
        homes={"35.16.16": 36, "35.16.14": 11, "35.16.15": 9, "35.16.17": 6, OUTSIDE: 5},
    ),
    Trip("npsn-20502730", _day(18), "penghubung", team="Tim 2"),
    Trip("npsn-20555782", _day(22), "penghubung", team="Tim 1", note="Pukul 08.00 di aula."),
    Trip("npsn-20502706", _day(22), "pungging", "kec-35.16.06"),
    Trip("npsn-20549916", _day(23), "kemlagi", "kec-35.16.15", note="Pengganti 11 Oktober."),
    Trip("desa-35.16.17.2001", _day(23), "dawarblandong", "kec-35.16.17"),
    Trip("npsn-20502726", _day(24), "puri", "kec-35.16.11"),
    Trip("npsn-20502729", _day(24), "dlanggu", "kec-35.16.09"),
    Trip("tanpa-riyadlul-jannah-pacet", _day(25), "pacet", "kec-35.16.03"),
)
