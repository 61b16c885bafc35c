from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.actions import equipment as status_deeds
from portal.actions import kit_file, parts
from portal.domain.papers import Papers
from portal.domain.problems import Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, equipment, faults

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

KIT, OTHER = f"kit-{NGORO}", f"kit-{PUNGGING}"
PAPERS = Papers("IR-1", TODAY - timedelta(days=20), 32_000_000, TODAY + timedelta(days=700), "both")


class Desk:
    def __init__(self, database):
        self.database = database
        with database.reading() as tx:
            self.office = areas.office(tx)

    def do(self, deed, *args, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            return deed(tx, people.sending(who, NOW), id or records.submission_id(), *args)

    def kit(self, code=KIT):
        with self.database.reading() as tx:
            return equipment.find(tx, code)

    def part(self, kind="iris", code=KIT):
        return next((c for c in self.kit(code).components if c.kind == kind), None)

    def papers(self, papers=PAPERS, kind="iris", code=KIT, **more):
        part = self.part(kind, code)
        return self.do(parts.set_papers, part.id, part.version, papers, **more)

    def take_in(self, rows, who=people.supervisor):
        with self.database.writing() as tx:
            sender = people.sending(who)
            return kit_file.take_in(tx, sender, self.office, records.submission_id(), rows)

    def preview(self, rows):
        with self.database.reading() as tx:
            return kit_file.preview(tx, people.sending(people.supervisor), self.office, rows)


@pytest.fixture
def desk(database):
    return Desk(database)


def test_a_part_has_papers_and_a_printer_may_be_needed_for_nothing(desk):
    desk.papers()
    part = desk.part()
    assert (part.serial, part.bought, part.price_rp, part.warranty_until) == (
        PAPERS.serial, PAPERS.bought, PAPERS.price_rp, PAPERS.warranty_until
    )  # fmt: skip
    assert (part.records, part.prints, part.version) == (True, True, 2)


def test_a_serial_number_is_in_one_kit_only(desk):
    desk.papers()
    before = digest(desk.database)
    for deed in (lambda: desk.papers(code=OTHER), lambda: desk.papers(replace(PAPERS, serial="IR-1"), code=OTHER)):
        with pytest.raises(Invalid) as caught:
            deed()
        assert [p.field for p in caught.value.problems] == ["serial"]
    assert digest(desk.database) == before
    desk.papers(kind="camera", code=OTHER)  # another maker's numbers may look the same


def test_two_who_write_one_parts_papers_conflict(desk):
    part = desk.part()
    desk.papers()
    with pytest.raises(Conflict):
        desk.do(parts.set_papers, part.id, part.version, Papers("IR-2"))


@pytest.mark.parametrize("who", [people.clerk, people.reader, people.liaison])
def test_papers_are_the_districts_to_write(desk, who):
    for deed in (
        lambda: desk.papers(who=who),
        lambda: desk.do(parts.take_out, desk.part().id, 1, who=who),
        lambda: desk.do(parts.transfer, desk.part().id, 1, OTHER, who=who),
        lambda: desk.do(parts.add, KIT, "iris", PAPERS, who=who),
        lambda: desk.do(parts.replace_device, desk.part().id, 1, PAPERS, who=who),
        lambda: desk.take_in([["kode", "bagian"]], who=who),
    ):
        with pytest.raises(NotPermitted):
            deed()


def broken(desk):
    part = desk.part()
    with desk.database.writing() as tx:
        sender = people.sending(people.clerk, NOW)
        id = records.submission_id()
        status_deeds.set_status(tx, sender, id, KIT, "iris", part.version, "broken", "fisik_rusak", "")
    return desk.part()


def test_another_device_works_and_closes_the_fault_and_the_old_one_stays_with_its_history(desk):
    desk.papers()
    old, version = broken(desk), desk.kit().version
    new = int(desk.do(parts.replace_device, old.id, old.version, Papers("IR-2")).object_id)
    part = desk.part()
    assert (part.id, part.serial, part.status) == (new, "IR-2", "good")
    assert desk.kit().version > version
    with desk.database.reading() as tx:
        gone = equipment.part(tx, old.id)
        assert (gone.removed_at, gone.status, gone.serial) == (NOW, "broken", "IR-1")
        assert faults.waiting(tx) == []
        assert len(equipment.part_events(tx, old.id)) == 2
    with pytest.raises(Unknown):
        desk.do(parts.take_out, old.id, 99)


def test_a_part_goes_into_another_kit_with_its_state_and_its_fault(desk):
    old = broken(desk)
    with pytest.raises(Invalid) as caught:
        desk.do(parts.transfer, old.id, old.version, OTHER)
    assert [p.field for p in caught.value.problems] == ["kit"]
    theirs = desk.part(code=OTHER)
    desk.do(parts.take_out, theirs.id, theirs.version)
    assert desk.kit(OTHER).can_record == "unable"
    new = int(desk.do(parts.transfer, old.id, old.version, OTHER).object_id)
    moved = desk.part(code=OTHER)
    assert (moved.id, moved.status, moved.since, desk.part()) == (new, "broken", old.since, None)
    with desk.database.reading() as tx:
        (fault,) = faults.waiting(tx)
    assert (fault.kit_code, fault.component_id) == (OTHER, new)
    with pytest.raises(Unknown):
        desk.do(parts.transfer, old.id, old.version, OTHER)


def test_a_kits_version_never_comes_back_to_what_a_page_showed(desk):
    """A part that leaves takes its number of changes along: the others make up for it."""
    seen = {desk.kit().version}
    for kind in ("iris", "camera", "pc"):
        part = desk.part(kind)
        desk.do(parts.take_out, part.id, part.version)
        version = desk.kit().version
        assert version > max(seen)
        seen.add(version)


def test_a_kit_has_one_part_of_a_kind(desk):
    with pytest.raises(Invalid) as caught:
        desk.do(parts.add, KIT, "iris", Papers())
    assert [p.field for p in caught.value.problems] == ["kind"]
    with pytest.raises(Invalid):
        desk.do(parts.add, KIT, "palu", Papers())
    with pytest.raises(Unknown):
        desk.do(parts.add, "KIT-0", "iris", Papers())
    part = desk.part()
    desk.do(parts.take_out, part.id, part.version)
    desk.do(parts.add, KIT, "iris", PAPERS)
    assert desk.part().serial == "IR-1"


HEADER = ["Kode", "Nama", "Titik", "Bagian", "Seri", "Dibeli", "Harga", "Garansi", "Perlu untuk"]
ROW = ["KIT-NGO-2", "Alat Ngoro 2", NGORO, "iris", "ir-9", "01-10-2024", "32.000.000", "2026-10-01", "rekam"]


def row(**over):
    names = ["kode", "nama", "titik", "bagian", "seri", "dibeli", "harga", "garansi", "perlu"]
    return [over.get(name, cell) for name, cell in zip(names, ROW, strict=True)]


def test_a_file_makes_kits_adds_parts_and_completes_papers(desk):
    part = desk.part("ups")
    desk.do(parts.take_out, part.id, part.version)
    rows = [
        HEADER,
        ROW,
        row(nama="", titik="", bagian="Printer KTP-el", seri="PR-1", perlu="cetak"),
        row(kode=KIT, bagian="ups", seri="UP-1", perlu=""),
        row(kode=KIT, bagian="kamera", seri="CA-1", perlu="tidak"),
        [""] * 9,
    ]
    change = desk.preview(rows)
    assert (len(change.new_kits), len(change.new_parts), len(change.new_papers)) == (1, 1, 1)
    desk.take_in(rows)
    kit = desk.kit("KIT-NGO-2")
    assert {c.kind: c.serial for c in kit.components} == {"iris": "IR-9", "printer": "PR-1"}
    assert (kit.components[0].price_rp, kit.point_code) == (32_000_000, NGORO)
    assert desk.part("ups").serial == "UP-1"
    assert desk.part("camera").needed_for == "neither"
    again = desk.preview(rows)
    assert (again.same, again.new_kits, again.new_parts, again.new_papers) == (4, {}, [], [])


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["kode", "sepatu"]],
        [["kode", "nama"]],
        [HEADER],
        [HEADER, row(bagian="palu")],
        [HEADER, row(kode="x")],
        [HEADER, row(titik="Bulan")],
        [HEADER, row(seri="3516051203070001")],
        [HEADER, row(dibeli="31-02-2024")],
        [HEADER, row(dibeli="2025-01-01")],
        [HEADER, row(harga="1,5")],
        [HEADER, row(harga="-3")],
        [HEADER, row(garansi="kemarin")],
        [HEADER, row(perlu="semua")],
        [HEADER, ROW, ROW],
        [HEADER, ROW, row(kode="KIT-NGO-3")],
        [HEADER, ROW, row(bagian="printer", seri="A?")],
    ],
)
def test_a_file_with_a_fault_is_refused_whole_with_its_line(desk, rows):
    before = digest(desk.database)
    with pytest.raises(Invalid) as caught:
        desk.take_in(rows)
    assert all(p.field == "file" for p in caught.value.problems)
    if len(rows) > 1:
        assert all("%(line)s" in p.text for p in caught.value.problems)
    assert digest(desk.database) == before


