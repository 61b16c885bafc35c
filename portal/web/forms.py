"""Forms ask one question: is this text a number, a date, a choice? Whether it may be, the domain's rules say."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from msgspec import Struct
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, HiddenField, Label, StringField
from wtforms.utils import unset_value

from ..domain.problems import Problem, _
from ..domain.texts import FIRST_YEAR, LAST_YEAR, read_count, read_day
from .formats import words

IGNORED = frozenset({"csrf_token"})
SHOWN_UNKNOWN = 10


class CountField(Field):
    """A box for a whole number. ``text`` is what was typed; ``data`` the number, None when empty or not one.

    The domain judges it and the templates draw it, so it goes without the validators, filters and widget of other
    fields: a form has fifty of them.
    """

    data: int | None = None
    text = ""
    _datalist = None

    def __init__(self, label: str = "", *, default: int | None = None, name: str = "", **_bound: Any) -> None:
        self.name = self.short_name = self.id = name
        self.label = Label(name, label)
        self.default = default

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Show a stored number, or read what was typed."""
        if formdata is not None:
            self.text = formdata.get(self.name, "")
            self.data = read_count(self.text)
        else:
            self.process_data(self.default if data is unset_value else data)

    def process_data(self, value: int | None) -> None:
        """Show this number from now on, whatever was typed."""
        self.data = value
        self.text = "" if value is None else str(value)

    @property
    def unreadable(self) -> bool:
        """Something was typed, and it is not a whole number."""
        return bool(self.text.strip()) and self.data is None


class DayField(Field):
    """A date as the browser sends it (2024-10-21) or as people write it (21-10-2024, 21/10/2024)."""

    data: date | None = None
    text = ""

    def process_data(self, value: date | None) -> None:
        """Show a stored date."""
        self.data = value
        self.text = value.isoformat() if value else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.text = valuelist[0] if valuelist else ""
        self.data = read_day(self.text)

    @property
    def unreadable(self) -> bool:
        """Nothing that names a day of the calendar."""
        return self.data is None


def read_month(text: str) -> date | None:
    """The first day of a month written as 2024-10, or None: one way of writing it, so that a month has one address."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if f"{first:%Y-%m}" == text and FIRST_YEAR <= first.year <= LAST_YEAR else None


class IdField(HiddenField):
    """The id made when a form was rendered. A form sent without one has none: no new one is made up for it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        self.data = valuelist[0] if valuelist else ""


class PortalForm(Form):
    """What every form that keeps something carries: an id made when it was rendered, and the version it shows."""

    boxes: ClassVar[Mapping[str, str]] = {}
    """Boxes for whole numbers beside the declared fields, name → label: there may be fifty, and a declared field costs
    ten times as much. They are had as ``form[name]``."""

    submission_id = IdField(default=lambda: str(uuid.uuid4()))
    version = CountField(default=0)
    reason = StringField(default="")

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **more: Any) -> None:
        """Fill every field, and then the boxes, from what was posted or else from ``data``."""
        super().process(formdata, obj, data, **more)
        for name, label in self.boxes.items():
            box = self._fields[name] = CountField(label, name=name, _form=self)
            box.process(formdata, (data or {}).get(name))

    def unknown(self, posted: MultiDict[str, str]) -> list[Problem]:
        """Fields that this form does not have: refused rather than silently dropped."""
        known = set(self._fields) | IGNORED
        return [
            Problem("", _("Isian tidak dikenal: %(name)s."), {"name": name[:40]})
            for name in sorted(set(posted) - known)[:SHOWN_UNKNOWN]
        ]

    def unreadable(self, message: str) -> list[Problem]:
        """One problem for each box whose text is not a number."""
        return [
            Problem(field.name, message, {"label": field.label.text})
            for field in self
            if isinstance(field, CountField) and field.unreadable
        ]


NOT_A_NUMBER = _("%(label)s: isi dengan bilangan bulat, misalnya 24.")
SENT_BEFORE = _("Formulir ini sudah dikirim dengan isi lain. Periksa yang tersimpan, lalu kirim lagi bila perlu.")
NOT_A_DAY = _("Isi tanggal yang ada di kalender, misalnya 21-10-2024.")


class Errors(Struct, frozen=True):
    """Problems as a page shows them: beside each field, and in the summary with a link to the box."""

    by_field: dict[str, str]
    summary: Sequence[tuple[str, str]]


def errors(problems: Iterable[Problem], fields: Iterable[str] = ()) -> Errors:
    """Each field's first problem in words; a problem at a field the page does not show is listed without a link."""
    by_field: dict[str, str] = {}
    summary: list[tuple[str, str]] = []
    shown = set(fields)
    for problem in problems:
        if problem.field in by_field:
            continue
        text = words(problem)
        if problem.field:
            by_field[problem.field] = text
        summary.append((problem.field if not shown or problem.field in shown else "", text))
    return Errors(by_field, summary)


def merged(first: Sequence[Problem], then: Sequence[Problem]) -> list[Problem]:
    """Problems of reading, then those rules that do not speak of a box that could not be read."""
    unread = {p.field for p in first}
    return [*first, *(p for p in then if not p.field or p.field not in unread)]


def text_of(form: Any, name: str) -> str:
    """A text field's content, never None."""
    return (getattr(form, name).data or "").strip()
