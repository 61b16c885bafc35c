"""What somebody typed off a paper: its number and its check code."""

import re

LARGEST_NUMBER = 2147483647
_CODE = re.compile(r"[0-9a-f]{8}", re.ASCII)


def read_number(text: str) -> int | None:
    """``14``, ``no. 14`` or ``No 14``; None for what is no number of a paper."""
    found = re.fullmatch(r"\s*(?:no\.?\s*)?([0-9]{1,10})\s*", text[:40], re.ASCII | re.IGNORECASE)
    number = int(found[1]) if found else 0
    return number if 0 < number <= LARGEST_NUMBER else None


def read_code(text: str) -> str | None:
    """A check code as papers show it, however it was typed (large or small letters, with or without the dash)."""
    plain = re.sub(r"[\s–-]", "", text[:40]).lower()
    return f"{plain[:4]}-{plain[4:]}" if _CODE.fullmatch(plain) else None