def test_a_serial_number_of_another_kit_is_refused_by_import_too(desk):
    desk.papers(Papers("IR-9"))
    with pytest.raises(Invalid):
        desk.take_in([HEADER, ROW])


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04x", b"\xff\xfe", b"kode;bagian\n\0", b'kode;bagian\n"a', b"kode;bagian\n" * 5002, b";" * 41,
     b"kode;bagian\n" + b"a" * 1001, b"", b"\n;;\n", b"\nkode;bagian\nA;iris\n"],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_in_words(content):
    with pytest.raises(Invalid) as caught:
        kit_file.rows_of("alat.csv", content)
    assert [p.field for p in caught.value.problems] == ["file"]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_csv_may_use_semicolons_commas_or_tabs(mark):
    content = "\ufeff" + mark.join(("kode", "nama", "bagian")) + "\r\n" + mark.join(("A", '"b c"', "iris")) + "\r\n"
    rows = kit_file.rows_of("alat.csv", content.encode())
    assert rows == [["kode", "nama", "bagian"], ["A", "b c", "iris"]]


@given(st.lists(st.lists(st.text("ab;,\t\"' \r\n", max_size=6), min_size=2, max_size=3), min_size=1, max_size=5))
def test_what_a_form_carries_along_says_the_same(rows):
    rows = kit_file.rows_of("a.csv", kit_file.as_text([["kode;", "bagian"], *rows]).encode())
    again = kit_file.rows_of("a.csv", kit_file.as_text(rows).encode())
    assert again == rows
