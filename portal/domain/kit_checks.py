"""The check list of the day before a visit: each kit that goes is tried, so that the one which fails can be swapped."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from .problems import Problem, _
from .texts import check_text

CHECKS = {
    "battery": _("Baterai atau UPS terisi"),
    "iris": _("Pembaca iris"),
    "finger": _("Pembaca sidik jari"),
    "camera": _("Kamera"),
    "printer": _("Printer"),
    "signature": _("Alat tanda tangan"),
    "login": _("Petugas dapat masuk ke aplikasi"),
    "sync": _("Uji kirim data"),
}
"""What is tried the day before, in the order in which a kit is unpacked."""


class Check(Struct, frozen=True):
    """One line of the check list of the day before: tried on which kit, by whom, when, and what was wrong.

    ``kit_code`` is "" where a visit takes no kit that the portal knows.
    """

    item: str
    ok: bool
    note: str
    by: str
    at: datetime
    kit_code: str = ""


Marks = Mapping[str, Mapping[str, tuple[bool, str]]]
"""Kit ("" for none) → line of the check list → (works, what does not)."""


def mark_name(what: str, kit_code: str, item: str) -> str:
    """The name of a box of the check list: of which kit and which line."""
    return "-".join(part for part in (what, kit_code, item) if part)


def kits_to_check(kits: Collection[str]) -> tuple[str, ...]:
    """The kits that are tried the day before; one without a code where a visit takes none that the portal knows."""
    return tuple(kits) or ("",)


def check_list(marks: Marks, kits: Collection[str]) -> list[Problem]:
    """A check list with at least one line tried, of kits that go; what failed says how."""
    if not any(marks.values()):
        return [Problem("", _("Tandai paling sedikit satu baris."))]
    problems = []
    for kit, lines in marks.items():
        if kit not in kits_to_check(kits):
            problems.append(Problem("", _("Alat %(kit)s tidak ikut kunjungan ini lagi."), {"kit": kit[:40]}))
        for item, (ok, note) in lines.items():
            if item not in CHECKS:
                problems.append(Problem("", _("Baris tidak dikenal: %(name)s."), {"name": item[:40]}))
            required = "" if ok else _("Tulis apa yang tidak berfungsi.")
            problems += check_text(mark_name("note", kit, item), note, 200, required=required)
    return problems


def latest_checks(checks: Iterable[Check]) -> dict[tuple[str, str], Check]:
    """The newest word on each line of the list of each kit; a line that nobody tried is missing."""
    return {(check.kit_code, check.item): check for check in sorted(checks, key=lambda c: c.at)}


def tried(checks: Mapping[tuple[str, str], Check], kits: Collection[str]) -> tuple[int, int, int]:
    """(lines tried, of them failed, all lines) over the kits that go; what was tried on another kit says nothing."""
    wanted = [(kit, item) for kit in kits_to_check(kits) for item in CHECKS]
    done = [checks[line] for line in wanted if line in checks]
    return len(done), sum(not check.ok for check in done), len(wanted)
