"""Who the office is on paper: where it is, and who signs. Names change, so they are settings, never code."""

import re
from collections.abc import Mapping

from msgspec import Struct

from .problems import Problem, _
from .texts import check_text


class Identity(Struct, frozen=True):
    """What stands on the office's letters. What nobody has filled in is empty and shown as a line to write on."""

    address: str = ""
    place: str = "Mojokerto"
    signer_title: str = ""
    signer_name: str = ""
    signer_nip: str = ""

    @property
    def complete(self) -> bool:
        """Whether a letter can go out without anything written in by hand."""
        return all((self.address, self.place, self.signer_title, self.signer_name, self.signer_nip))


FIELDS: Mapping[str, str] = {
    "address": _("Alamat kantor"),
    "place": _("Tempat surat dibuat"),
    "signer_title": _("Jabatan penanda tangan"),
    "signer_name": _("Nama penanda tangan"),
    "signer_nip": _("NIP penanda tangan"),
}
"""The fields of an identity with their words, in the order of the page."""

LIMITS: Mapping[str, int] = {"address": 160, "place": 60, "signer_title": 120, "signer_name": 80}

_NIP = re.compile(r"[0-9]{18}", re.ASCII)


def tidy(values: Mapping[str, str]) -> Identity:
    """An identity from typed text: single spaces, a NIP without any."""
    words = {name: " ".join(values.get(name, "").split()) for name in FIELDS}
    words["signer_nip"] = re.sub(r"[\s.\-]", "", words["signer_nip"])
    return Identity(**words)


def check_identity(identity: Identity) -> list[Problem]:
    """Plain words, and a NIP of 18 digits (Peraturan BKN 22/2007) or none: the signer's number stands on every letter
    of the office, and is no resident's."""
    problems = [p for name, limit in LIMITS.items() for p in check_text(name, getattr(identity, name), limit)]
    if identity.signer_nip and not _NIP.fullmatch(identity.signer_nip):
        problems.append(Problem("signer_nip", _("NIP terdiri atas 18 angka. Kosongkan bila belum diketahui.")))
    return problems
