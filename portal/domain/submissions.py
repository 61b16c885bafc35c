"""One sending, counted once. Method: the client-made instance id of OpenRosa submissions, as ODK Central keeps it."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from .audit import plain
from .calendar import office_day

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)


class Submission(Struct, frozen=True):
    """A sending that was accepted: its client-made id, what it said (fingerprint) and what it made."""

    number: int
    id: str
    fingerprint: str
    object_kind: str
    object_id: str
    at: datetime

    @property
    def receipt(self) -> str:
        """The number a clerk can read out on the telephone, for example ``M-1021-57``."""
        return f"M-{office_day(self.at):%m%d}-{self.number}"


def valid_id(text: str) -> bool:
    """Whether ``text`` is a random UUID in canonical form, as the form puts it in."""
    return bool(_UUID.fullmatch(text))


def fingerprint(kind: str, body: Mapping[str, Any]) -> str:
    """SHA-256 of what was said, after numbers were read and spaces trimmed, so that the same words match again."""
    text = json.dumps([kind, body], default=plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
