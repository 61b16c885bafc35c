"""The rules of the daily report, once: what it must be, what makes it doubtful, and what each rule rests on.

A rule that speaks of the form alone is a claim over its boxes, so that a form without signal can judge by the same
table; a rule that needs the books is a function, and is judged where the books are. Method: validation rules of
DHIS2 (left side, operator, right side, and a strategy for what is missing).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from . import doubts
from .circumstances import Circumstances
from .claims import EACH, HOME, HOMES, LIMITS, NEVER_SKIP, SKIP_IF_ANY, Claim, Values, numbers, true, values_of
from .doubts import Doubt, Finding
from .limits import LIMIT
from .outliers import WATCHED
from .problems import Problem, _
from .recordings import COUNTED, KINDS, MEASURE, NIHIL, NIHIL_REASONS, SERVICE_FLOWS, Entry
from .texts import LARGEST_COUNT, OUT_OF_RANGE, check_text

HARD = "hard"
SOFT = "soft"


class Rule(Struct, frozen=True):
    """One rule. It has either a claim, which a form alone can judge, or a function, which needs more."""

    id: str
    kind: str
    fields: tuple[str, ...]
    """The boxes it speaks of; the message stands at the first, or at each of ``each``."""
    text: str
    source: str
    instruction: str = ""
    claim: Claim | None = None
    when: tuple[Claim, ...] = ()
    each: tuple[str, ...] = ()
    missing: str = SKIP_IF_ANY
    words: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    """What a soft rule is called beside a report that it doubted."""
    refuses: Callable[[Entry, Collection[str]], list[Problem]] | None = None
    doubts: Callable[[Entry, Circumstances], Iterable[Finding]] | None = None


def broken(rule: Rule, values: Values) -> Iterator[Problem]:
    """A problem for every box at which the rule's claim is not true."""
    assert rule.claim is not None
    if not all(true(claim, values, "", SKIP_IF_ANY) for claim in rule.when):
        return
    for at in _boxes(rule, values):
        if true(rule.claim, values, at, rule.missing) is False:
            yield Problem(at, rule.text, _said(rule, values, at))


def _boxes(rule: Rule, values: Values) -> list[str]:
    if not rule.each:
        return [rule.fields[0]]
    homes = [name for name in values if name.startswith(HOME)] if HOME in rule.each else []
    return [*(name for name in rule.each if name != HOME), *homes]


def _said(rule: Rule, values: Values, at: str) -> dict[str, Any]:
    """The numbers that the rule's text names."""
    assert rule.claim is not None
    found: dict[str, Any] = dict(rule.words)
    if "%(given)s" in rule.text:
        found["given"] = sum(n or 0 for n in numbers(rule.claim.left, values, at))
    if "%(total)s" in rule.text:
        found["total"] = sum(n or 0 for n in numbers(rule.claim.right, values, at))
    if "%(limit)s" in rule.text:
        found["limit"] = LIMITS.get(at, LARGEST_COUNT)
    return found


# --- the table ------------------------------------------------------------------------------------------------

_COUNTED = (Claim(("kind",), "in", words=(COUNTED,)),)
_KNOWN_TOTAL = (*_COUNTED, Claim(("recorded",), ">=", number=0))
_NIHIL = (Claim(("kind",), "in", words=(NIHIL,)),)


def _because(*reasons: str) -> tuple[Claim, ...]:
    return (*_NIHIL, Claim(("nihil_reason",), "in", words=reasons))


def _unknown_homes(entry: Entry, homes: Collection[str]) -> list[Problem]:
    unknown = [code for code in entry.homes if code not in homes] if entry.kind == COUNTED else []
    return [Problem("", RULE["known_homes"].text, {"name": code[:40]}) for code in unknown]


def _unknown_boxes(entry: Entry, _homes: Collection[str]) -> list[Problem]:
    unknown = [name for name in entry.counts if name not in MEASURE]
    return [Problem("", RULE["known_boxes"].text, {"name": name[:40]}) for name in unknown]


def _note(entry: Entry, _homes: Collection[str]) -> list[Problem]:
    return check_text("note", entry.note)


_COUNTS_ONLY = _("UU 24/2013 dan UU 27/2022: portal ini hanya menyimpan jumlah")
_STOCK_CARD = _("kartu stok blangko kantor")
_FORM = _("formulir harian Disdukcapil Sulawesi Tengah")
_PORTAL = _("usulan portal")
_ABOVE = _("%(what)s berjumlah %(given)s, lebih besar dari jumlah rekam %(total)s.")
_SUM_OF_PARTS = _("bagian tidak melebihi jumlahnya")

