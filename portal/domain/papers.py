"""What is written on a part and on its bill: serial number, day bought, price, warranty, and what needs it."""

import re
from datetime import date, timedelta

from msgspec import Struct

from .equipment import ESSENTIAL
from .problems import Problem, _
from .texts import long_number

MAX_PRICE_RP = 2_000_000_000
"""Twelve times the price of a whole kit (Rp160 million, October 2024): no part costs more."""
FIRST_BOUGHT = date(2000, 1, 1)
LONGEST_WARRANTY = timedelta(days=366 * 10)
_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9 ./_-]{0,39}", re.ASCII)


class Papers(Struct, frozen=True):
    """A part's papers. "" and None are unknown; ``essential`` "" is what is usual for its kind."""

    serial: str = ""
    bought: date | None = None
    price_rp: int | None = None
    warranty_until: date | None = None
    essential: str = ""


def plain_serial(text: str) -> str:
    """A serial number as it is kept: in capitals, with single spaces, so that it is found however it is typed."""
    return " ".join(text.upper().split())


def check_papers(papers: Papers, today: date, prefix: str = "") -> list[Problem]:
    """Papers that can be: a readable serial number, days in their order, a price in rupiah. ``prefix`` goes before
    each field's name."""
    problems = []
    if papers.serial and not _SERIAL.fullmatch(papers.serial):
        words = _("Nomor seri: paling banyak 40 huruf atau angka, seperti pada stiker alat.")
        problems.append(Problem(f"{prefix}serial", words))
    elif long_number(papers.serial):
        words = _("Nomor seri dengan 16 angka berurutan tidak disimpan, karena mirip NIK. Tulis 12 angka terakhirnya.")
        problems.append(Problem(f"{prefix}serial", words))
    if papers.bought is not None and not FIRST_BOUGHT <= papers.bought <= today:
        problems.append(Problem(f"{prefix}bought", _("Tanggal beli: sejak tahun 2000 dan tidak di masa depan.")))
    if papers.price_rp is not None and not 0 <= papers.price_rp <= MAX_PRICE_RP:
        words = _("Harga dalam rupiah, paling banyak %(limit)s.")
        problems.append(Problem(f"{prefix}price_rp", words, {"limit": MAX_PRICE_RP}))
    if papers.warranty_until is not None:
        first = papers.bought or FIRST_BOUGHT
        if not first <= papers.warranty_until <= max(first, today) + LONGEST_WARRANTY:
            words = _("Garansi berakhir sesudah tanggal beli, paling lama sepuluh tahun.")
            problems.append(Problem(f"{prefix}warranty_until", words))
    if papers.essential and papers.essential not in ESSENTIAL:
        problems.append(Problem(f"{prefix}essential", _("Pilih untuk apa bagian ini diperlukan.")))
    return problems
