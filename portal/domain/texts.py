"""Numbers and free text as people type them."""

import re
import unicodedata
from datetime import date

from .problems import Problem, _

LARGEST_COUNT = 9_999
"""A day's count at one point never passes this: a 2016 peak day of the whole district was 1,000."""

NOTE_LIMIT = 500
"""Characters of a note; longer ones are letters, not notes."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that a typed date can mean: the portal looks weeks back and ahead, and a calendar ends."""

_PLAIN = re.compile(r"[0-9]+", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([. \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*", re.ASCII)
_SIXTEEN_DIGITS = re.compile(r"(?:\d(?:[\s.\-\u2010-\u2015\u2212_/]*|[,:;|+*])){15}\d")

SAME_DAY = _("Sudah ada perubahan yang berlaku sejak tanggal itu. Cabut dulu perubahan itu.")
"""Of one day one word holds: a second could only come from somebody who had not seen the first."""


def read_count(text: str) -> int | None:
    """A whole number as written in Indonesia: ``1200``, ``1.200`` or ``1 200``; None when it is not one.

    Only ASCII digits with grouping by threes: a comma is a decimal mark here, and ``1.5`` must never become 15.
    """
    text = text.strip()
    if len(text) > 20:
        return None
    if _PLAIN.fullmatch(text):
        return int(text)
    return int(re.sub(r"\D", "", text)) if _GROUPED.fullmatch(text) else None


OUT_OF_RANGE = _("Isi dengan bilangan bulat dari 0 sampai %(limit)s.")


def read_day(text: str) -> date | None:
    """A day of the calendar as the browser sends it (2024-10-21) or as people write it (21-10-2024, 21/10/2024).

    None for anything else: 31 February is none.
    """
    parts = text.strip().replace("/", "-").split("-")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    if len(parts[0]) != 4:
        parts.reverse()
    if [len(p) for p in parts] not in ([4, 2, 2], [4, 1, 2], [4, 2, 1], [4, 1, 1]):
        return None
    try:
        found = date(*(int(p) for p in parts))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def check_count(field: str, value: int | None, limit: int = LARGEST_COUNT) -> list[Problem]:
    """No problem when ``value`` is missing or between 0 and ``limit``."""
    if value is None or 0 <= value <= limit:
        return []
    return [Problem(field, OUT_OF_RANGE, {"limit": limit})]


def long_number(text: str) -> bool:
    """Whether a run of 16 digits stands in ``text``, as in a NIK, whatever is put between them."""
    return _SIXTEEN_DIGITS.search(unicodedata.normalize("NFKC", text)) is not None


def check_text(field: str, text: str, limit: int = NOTE_LIMIT, required: str = "") -> list[Problem]:
    """Free text: short enough, printable, and without a run of 16 digits, which would be somebody's NIK.

    ``required`` is the message when the text is empty; "" makes it optional. Source: UU 24/2013 and UU 27/2022,
    this portal keeps counts only.
    """
    if not text.strip():
        return [Problem(field, required)] if required else []
    if len(text) > limit:
        return [Problem(field, _("Terlalu panjang: paling banyak %(limit)s huruf."), {"limit": limit})]
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\r\n\t" for c in text):
        return [Problem(field, _("Ada tanda yang tidak dapat disimpan. Ketik ulang dengan huruf biasa."))]
    if long_number(text):
        return [
            Problem(
                field,
                _("Jangan tulis NIK atau nomor KK: ada 16 angka berurutan. Portal ini hanya menyimpan jumlah."),
            )
        ]
    return []