RULES = (
    Rule(
        "kind",
        HARD,
        ("kind",),
        _("Pilih: ada pelayanan, atau NIHIL."),
        _PORTAL,
        claim=Claim(("kind",), "in", words=tuple(KINDS)),
    ),
    Rule(
        "nihil_reason",
        HARD,
        ("nihil_reason",),
        _("Pilih sebab NIHIL."),
        _PORTAL,
        claim=Claim(("nihil_reason",), "in", words=tuple(NIHIL_REASONS)),
        when=_NIHIL,
    ),
    Rule(
        "nihil_note",
        HARD,
        ("note",),
        _("Jelaskan sebab NIHIL di catatan."),
        _PORTAL,
        claim=Claim(("note",), "given"),
        when=_because("lain"),
    ),
    Rule(
        "nihil_counts",
        HARD,
        SERVICE_FLOWS,
        _("Hari NIHIL tidak dapat berisi jumlah. Kosongkan, atau pilih “Ada pelayanan”."),
        _PORTAL,
        claim=Claim((EACH,), "==", number=0),
        when=_NIHIL,
        each=SERVICE_FLOWS,
    ),
    Rule(
        "nihil_homes",
        HARD,
        (HOMES,),
        _("Hari NIHIL tidak dapat berisi rincian domisili."),
        _PORTAL,
        claim=Claim((HOMES,), "==", number=0),
        when=_NIHIL,
    ),
    Rule(
        "recorded_given",
        HARD,
        ("recorded",),
        _("Isi jumlah rekam. Bila tidak ada, tulis 0 atau pilih NIHIL."),
        _PORTAL,
        claim=Claim(("recorded",), "given"),
        when=_COUNTED,
    ),
    Rule(
        "sexes",
        HARD,
        ("recorded_male", "recorded_female", "recorded"),
        _ABOVE,
        _SUM_OF_PARTS,
        claim=Claim(("recorded_male", "recorded_female"), "<=", ("recorded",)),
        when=_KNOWN_TOTAL,
        missing=NEVER_SKIP,
        words={"what": _("Laki-laki dan perempuan")},
    ),
    Rule(
        "first_time",
        HARD,
        ("recorded_first_time", "recorded"),
        _ABOVE,
        _SUM_OF_PARTS,
        claim=Claim(("recorded_first_time",), "<=", ("recorded",)),
        when=_KNOWN_TOTAL,
        words={"what": _("Pemula")},
    ),
    Rule("homes_range", HARD, (HOME,), OUT_OF_RANGE, _FORM, claim=Claim((EACH,), "within"), each=(HOME,)),
    Rule(
        "homes_sum",
        HARD,
        (HOMES, "recorded"),
        _ABOVE,
        _SUM_OF_PARTS,
        claim=Claim((HOMES,), "<=", ("recorded",)),
        when=_KNOWN_TOTAL,
        words={"what": _("Rincian domisili")},
    ),
    Rule("known_homes", HARD, (), _("Kecamatan domisili tidak dikenal: %(name)s."), _PORTAL, refuses=_unknown_homes),
    Rule("known_boxes", HARD, (), _("Isian tidak dikenal: %(name)s."), _PORTAL, refuses=_unknown_boxes),
    Rule("range", HARD, tuple(MEASURE), OUT_OF_RANGE, _FORM, claim=Claim((EACH,), "within"), each=tuple(MEASURE)),
    Rule("note", HARD, ("note",), _("Jangan menulis NIK atau nama warga."), _COUNTS_ONLY, refuses=_note),
    # Soft ones, the gravest first: of those at one box only the first is asked.
    Rule(
        "all_down",
        SOFT,
        ("recorded",),
        _("Semua alat di titik ini tercatat tidak bisa merekam. Anda menulis %(value)s."),
        _PORTAL,
        _("Bila alat sudah pulih, perbarui juga keadaannya."),
        doubts=doubts.all_down,
        name=_("Alat tercatat tidak bisa rekam"),
    ),
    Rule(
        "double_count",
        SOFT,
        ("recorded",),
        _("Kunjungan hari itu juga merekam %(value)s orang. Angka kantor tidak termasuk kunjungan."),
        _PORTAL,
        _("Yang direkam di kunjungan ditulis di kunjungan saja."),
        doubts=doubts.double_count,
        name=_("Sama dengan hasil kunjungan"),
    ),
    Rule(
        "outlier",
        SOFT,
        WATCHED,
        _("Biasanya %(low)s–%(high)s, Anda menulis %(value)s."),
        _("Iglewicz dan Hoaglin 1993: median dan MAD hari sejenis"),
        _("Hitung ulang dari buku tamu."),
        doubts=doubts.outlier,
        name=_("Jauh dari biasanya"),
    ),
    Rule(
        "capacity",
        SOFT,
        ("recorded",),
        _("%(kits)s alat di titik ini merekam paling banyak %(high)s orang sehari. Anda menulis %(value)s."),
        LIMIT["kit_day"].source,
        _("Hitung ulang dari buku tamu."),
        doubts=doubts.capacity,
        name=_("Melebihi kemampuan alat"),
    ),
    Rule(
        "nihil_kit_good",
        SOFT,
        ("nihil_reason",),
        _("Sebabnya alat rusak, tetapi %(kit)s tercatat baik."),
        _PORTAL,
        _("Bila memang rusak, perbarui juga keadaan alat."),
        doubts=doubts.nihil_kit_good,
        name=_("Alat tercatat baik"),
    ),
    Rule(
        "nihil_network_good",
        SOFT,
        ("nihil_reason",),
        _("Sebabnya jaringan atau server pusat, tetapi jaringan %(kit)s tercatat baik."),
        _PORTAL,
        _("Bila jaringan kantor yang putus, perbarui juga keadaan alat."),
        doubts=doubts.nihil_network_good,
        name=_("Jaringan tercatat baik"),
    ),
    Rule(
        "blanks_short",
        SOFT,
        ("printed_prr", "printed_replacement", "blanks_received", "blanks_spoiled"),
        _("Yang dicetak dan rusak %(value)s keping, padahal yang tersedia hanya %(high)s."),
        _STOCK_CARD,
        _("Periksa blangko diterima dan sisa kemarin."),
        doubts=doubts.blanks_short,
        name=_("Blangko tidak cukup"),
    ),
    Rule(
        "blanks_sum",
        SOFT,
        ("blanks_left", "printed_prr", "printed_replacement", "blanks_received", "blanks_spoiled"),
        _("Menurut hitungan sisanya %(low)s keping, Anda menulis %(value)s (selisih %(apart)s)."),
        _STOCK_CARD,
        _("Hitung: sisa kemarin + diterima − dicetak − rusak, dengan kiriman antartitik."),
        doubts=doubts.blanks_sum,
        name=_("Selisih blangko"),
    ),
    Rule(
        "nihil_blanks",
        SOFT,
        ("blanks_left",),
        _("Sebabnya blangko habis, tetapi sisa blangko tertulis %(given)s."),
        _PORTAL,
        _("Periksa sebab NIHIL atau sisa blangko."),
        claim=Claim(("blanks_left",), "==", number=0),
        when=_because("blangko_habis"),
        name=_("Blangko masih ada"),
    ),
    Rule(
        "failed_many",
        SOFT,
        ("failed", "recorded"),
        _("Gagal rekam %(given)s, lebih banyak daripada yang berhasil (%(total)s)."),
        _PORTAL,
        _("Bila alat menurun, laporkan keadaannya di halaman Alat."),
        claim=Claim(("failed",), "<=", ("recorded",)),
        when=_COUNTED,
        name=_("Banyak gagal rekam"),
    ),
    Rule(
        "spoiled_many",
        SOFT,
        ("blanks_spoiled", "printed_prr", "printed_replacement"),
        _("Blangko rusak %(given)s, lebih banyak daripada yang dicetak (%(total)s)."),
        _("SE Dukcapil tentang blangko rusak: dicatat dan dimusnahkan setiap hari"),
        _("Blangko rusak dari hari lain tidak dihitung lagi."),
        claim=Claim(("blanks_spoiled",), "<=", ("printed_prr", "printed_replacement")),
        when=_COUNTED,
        name=_("Banyak blangko rusak"),
    ),
    Rule(
        "same_three_days",
        SOFT,
        ("recorded",),
        _("Semua angka sama persis dengan dua hari layanan sebelumnya."),
        _PORTAL,
        _("Pastikan bukan salinan laporan kemarin."),
        doubts=doubts.same_three_days,
        name=_("Sama tiga hari berturut-turut"),
    ),
    Rule(
        "refill",
        SOFT,
        ("ribbon_pct", "film_pct"),
        _("Naik dari %(high)s menjadi %(value)s persen. Bila diganti baru, sisanya mendekati 100."),
        _PORTAL,
        doubts=doubts.refill,
        name=_("Sisa naik tanpa diganti"),
    ),
    Rule(
        "late_first",
        SOFT,
        ("service_date",),
        _("Ini laporan pertama untuk hari yang sudah lewat %(value)s hari."),
        _PORTAL,
        _("Pastikan tanggalnya benar."),
        doubts=doubts.late_first,
        name=_("Laporan pertama lewat tiga hari"),
    ),
)
"""Every rule of the daily report, hard and soft: check, questions, page and offline form loop over this list."""

RULE = {rule.id: rule for rule in RULES}


def check(entry: Entry, homes: Collection[str]) -> list[Problem]:
    """Every hard rule an entry breaks; ``homes`` are the home-area codes that exist."""
    values = values_of(entry)
    found: list[Problem] = []
    for rule in RULES:
        if rule.kind == HARD:
            found += broken(rule, values) if rule.refuses is None else rule.refuses(entry, homes)
    return found


def raised(entry: Entry, around: Circumstances) -> list[Doubt]:
    """Every doubt about a sound entry, the gravest first."""
    values = values_of(entry)
    found: list[Doubt] = []
    for rule in RULES:
        if rule.kind == SOFT:
            of_form = rule.doubts is None
            findings = _findings(rule, values) if of_form else rule.doubts(entry, around)  # type: ignore[misc]
            found += [Doubt(rule.id, rule.text, finding) for finding in findings]
    return found


def _findings(rule: Rule, values: Values) -> Iterator[Finding]:
    for problem in broken(rule, values):
        words = problem.values
        yield Finding(problem.field, words.get("given"), high=words.get("total"), words=words)
