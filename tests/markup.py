"""HTML read strictly: a tree of elements, and every fault of nesting on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
IN_PARAGRAPH = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi br button cite code data del dfn em i img input ins kbd label mark meter output progress q s "
        "samp script select small span strong sub sup svg textarea time u var wbr",
    )
)
SHAPES = frozenset(re.findall(r"\w+", "circle defs g line path polygon polyline rect text title tspan use"))
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"th", "td"},
    "select": {"option", "optgroup"},
    "optgroup": {"option"},
    "p": IN_PARAGRAPH,
    "h1": IN_PARAGRAPH,
    "h2": IN_PARAGRAPH,
    "h3": IN_PARAGRAPH,
    "pre": IN_PARAGRAPH,
    "label": IN_PARAGRAPH,
    "button": IN_PARAGRAPH,
    "span": IN_PARAGRAPH | {"svg"},
    "dt": IN_PARAGRAPH,
}
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "option": {"select", "optgroup"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "caption": {"table"},
}
NEVER_WITHIN = {
    "a": {"a", "button", "label"},
    "button": {"a", "button", "label"},
    "input": {"a", "button"},
    "select": {"a", "button"},
    "form": {"form", "p"},
    "label": {"label", "a", "button"},
    "main": {"main", "header", "nav"},
}


class Node:
    """An element with its attributes, children and text."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: Node | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node | str] = []
        around = parent.around if parent else frozenset()
        self.around: frozenset[str] = around if tag in around else around | {tag}
        """The tags among which its children stand: its own and those it lies within."""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def __repr__(self) -> str:
        return f"<{self.tag}{''.join(f' {k}={v!r}' for k, v in list(self.attributes.items())[:4])}>"

    def walk(self) -> Iterator[Node]:
        """Every element below, in the order of the page."""
        waiting = self._elements()
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node._elements()

    def _elements(self) -> list[Node]:
        """The children that are elements, last first."""
        return [child for child in reversed(self.children) if isinstance(child, Node)]

    def all(self, *tags: str) -> list[Node]:
        """Every element below with one of these tags."""
        return [node for node in self.walk() if node.tag in tags]

    def ancestors(self) -> Iterator[Node]:
        """The element's parent, that one's parent, and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def raw(self) -> str:
        """All text below, as it stands."""
        return "".join(c if isinstance(c, str) else c.raw for c in self.children)

    @property
    def text(self) -> str:
        """What is read below, with single spaces; blocks stand apart."""
        pieces: list[str] = []
        self._add_to(pieces)
        return " ".join("".join(pieces).split())

    def _add_to(self, pieces: list[str]) -> None:
        for child in self.children:
            if isinstance(child, str):
                pieces.append(child)
            elif child.tag in IN_PARAGRAPH and child.tag != "br":
                child._add_to(pieces)
            else:
                pieces.append(" ")
                child._add_to(pieces)
                pieces.append(" ")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._at = Node("", {}, None)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        node = Node(tag, {name: value or "" for name, value in attrs}, self._at)
        if len(names) != len(set(names)):
            self._fault(f"an attribute twice in {node}")
        self._check_place(node)
        self._at.children.append(node)
        if tag not in VOID:
            self._at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            if tag not in SHAPES:
                self._fault(f"<{tag}/> does not close itself")
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or self._at.tag != tag:
            self._fault(f"</{tag}> closes {self._at}")
        if self._at.parent is not None and self._at.tag == tag:
            self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        if data.strip() and CHILDREN.get(self._at.tag, IN_PARAGRAPH).isdisjoint(IN_PARAGRAPH):
            self._fault(f"text {data.strip()[:40]!r} directly in {self._at}")
        self._at.children.append(data)

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html" or self.root.children:
            self._fault(f"<!{decl}> out of place")

    def _fault(self, text: str) -> None:
        line, column = self.getpos()
        self.faults.append(f"{text} (line {line}, column {column})")

    def _check_place(self, node: Node) -> None:
        parent = self._at
        within = parent.around
        if "svg" in within and node.tag != "a":
            return
        if parent.tag in CHILDREN and node.tag not in CHILDREN[parent.tag]:
            self._fault(f"{node} in {parent}")
        # A fragment's root stands where the page will put it.
        if node.tag in PARENTS and parent.tag and parent.tag not in PARENTS[node.tag]:
            self._fault(f"{node} in {parent}")
        for forbidden in NEVER_WITHIN.get(node.tag, set()) & within:
            if "svg" not in within:
                self._fault(f"{node} within <{forbidden}>")

    def close(self) -> None:
        super().close()
        if self._at is not self.root:
            self._fault(f"{self._at} is never closed")


def read(html: str) -> tuple[Node, list[str]]:
    """The page as a tree, and what is wrong with its nesting."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    faults = list(reader.faults)
    if bare := re.search(r"&(?![a-zA-Z]+;|#\d+;|#x[0-9a-fA-F]+;)", html):
        faults.append(f"a bare & in {html[bare.start() : bare.start() + 30]!r}")
    return reader.root, faults
