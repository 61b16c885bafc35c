"""Areas by the codes of four administrations, and which of the four a list was written with.

Dapodik numbers Bangsal and Dlanggu the other way round (050309, 050310), BPS has an order of its own, spreadsheets
drop a leading zero: a code is looked up, never worked out, and the codes of one file all come from one list.
"""

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from .figures import DISTRICT_CODE, level_of

KEMENDAGRI, KPU, BPS, DAPODIK = "Kemendagri", "KPU", "BPS", "Dapodik"
SYSTEMS = (KEMENDAGRI, KPU, BPS, DAPODIK)

DISTRICT_DAPODIK = "050300"
"""The kabupaten in Dapodik, whose kecamatan are 050301 to 050318."""
DISTRICT_NAMES = ("Kabupaten Mojokerto", "Kab. Mojokerto", "Kab Mojokerto")

Row = Mapping[str, str]


class AreaCodes(Struct, frozen=True):
    """What the kabupaten, its kecamatan and desa are called in every list."""

    digits: Mapping[str, tuple[str, frozenset[str]]]
    """Code without dots → (Kemendagri code, lists in which it stands so)."""
    names: Mapping[str, str]
    """Kemendagri code → name."""
    known_as: Mapping[str, tuple[str, ...]]
    """Name or alias, plainly written → Kemendagri codes; many desa share a name."""

    def find(self, text: str) -> tuple[str, frozenset[str]] | None:
        """(Kemendagri code, lists that write it so); None for no area of the kabupaten.

        A zero that a spreadsheet dropped is put back. Only Kemendagri writes dots.
        """
        digits = re.sub(r"[.,\s]", "", text)
        found = self.digits.get(digits) or self.digits.get("0" + digits)
        if found is None or not re.search(r"\d[.,]\d", text):
            return found
        return (found[0], frozenset({KEMENDAGRI})) if KEMENDAGRI in found[1] else None

    def of_name(self, name: str, level: str) -> tuple[str, ...]:
        """The areas of a level that are called so."""
        return tuple(code for code in self.known_as.get(plain(name), ()) if level_of(code) == level)

    def below(self, level: str) -> list[str]:
        """Every area of a level, by code."""
        return [code for code in self.names if level_of(code) == level]


def plain(name: str) -> str:
    """A name as it is compared: small letters and single spaces, without the word for what it is."""
    words = re.sub(r"[\W_]+", " ", name.casefold()).split()
    while len(words) > 1 and words[0] in ("kecamatan", "kec", "desa", "kelurahan", "kel", "ds"):
        words = words[1:]
    return " ".join(words)


def area_codes(kecamatan: Iterable[Row], desa: Iterable[Row]) -> AreaCodes:
    """The codes of a list of kecamatan (code, name, alias, kpu_code, bps_code, dapodik_code) and one of desa (code,
    name). BPS and Dapodik codes of desa are not known: such a code is told to be unknown."""
    names = {DISTRICT_CODE: DISTRICT_NAMES[0]}
    known_as: dict[str, tuple[str, ...]] = {plain(name): (DISTRICT_CODE,) for name in DISTRICT_NAMES}
    systems: dict[str, tuple[str, set[str]]] = {}

    def put(code: str, written: str, system: str) -> None:
        if written:
            kept = systems.setdefault(written, (code, set()))
            assert kept[0] == code, f"{written} names {kept[0]} and {code}"
            kept[1].add(system)

    for system in (KEMENDAGRI, KPU, BPS):
        put(DISTRICT_CODE, DISTRICT_CODE.replace(".", ""), system)
    put(DISTRICT_CODE, DISTRICT_DAPODIK, DAPODIK)
    for row in kecamatan:
        code = _called(names, known_as, row, row["name"], *row["alias"].split(";"))
        for system, written in (
            (KEMENDAGRI, code.replace(".", "")),
            (KPU, row["kpu_code"]),
            (BPS, row["bps_code"]),
            (DAPODIK, row["dapodik_code"]),
        ):
            put(code, written, system)
    for row in desa:
        code = _called(names, known_as, row, row["name"])
        for system in (KEMENDAGRI, KPU):
            put(code, code.replace(".", ""), system)
    digits = {written: (code, frozenset(lists)) for written, (code, lists) in systems.items()}
    return AreaCodes(digits, names, known_as)


def _called(names: dict[str, str], known_as: dict[str, tuple[str, ...]], row: Row, *called: str) -> str:
    """Write down what a row's area is called; returns its code."""
    code = row["code"]
    names[code] = row["name"]
    for name in called:
        if key := plain(name):
            known_as[key] = tuple(dict.fromkeys((*known_as.get(key, ()), code)))
    return code


def in_words(systems: Iterable[str]) -> str:
    """Lists by name, in one order: *Kemendagri/KPU*, which write the same digits."""
    found = set(systems)
    return "/".join(system for system in SYSTEMS if system in found)
