"""The house as a whole: what no single room's tests would notice. See docs or README for its shape."""

import ast
import csv
import hashlib
import inspect
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from msgspec import Struct

from portal import cli
from portal.domain.accounts import DEEDS, ROLES
from portal.domain.recordings import FLOWS, GROUPS, MEASURES, READINGS
from portal.domain.visits import AGES, RESULTS
from portal.storage import tables
from portal.web import FEATURES
from portal.web.pages import MENU

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(ROOT.glob("portal/**/*.py"))
TESTS = sorted(ROOT.glob("tests/**/*.py"))
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
CATALOGUE = ROOT / "portal/translations/en_GB/LC_MESSAGES/messages.po"
README = ROOT / "README.md"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def ours() -> list[Path]:
    """Every text file of the project: what git knows or would take up."""
    told = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    found = [ROOT / line for line in told if line] or [*MODULES, *TESTS, *TEMPLATES]
    return [p for p in found if p.is_file() and p.suffix not in (".png", ".webp", ".ico", ".mo", ".woff2", ".gif")]


# --- code ------------------------------------------------------------------------------------------------


def test_modules_are_short_and_none_is_a_drawer():
    long = {name(p): n for p in MODULES if (n := len(p.read_text().splitlines())) >= 400}
    long |= {name(p): n for p in TESTS if (n := len(p.read_text().splitlines())) >= 500}
    assert long == {}
    drawers = {"utils", "helpers", "common", "base", "manager", "misc"}
    assert [name(p) for p in [*MODULES, *TESTS, *TEMPLATES] if drawers & {p.stem.strip("_"), *p.parts}] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("portal/domain/*.py")), ids=lambda p: p.stem)
def test_the_domain_has_no_clock(path):
    asked = {
        (ast.unparse(node.value), node.attr)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
    }
    assert not {attribute for _of, attribute in asked} & {"now", "utcnow", "today", "monotonic", "fromtimestamp"}
    assert ("time", "time") not in asked


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nobody_asks_the_clock_for_a_naive_moment(path):
    text = path.read_text()
    assert not re.search(r"datetime\.(now\(\)|utcnow|today)|date\.today\(", text)
    if name(path) != "portal/config.py":
        assert "datetime.now(" not in text


