"""Somebody at a browser. Every answer it gets is looked at, every page of it with suspicion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy
from flask import Flask, before_render_template, template_rendered
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.test import TestResponse

from portal.domain.accounts import Account
from portal.storage.database import Tx
from portal.storage.prepared import Prepared
from portal.web.headers import HEADERS

from . import people
from .markup import Node, read

HTTPS = "https://portal.test"
ERROR_WORDS = ("Kesalahan:", "Error:")
Fields = Mapping[str, Any] | Iterable[tuple[str, str]]


class Watch:
    """Which statements a request makes, and whether a template was being filled in meanwhile."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.rendering: list[str] = []
        self.from_templates: list[str] = []
        sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", self._executed)
        run = Prepared._run

        def overheard(tx: Tx, sql: str, values: Any, *, many: bool = False) -> Any:
            self._executed(tx, None, sql, values, None, many)
            return run(tx, sql, values, many=many)

        setattr(Prepared, "_run", staticmethod(overheard))  # noqa: B010 - these go past SQLAlchemy's own events

    def look_at(self, app: Flask) -> Flask:
        """Be told of this app's templates."""
        before_render_template.connect(self._begun, app)
        template_rendered.connect(self._ended, app)
        return app

    def forget(self) -> None:
        """A new request begins."""
        for list_ in (self.statements, self.rendering, self.from_templates):
            list_.clear()

    def _begun(self, _app: Flask, template: Any, **_more: Any) -> None:
        self.rendering.append(template.name)

    def _ended(self, _app: Flask, **_more: Any) -> None:
        self.rendering.pop()

    def _executed(self, _c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        self.statements.append(statement)
        if self.rendering:
            self.from_templates.append(f"{self.rendering[-1]}: {statement[:200]}")


watch = Watch()


class Page:
    """An answer; when it is HTML, also a tree to look things up in."""

    def __init__(self, response: TestResponse, app: Flask) -> None:
        self.response, self.app = response, app
        self.status, self.headers, self.data = response.status_code, response.headers, response.data
        self.is_html = response.mimetype == "text/html" and self.status not in range(300, 400)
        self.html = response.get_data(as_text=True) if self.is_html else ""
        self.statements = list(watch.statements)
        self.root, self.nesting = read(self.html) if self.is_html else (Node("", {}, None), [])

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("Location", "")

    @property
    def text(self) -> str:
        """What can be read on the page (or in a plain file)."""
        mains = self.root.all("main")
        if not self.is_html:
            return self.response.get_data(as_text=True)
        return (mains[0] if mains else self.root).text

    @property
    def heading(self) -> str:
        """The page's one h1."""
        return self.root.all("h1")[0].text

    def by_id(self, id: str) -> Node:
        """The element with this id."""
        (found,) = [node for node in self.root.walk() if node["id"] == id]
        return found

    def link(self, words: str) -> str:
        """Where the first link with these words leads."""
        return next(a["href"] for a in self.root.all("a") if words in a.text)

    def forms(self) -> list[Node]:
        """The forms of the page's own, without the layout's."""
        mains = self.root.all("main")
        return (mains[0] if mains else self.root).all("form")

    def form(self, part: str = "") -> Node:
        """The first form that posts, or the one whose address holds ``part``."""
        return next(f for f in self.forms() if f["method"] == "post" and part in f["action"])

    def values(self, part: str = "") -> MultiDict[str, str]:
        """What the form would send as it stands."""
        return values_of(self.form(part))

    def typed(self, name: str) -> str:
        """What stands in one box."""
        return self.values().get(name, "")

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return [li.text for n in self.root.walk() if n["id"] == "error-summary" for li in n.all("li")]

    def error_at(self, name: str) -> str:
        """The message beside a box."""
        return next((n.text for n in self.root.walk() if n["id"] == f"{name}-error"), "")

    def table(self, number: int = 0) -> list[list[str]]:
        """A table's rows as text."""
        return [[cell.text for cell in row.all("th", "td")] for row in self.root.all("table")[number].all("tr")]


def values_of(form: Node) -> MultiDict[str, str]:
    """The successful controls of a form, as a browser would send them."""
    found: MultiDict[str, str] = MultiDict()
    for node in form.walk():
        name = node["name"]
        if not name or "disabled" in node:
            continue
        if node.tag == "textarea":
            found.add(name, node.raw.removeprefix("\n"))
        elif node.tag == "select":
            options = node.all("option")
            chosen = [o for o in options if "selected" in o] or options[:1]
            for option in chosen:
                found.add(name, option["value"])
        elif node.tag == "input" and (node["type"] not in ("radio", "checkbox", "submit") or "checked" in node):
            found.add(name, node["value"])
    return found


class Browser:
    """Keeps cookies, follows nothing by itself, and sends forms as they stand on the page."""

    def __init__(self, app: Flask, base_url: str = HTTPS, address: str = "192.0.2.7") -> None:
        self.app, self.base_url, self.address = app, base_url, address
        self.client = app.test_client()
        self.signed_in = False
        self._token = ""

    def ask(self, method: str, path: str, *, checked: bool = True, **request: Any) -> Page:
        """One request and its answer, looked at."""
        watch.forget()
        headers = {"User-Agent": "Mozilla/5.0 (Linux; Android 10) Chrome/126.0"} | request.pop("headers", {})
        response = self.client.open(
            path,
            method=method,
            base_url=self.base_url,
            headers=headers,
            environ_overrides={"REMOTE_ADDR": self.address},
            **request,
        )
        page = Page(response, self.app)
        response.close()
        if checked:
            faults = [*faults_of(page), *watch.from_templates]
            assert not faults, f"{method} {path} ({page.status}):\n" + "\n".join(faults)
        for box in page.root.all("input"):
            if box["name"] == "csrf_token":
                self._token = box["value"]
        return page

    def get(self, path: str, **headers: str) -> Page:
        """Open a page; header names with _ for -."""
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, fields: Fields = (), *, token: bool = True, **headers: str) -> Page:
        """Send fields to an address, with the form's sign of origin unless ``token`` is False."""
        data: MultiDict[str, str] = MultiDict(fields)
        if token:
            data["csrf_token"] = self.token
        return self.ask("POST", path, data=data, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def send(self, page: Page, changes: Mapping[str, Any] = {}, part: str = "", **more: Any) -> Page:
        """Send a page's form with some boxes filled in; a box given None is left out."""
        form = page.form(part)
        data = values_of(form)
        for name, value in {**changes, **more}.items():
            data.poplist(name)
            if value is not None:
                data.setlist(name, list(map(str, value)) if isinstance(value, list | set | tuple) else [str(value)])
        path = form["action"] or page.response.request.full_path.rstrip("?")
        return self.ask("POST", path, data=data)

    @property
    def token(self) -> str:
        """The sign of origin of this browser's forms."""
        if not self._token:
            self.get("/account" if self.signed_in else "/sign-in")
        return self._token

    def sign_in(self, who: Account | str, password: str = people.PASSWORD, **fields: str) -> Page:
        """Fill in the sign-in form and send it."""
        username = who if isinstance(who, str) else who.username
        page = self.get("/sign-in" + (f"?next={fields.pop('next')}" if "next" in fields else ""))
        answer = self.send(page, username=username, password=password, **fields)
        self.signed_in = answer.status == 303
        if self.signed_in:
            self._token = ""
        return answer

    @property
    def cookie(self) -> str:
        """The session cookie, as somebody could copy it."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        host = urlsplit(self.base_url).hostname or ""
        found = self.client.get_cookie(name, domain=host)
        return found.value if found else ""

    def take_cookie(self, value: str) -> None:
        """Put a copied session cookie into this browser."""
        host = urlsplit(self.base_url).hostname or ""
        self.client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], value, domain=host)


# --- what must hold on every answer ----------------------------------------------------------------------


def faults_of(page: Page) -> list[str]:
    """Everything wrong with an answer."""
    return [*_headers(page), *(_whole(page) if page.is_html and page.html else [])]


def _headers(page: Page) -> Iterator[str]:
    for name, value in HEADERS.items():
        if page.headers.get(name) != value:
            yield f"header {name}: {page.headers.get(name)!r}"
    static = page.response.request.path.startswith(("/static/", "/status"))
    path = page.response.request.path
    file = path.startswith(("/api/", "/open-data/")) or re.search(r"/(download|report)\.[a-z]+$", path)
    kept = file and page.status in (200, 304)
    if kept and page.headers.get("Cache-Control") == "private, no-cache":
        if not page.headers.get("ETag") or "authorization" not in page.headers.get("Vary", "").lower():
            yield f"ETag {page.headers.get('ETag')!r}, Vary {page.headers.get('Vary')!r}"
    elif not static:
        if page.headers.get("Cache-Control") != "no-store":
            yield f"Cache-Control: {page.headers.get('Cache-Control')!r}"
        if not {"cookie", "hx-request"} <= {v.strip().lower() for v in page.headers.get("Vary", "").split(",")}:
            yield f"Vary: {page.headers.get('Vary')!r}"
    if page.status >= 300 and page.location and not page.location.startswith("/"):
        yield f"redirect to {page.location}"
    if page.status >= 500:
        yield f"status {page.status}"
    for cookie in page.headers.getlist("Set-Cookie"):
        wanted = {"httponly", "samesite=lax", "path=/"} | ({"secure"} if "__Host-" in cookie else set())
        if not wanted <= {part.strip().lower() for part in cookie.split(";")}:
            yield f"cookie {cookie}"


def _whole(page: Page) -> Iterator[str]:
    yield from page.nesting
    nodes = list(page.root.walk())
    yield from _words(page, nodes)
    yield from _ids(nodes)
    yield from _forms(nodes)
    yield from _policy(nodes)
    yield from _links(page, nodes)
    if not page.html.lstrip().lower().startswith("<!doctype html>"):
        return
    headings = [n.text for n in nodes if n.tag == "h1"]
    titles = [n.text for n in page.root.all("head")[0].all("title")]
    if len(headings) != 1 or not headings[0]:
        yield f"h1: {headings}"
    elif len(titles) != 1:
        yield f"title: {titles}"
    else:
        wrong = page.status == 422
        begins = titles[0].startswith(ERROR_WORDS)
        if begins != bool(wrong or (page.errors and begins)):
            yield f"title {titles[0]!r} of a page with status {page.status}"
        if not re.sub(r"^(Kesalahan|Error): ", "", titles[0]).startswith(headings[0]):
            yield f"title {titles[0]!r} does not begin with h1 {headings[0]!r}"
        if wrong and not page.errors:
            yield "422 without an error summary"
    if [n["lang"] for n in nodes if n.tag == "html"] not in (["id"], ["en-GB"]):
        yield "html has no lang"
    if len([n for n in nodes if n.tag == "main"]) != 1:
        yield "main is missing or there twice"


def _words(page: Page, nodes: list[Node]) -> Iterator[str]:
    told = re.sub(r"content='\{.*?\}'", "", page.html)
    for leftover in ("{{", "}}", "{%", "%}", "{#"):
        if leftover in told:
            yield f"{leftover} left over"
    values = [page.root.text, *(v for n in nodes for k, v in n.attributes.items() if not k.startswith("d"))]
    text = "\n".join(values)
    for found in re.finditer(r"\bNone\b|\bUndefined\b|%\(\w+\)s|<bound method|lazy_string", text):
        yield f"{text[max(0, found.start() - 30) : found.end() + 30]!r} is nothing to show"


POINTING = {"for", "aria-describedby", "aria-labelledby", "aria-controls", "data-copy"}
"""Attributes that name other elements of the page."""


def _ids(nodes: list[Node]) -> Iterator[str]:
    ids = Counter(n["id"] for n in nodes if "id" in n)
    for id, count in ids.items():
        if count > 1 or not id or re.search(r"\s", id):
            yield f"id {id!r} stands {count} times"
    for node in nodes:
        for name in POINTING & node.attributes.keys():
            for id in node[name].split():
                if id not in ids:
                    yield f"{node} names {id}, which is not there"
        target = node["hx-target"]
        if target and target != "this" and target.removeprefix("#") not in ids:
            yield f"hx-target {target} is not there"


def _forms(nodes: list[Node]) -> Iterator[str]:
    labelled = {n["for"] for n in nodes if n.tag == "label" and n.text}
    for node in nodes:
        if node.tag in ("input", "select", "textarea"):
            if node["type"] in ("hidden", "submit") or node["aria-hidden"] == "true":
                continue
            if node["id"] not in labelled and not node["aria-label"]:
                yield f"{node} has no label"
        elif node.tag == "button" and not (node.text or node["aria-label"]):
            yield f"{node} has no words"
        elif node.tag == "form":
            signed = any(n["name"] == "csrf_token" and n["value"] for n in node.all("input"))
            if signed != (node["method"].lower() == "post"):
                yield f"{node} and csrf_token"
        elif node.tag == "a" and not (node.text or node["aria-label"]):
            yield f"{node} has no words"


def _policy(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        for name, value in node.attributes.items():
            if name == "style" or name.startswith(("on", "hx-on")) or value.lower().startswith("javascript:"):
                yield f"{node} has {name}"
        if node.tag == "style" or (node.tag == "script" and (node.raw.strip() or not node["src"])):
            yield f"{node} inline"
        if node.tag == "img" and "alt" not in node:
            yield f"{node} without alt"


def _links(page: Page, nodes: list[Node]) -> Iterator[str]:
    ids = {n["id"] for n in nodes}
    for node in nodes:
        for name, method in (("href", "GET"), ("src", "GET"), ("action", node["method"].upper()), ("hx-post", "POST")):
            address = node[name]
            if not address:
                continue
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                yield f"{name}={address} leads away"
            elif address.startswith("#"):
                if address[1:] not in ids:
                    yield f"{name}={address} leads nowhere on the page"
            elif parts.path.startswith("/static/"):
                if not (Path(page.app.static_folder or "") / parts.path.removeprefix("/static/")).is_file():
                    yield f"{name}={address}: no such file"
            else:
                if error := _refused(page.app.url_map, unquote(parts.path), method or "GET"):
                    yield f"{name}={address}: {error}"


@lru_cache(maxsize=4096)
def _refused(addresses: Map, path: str, method: str) -> str:
    """Why no route takes this address; nothing when one does."""
    try:
        addresses.bind("portal.test").match(path, method=method)
    except HTTPException as error:
        return str(error)
    return ""
