"""The suspicion itself: a page with a fault is found out."""

import pytest
from flask import Response, render_template_string
from sqlalchemy import text

from portal import create_app

from ..markup import read
from ..pages import HTTPS, Browser, faults_of, watch

WHOLE = """<!doctype html><html lang="id"><head><title>Judul – Portal</title></head>
<body><main><h1>Judul</h1>{}</main></body></html>"""


@pytest.mark.parametrize(
    "html",
    [
        "<p><div>x</div></p>",
        "<ul><p>x</p></ul>",
        "<ul>teks</ul>",
        "<table><tr><td>1</td></tr></table>",
        "<div><span></div></span>",
        "<a href='#'><a href='#'>x</a></a>",
        "<form><form></form></form>",
        "<div>",
        "<p>a & b</p>",
        "<p id='a' id='b'>x</p>",
        "<div/>",
    ],
)
def test_a_fault_of_nesting_is_found(html):
    assert read(html)[1]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<h1>Lagi</h1>", "h1"),
        ('<p id="a">x</p><p id="a">y</p>', "stands 2 times"),
        ('<input name="n" id="n">', "no label"),
        ('<form method="post" action="/sign-in"></form>', "csrf_token"),
        ('<p style="color:red">x</p>', "style"),
        ('<p onclick="x()">x</p>', "onclick"),
        ("<script>x()</script>", "inline"),
        ('<a href="/nowhere">x</a>', "404"),
        ('<a href="/recordings">x</a>', "308"),
        ('<a href="#nowhere">x</a>', "nowhere"),
        ('<a href="https://evil.example/">x</a>', "leads away"),
        ('<p hx-target="#nowhere">x</p>', "hx-target"),
        ("<p>{{ x }}</p>", "left over"),
        ("<p>None</p>", "nothing to show"),
        ('<input type="hidden" value="None">', "nothing to show"),
        ('<p aria-describedby="nowhere">x</p>', "names nowhere"),
        ("<button></button>", "no words"),
    ],
)
def test_a_fault_of_a_page_is_found(shared, body, words):
    page = shared.browser().get("/sign-in")
    whole = type(page).__new__(type(page))
    whole.__dict__ |= page.__dict__ | {"html": WHOLE.format(body)}
    whole.root, whole.nesting = read(whole.html)
    assert any(words in fault for fault in faults_of(whole)), list(faults_of(whole))
    whole.html = WHOLE.format("<p>x</p>")
    whole.root, whole.nesting = read(whole.html)
    assert faults_of(whole) == []


def test_a_question_from_a_template_is_found(portal):
    app = watch.look_at(create_app(portal.services.settings))

    @app.before_request
    def _asking() -> Response:
        def ask() -> int:
            with portal.database.reading() as tx:
                return tx.execute(text("SELECT 1")).scalar_one()

        return Response(render_template_string("{{ ask() }}", ask=ask), mimetype="text/plain")

    with pytest.raises(AssertionError, match="SELECT 1"):
        Browser(app, HTTPS).get("/healthz")
