"""A file of accounts: what it would do, and each fault at its row and column."""

from msgspec.structs import replace

from portal.domain.account_file import COLUMNS, MOST_NEW, areas_of, compare
from portal.domain.accounts import ADMINISTRATOR, CLERK, LIAISON
from portal.domain.areas import Place

from .. import people, records

OFFICE = records.office()
SCHOOLS = [Place(people.SCHOOL, "sekolah", "SMAN 1 Ngoro", "35.16.05", "20502725")]
AREAS = areas_of(OFFICE, SCHOOLS)


def look(*rows, header=COLUMNS, own="admin"):
    numbered = [(n, row) for n, row in enumerate(rows, start=2)]
    return compare(header, numbered, people.CAST, AREAS, own)


def faults(preview):
    return [(p.row, p.column) for p in preview.problems]


def test_new_changed_and_same_are_told_apart():
    preview = look(
        ("ngoro2", "Siti", "Petugas Kecamatan", "35.16.05 x", ""),
        ("ngoro", "Petugas Ngoro", "petugas", "kec-35.16.05", ""),
        ("pungging", "Nama Baru", "", "", ""),
        ("", "", "", "", ""),
    )
    assert faults(preview) == [(2, "wilayah")]
    sound = look(
        ("Ngoro2", "Siti", "petugas", "kec-35.16.05, kec-35.16.06", "0800"),
        ("sman", "Wakasek", "penghubung", "20502725", ""),
        ("ngoro", "Petugas Ngoro", "petugas", "kec-35.16.05", ""),
        ("pungging", "Nama Baru", "", "", ""),
    )
    assert not sound.problems
    assert sound.tally == {"new": 2, "changed": 1, "same": 1}
    first, second, third, fourth = (line.record for line in sound.lines)
    assert (first.username, first.role, first.points) == ("ngoro2", CLERK, {"kec-35.16.05", "kec-35.16.06"})
    assert (second.role, second.places) == (LIAISON, {people.SCHOOL})
    assert third == people.clerk
    assert fourth == replace(people.colleague, name="Nama Baru")


def test_each_fault_stands_at_its_row_and_column():
    preview = look(
        ("x", "Siti", "petugas", "kec-35.16.05", ""),
        ("baru1", "", "petugas", "", "abc"),
        ("baru2", "Budi", "kepala", "", ""),
        ("baru3", "Budi", "pengawas", "Ngoro", ""),
        ("baru4", "Budi", "penghubung", "SMA tak ada", ""),
        ("baru4", "Budi", "pengawas", "", ""),
        ("admin", "Admin Portal", "pengawas", "", ""),
        ("baru5", "Budi 3516051203070001", "pengawas", "", ""),
    )
    assert faults(preview) == [
        (2, "username"),
        (3, "nama"),
        (3, "telepon"),
        (3, "wilayah"),
        (4, "peran"),
        (5, "wilayah"),
        (6, "wilayah"),
        (7, "username"),
        (8, "peran"),
        (9, "nama"),
    ]
    assert "3516051203070001" not in preview.problems[-1].value


def test_nobody_changes_his_own_role_by_a_file_and_others_need_the_area_of_a_new_role():
    assert faults(look(("admin", "", "pembaca", "", ""))) == [(2, "peran")]
    assert faults(look(("pembaca", "", "petugas", "", ""))) == [(2, "wilayah")]
    raised = look(("pembaca", "", "administrator", "", ""))
    assert (raised.lines[0].record.role, raised.tally["changed"]) == (ADMINISTRATOR, 1)
    left = look(("ngoro", "", "pengawas", "", "")).lines[0].record
    assert not left.points


def test_a_zero_that_a_spreadsheet_dropped_is_put_back():
    for typed, kept in (("81234567890", "081234567890"), ("0812-34", "0812-34"), ("", "0800-000-000")):
        (line,) = look(("ngoro", "", "", "", typed)).lines
        assert line.record.phone == kept


def test_a_file_needs_its_headings_and_some_rows():
    for header in (COLUMNS[:4], (*COLUMNS, "sandi")):
        assert faults(look(("a", "b", "c", "d", "e"), header=header))[0][0] == 1
    assert len(look().problems) == 1
    many = [(f"baru{n}", "Budi", "pengawas", "", "") for n in range(MOST_NEW + 1)]
    assert len(look(*many).problems) == 1
    assert not look(*many[1:]).problems
