"""Who asks the API: a token in the Authorization header, and nothing else.

No cookie, no address, no form says who a program is, so that nothing a browser sends by itself opens the API.
"""

import re
from collections import OrderedDict
from contextlib import suppress
from typing import NoReturn

from msgspec import Struct

from ..actions import tokens as deeds
from ..actions.accounts import token_hash
from ..domain.open_data import RESOURCES
from ..domain.problems import _
from ..domain.tokens import REQUESTS_A_MINUTE, Token
from ..storage import ledger, tokens
from ..storage.database import Database, Unavailable

_HEADER = re.compile(r"Bearer +([A-Za-z0-9_-]{20,100})", re.ASCII | re.IGNORECASE)

LARGEST_MEMORY = 1024


class Refused(Exception):
    """The API does not answer this: a status, what to do about it, and headers that say more."""

    def __init__(self, status: int, text: str, headers: dict[str, str] | None = None, parameter: str = "") -> None:
        super().__init__(text)
        self.status, self.text, self.headers, self.parameter = status, text, headers or {}, parameter


class Bearer(Struct, frozen=True):
    """A token that holds, whose hand its reading is, and how fresh the data is."""

    token: Token
    hand: ledger.Hand
    versions: dict[str, int]


NO_TOKEN = _("Sertakan token di kepala permintaan: Authorization: Bearer …")
WRONG_TOKEN = _("Token ini tidak dikenal, sudah dicabut, atau habis masa berlakunya.")
NOT_GRANTED = _("Token ini tidak mencakup data yang diminta.")
NOT_THERE = _("Data ini tidak ada, atau di luar wilayah token.")
TOO_MANY = _("Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi.")


class Gate:
    """Where programs come in: one for each running portal."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: OrderedDict[tuple[int, int], int] = OrderedDict()
        """(token, minute) → answers of this worker: a brake on a runaway program, no count that has to be exact."""

    def open(self, header: str | None, resource: str | None, asked: ledger.Hand) -> Bearer:
        """The token of a request, if it holds now and grants ``resource`` (None: only what every token may ask).

        ``asked`` is the unnamed hand of the request. Raises Refused: 401 for no token or a wrong, revoked or expired
        one (told alike), 403 for data that were not granted, 404 for what is wider than the token's area, 429 when
        there were too many.
        """
        if not header:
            raise Refused(401, NO_TOKEN, {"WWW-Authenticate": 'Bearer realm="portal"'})
        with self._database.reading() as tx:
            seconds = deeds.wait(tx, asked.address, asked.at)
            if seconds:
                raise Refused(429, TOO_MANY, {"Retry-After": str(seconds)})
            match = _HEADER.fullmatch(header)
            found = tokens.find(tx, token_hash(match[1])) if match else None
        token = found[0] if found else None
        hand = deeds.hand_of(token, asked.at, asked.address, asked.request_id)
        if found is None or token is None or not token.valid(asked.at):
            self._note(hand, "ended" if token else "unknown", counted=True)
            raise Refused(401, WRONG_TOKEN, {"WWW-Authenticate": 'Bearer realm="portal", error="invalid_token"'})
        self._brake(token, asked)
        if resource is not None and resource not in RESOURCES:
            raise Refused(404, NOT_THERE)
        if resource is not None and not token.grants(resource):
            self._note(hand, "not_granted", resource)
            challenge = {"WWW-Authenticate": 'Bearer realm="portal", error="insufficient_scope"'}
            raise Refused(403, NOT_GRANTED, challenge)
        if resource is not None and RESOURCES[resource].district_only and not token.scope.whole:
            self.foreign(hand, resource)
        return Bearer(token, hand, found[1])

    def foreign(self, hand: ledger.Hand, what: str) -> NoReturn:
        """Refuse what lies outside a token's area: told like what does not exist, but written down."""
        self._note(hand, "foreign", what)
        raise Refused(404, NOT_THERE)

    def _note(self, hand: ledger.Hand, why: str, what: str = "", *, counted: bool = False) -> None:
        with suppress(Unavailable), self._database.writing() as tx:  # a full disk must not change the answer
            deeds.refuse(tx, hand, why, what[:40], counted=counted)

    def _brake(self, token: Token, asked: ledger.Hand) -> None:
        minute = int(asked.at.timestamp()) // 60
        key = (token.id, minute)
        self._answers[key] = self._answers.get(key, 0) + 1
        while len(self._answers) > LARGEST_MEMORY:
            self._answers.popitem(last=False)
        if self._answers[key] > REQUESTS_A_MINUTE:
            raise Refused(429, TOO_MANY, {"Retry-After": str(60 - int(asked.at.timestamp()) % 60)})