def test_nothing_is_left_to_do_and_no_machine_is_named():
    unfinished = re.compile(r"\b(TODO|FI" + r"XME|X" + r"XX)\b")
    machine = re.compile(r"(/home/|/root/|/Us" + r"ers/|/wo" + r"rk/|C:\\\\)\w")
    found = []
    for path in ours():
        if path == Path(__file__) or "vendor" in path.parts or path.suffix == ".lock":
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if unfinished.search(line) or machine.search(line):
                found.append(f"{name(path)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_every_room_is_said_in_its_first_line():
    silent = [name(p) for p in MODULES if not ast.get_docstring(ast.parse(p.read_text()))]
    assert silent == []


# --- records, tables, forms --------------------------------------------------------------------------------


def test_every_record_is_frozen():
    """Whoever holds a record, a cache for instance, may hand it out: nobody can change it."""
    kinds = [kind for kind in Struct.__subclasses__() if kind.__module__.startswith("portal.")]
    assert len(kinds) > 200
    assert [kind.__qualname__ for kind in kinds if not kind.__struct_config__.frozen] == []


def test_the_measures_are_the_columns_of_a_report():
    measures = [m.name for m in MEASURES]
    assert len(measures) == len(set(measures))
    columns = {c.name: c for c in tables.report.columns}
    own = {"id", "point_code", "service_date", "kind", "nihil_reason", "note", "version"}
    rest = set(columns) - set(measures) - own
    assert set(measures) <= set(columns)
    assert all(re.search(r"_at$|_by$|^author|^editor|^cancel|^review|^excluded$", c) for c in rest), rest
    assert {m.group for m in MEASURES} == set(GROUPS)
    assert [m for m in measures if m in FLOWS or m in READINGS] == measures
    assert all(columns[m].nullable and str(columns[m].type) == "INTEGER" for m in measures)


def test_the_results_are_the_columns_of_a_visit():
    columns = {c.name: c for c in tables.visit.columns}
    counted = {c for c, column in columns.items() if str(column.type) == "INTEGER" and column.nullable}
    assert counted - {c for c in counted if re.search(r"_by$|_id$|^revisit_of$|^joined_to$", c)} == {*RESULTS, *AGES}


def test_one_migration_head():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1


def test_every_deed_is_done_by_some_route_and_every_role_may_do_something(portal_routes):
    done = {getattr(view, "deed", "") for view in portal_routes.values()} - {"public", ""}
    done |= {"equipment.add"}  # a kit is registered at the command line
    assert done == set(DEEDS)
    assert all(any(role in roles for roles in DEEDS.values()) for role in ROLES)


@pytest.fixture
def portal_routes():
    found = {}
    for feature in FEATURES:
        for path in [ROOT / f"portal/web/{feature.__name__.rsplit('.', 1)[1]}.py"]:
            names = [
                node.name
                for node in ast.parse(path.read_text()).body
                if isinstance(node, ast.FunctionDef)
                and any("routes" in ast.unparse(decorator) for decorator in node.decorator_list)
            ]
            found |= {f"{path.stem}.{n}": getattr(feature, n) for n in names}
    return found


def test_the_menu_speaks_of_features_there_are():
    features = {feature.__name__.rsplit(".", 1)[1] for feature in FEATURES}
    assert {entry[0].split(".")[0] for entry in MENU} <= features
    assert {entry[1] for entry in MENU} <= set(DEEDS)


# --- templates -------------------------------------------------------------------------------------------


def references() -> dict[str, set[str]]:
    """Template → the templates it extends, includes, imports or has drawn as a piece."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = {}
    for path in TEMPLATES:
        tree = environment.parse(path.read_text())
        used = tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport))
        pieces = [c for c in tree.find_all(nodes.Call) if isinstance(c.node, nodes.Name) and c.node.name == "piece"]
        named = [node.template for node in used] + [call.args[0] for call in pieces]
        found[str(path.relative_to(ROOT / "templates"))] = {
            name.value for name in named if isinstance(name, nodes.Const)
        }
    return found


def test_every_template_is_used_and_every_used_one_is_there():
    found = references()
    used = set().union(*found.values())
    rendered = set(re.findall(r'"([a-z_]+/[a-z_]+\.html)"', "".join(p.read_text() for p in MODULES)))
    assert used | rendered <= set(found)
    fragments = {t for t in found if Path(t).name.startswith("_")}
    assert fragments <= used | rendered
    assert fragments - used <= {"summary/_body.html"} | {t for t in fragments if t in rendered}
    assert {t for t in found if not Path(t).name.startswith("_")} == rendered - fragments


def test_template_folders_mirror_the_rooms_of_web():
    rooms = {p.stem for p in ROOT.glob("portal/web/*.py")}
    assert {p.parent.name for p in TEMPLATES if p.parent.name != "templates"} <= rooms


def test_what_htmx_aims_at_exists():
    found = "".join(p.read_text() for p in TEMPLATES)
    for target in re.findall(r'hx-target="#([^"]+)"', found):
        assert f'id="{target}"' in found, target
    assert not re.findall(r'hx-(?:on|vals)[^=]*=|hx-[a-z-]+="js:|hx-trigger="[^"]*\[', found)
    for tag in re.findall(r"<[a-z]+[^>]*hx-(?:get|post)[^>]*>", found):
        assert "hx-target=" in tag, tag
        assert "hx-swap=" in tag, tag


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_a_template_has_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "|safe" not in text.replace(" ", "")


# --- what comes along ------------------------------------------------------------------------------------


def test_vendor_files_are_what_they_were():
    vendor = ROOT / "static/vendor"
    listed = dict(reversed(line.split()) for line in (vendor / "SHA256SUMS").read_text().splitlines() if line)
    listed = {file.removeprefix("*"): digest for file, digest in listed.items()}
    there = {p.name for p in vendor.iterdir()} - {"SHA256SUMS", "README.md"}
    assert set(listed) == there
    for file, digest in listed.items():
        assert hashlib.sha256((vendor / file).read_bytes()).hexdigest() == digest, file


def test_the_style_sheet_and_scripts_fetch_nothing_from_elsewhere():
    for path in [*ROOT.glob("static/css/*.css"), *ROOT.glob("static/*.js")]:
        text = re.sub(r"http://www\.w3\.org/\S+", "", path.read_text())
        assert not re.search(r"https?://|@import|\beval\(|innerHTML|new Function", text), name(path)


def test_the_style_sheet_knows_the_place_of_every_tile_of_the_map():
    style = (ROOT / "static/css/portal.css").read_text()
    with (ROOT / "portal/reference/kecamatan.csv").open() as listed:
        for line in csv.DictReader(listed):
            column, row = line["tile_column"], line["tile_row"]
            assert f".tiles .c{column} {{ grid-column: {column}; }}" in style, line["name"]
            assert f".tiles .r{row} {{ grid-row: {row}; }}" in style, line["name"]


@pytest.mark.skipif(not README.exists(), reason="README.md is not written yet")
def test_the_readme_names_every_command():
    text = README.read_text()
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split()) - {"help"}
    assert {target for target in phony if f"make {target}" not in text} == set()
    made = re.findall(r'command\("(\w+)", .*?(?:, (audit|user|kit))?\)$', inspect.getsource(cli), re.M)
    assert len(made) >= 8
    for command, group in made:
        assert re.search(rf"portal {group or command}\b[^`]*{command}", text) or f"`portal {command}" in text, command


# --- words -----------------------------------------------------------------------------------------------

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
METHODS = [("portal/**.py", "python"), ("templates/**.html", "jinja2")]


@cache
def spoken() -> set[tuple[str, ...] | str]:
    """Every text of the source that a reader sees."""
    found = extract_from_dir(str(ROOT), method_map=METHODS, keywords=KEYWORDS, directory_filter=_ours)
    return {message for _file, _line, message, _comments, _context in found}


def _ours(folder: str) -> bool:
    parts = Path(folder).relative_to(ROOT).parts
    return not parts or parts[0] in ("portal", "templates")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    if not CATALOGUE.exists():
        pytest.skip("the English catalogue is not written yet")
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def test_english_says_everything(catalogue):
    missing = []
    for message in spoken():
        kept = catalogue.get(message if isinstance(message, str) else message[0])
        said = kept.string if kept else ""
        if kept is None or kept.fuzzy or not all([said] if isinstance(said, str) else said):
            missing.append(message)
    assert sorted(map(str, missing)) == []


def test_english_fills_in_the_same_places(catalogue):
    wrong = []
    for message in catalogue:
        if not message.id or not all([message.string] if isinstance(message.string, str) else message.string):
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        places = {frozenset(re.findall(r"%\((\w+)\)[sd]", text)) for text in ids + strings}
        bare = {len(re.findall(r"%(?!\(|%)", text)) for text in ids + strings}
        if len(places) != 1 or (len(bare) != 1 and places != {frozenset()}):
            wrong.append(ids[0])
    assert wrong == []


def test_no_message_is_left_over_in_the_catalogue(catalogue):
    said = {m if isinstance(m, str) else m[0] for m in spoken()}
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}
    assert kept - said == set()
