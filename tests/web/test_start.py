"""Starting quickly changes nothing that is answered."""

import shutil
import tempfile

import pytest
from flask import Flask
from jinja2 import DictLoader
from werkzeug.routing import Map, Rule

from portal.web import start
from portal.web.start import LateRule, warm_up

GIVEN = {"IntegerConverter": 7, "PathConverter": "a/b", "UnicodeConverter": "ab c"}


def test_a_late_rule_makes_the_addresses_that_an_early_one_makes(portal):
    for rule in portal.app.url_map.iter_rules():
        assert isinstance(rule, LateRule) or rule.endpoint == "static"  # which the framework adds by itself
        given = {n: GIVEN.get(type(c).__name__) or min(c.items) for n, c in rule._converters.items()}
        made = [
            Map([cls(rule.rule, endpoint="here")]).bind("a.test").build("here", given | {"asked": "1"})
            for cls in (LateRule, Rule)
        ]
        assert made[0] == made[1]


def test_warming_up_leaves_nothing_open_and_the_lists_known(portal, monkeypatch):
    monkeypatch.setattr(portal.app.jinja_env, "bytecode_cache", None)  # a child is for a program of its own
    warm_up(portal.app)
    assert portal.database._reader.pool.checkedin() == portal.database._reader.pool.checkedout() == 0
    office = portal.office()
    monkeypatch.setattr("portal.storage.areas.office", lambda _tx: pytest.fail("the lists are read again"))
    with portal.database.reading() as tx:
        assert portal.services.office(tx, start.ledger.versions(tx)) == office


def test_compiled_templates_are_kept_under_a_name_that_changes_with_the_program(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(start, "ROOT", tmp_path)
    code = tmp_path / "portal" / "web" / "formats.py"
    code.parent.mkdir(parents=True)
    names = set()
    for text in ("first", "second"):
        code.write_text(text)
        app = Flask("sample", template_folder=str(tmp_path / "templates"))
        start.register(app)
        names.add(app.jinja_env.bytecode_cache.pattern)
    assert len(names) == 2


def test_without_a_folder_of_its_own_it_compiles_for_itself(portal, monkeypatch):
    def none_to_be_had(self):
        raise RuntimeError("Cannot determine safe temp directory.")

    monkeypatch.setattr("jinja2.FileSystemBytecodeCache._get_default_cache_dir", none_to_be_had)
    app = Flask("sample")
    start.register(app)
    assert app.jinja_env.bytecode_cache is None
    assert app.jinja_env.from_string("{{ 1 + 1 }}").render() == "2"


def test_a_page_is_drawn_where_compiled_templates_can_no_longer_be_kept(tmp_path, monkeypatch):
    """The system clears temporary folders away in a week or two, and the portal runs for months."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = Flask("sample")
    start.register(app)
    app.jinja_env.loader = DictLoader({"page.html": "{{ 1 + 1 }}"})
    shutil.rmtree(app.jinja_env.bytecode_cache.directory)
    assert app.jinja_env.get_template("page.html").render() == "2"


def test_a_compiled_template_of_which_half_was_kept_is_compiled_again(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    whole = []
    for moment in ("before the power cut", "after it", "healed"):
        app = Flask("sample")
        start.register(app)
        app.jinja_env.loader = DictLoader({"page.html": "{{ 1 + 1 }}"})
        assert app.jinja_env.get_template("page.html").render() == "2"
        (kept,) = tmp_path.glob("*/portal-*")
        whole.append(kept.read_bytes())
        if moment == "before the power cut":
            kept.write_bytes(whole[0][:30])
    assert whole[0] == whole[1] == whole[2]
