"""Locks, proposals and reviews arranged for tests of pages, through the same doors as real ones."""

from datetime import date, datetime, timedelta

from sqlalchemy import insert

from portal.actions import lists, locks, proposals, reviews, tokens
from portal.actions.accounts import token_hash
from portal.actions.reviews import Seen
from portal.domain.lists import HUB, Word, mark
from portal.domain.open_data import RESOURCES
from portal.domain.recordings import Entry
from portal.domain.tokens import WHOLE
from portal.storage import tokens as kept_tokens
from portal.storage.tables import publication, report_flag

from .. import people, records
from ..people import NGORO, NOW, TODAY

LONG_AGO = date(2024, 10, 9)
"""A day that has closed for the clerk at NOW, not for a supervisor."""


def exception(portal, point=NGORO, first=LONG_AGO, last=LONG_AGO, hours=48, at=NOW) -> int:
    """A supervisor opens days of a point again."""
    with portal.database.writing() as tx:
        given = (records.submission_id(), point, first, last, hours, "server pusat padam")
        sent = locks.give_exception(tx, people.sending(people.supervisor, at), portal.office(), *given)
    return int(sent.object_id)


def ended_exception(portal) -> int:
    return exception(portal, at=NOW - timedelta(days=7))


def proposal(
    portal,
    entry: Entry | None = None,
    day: date = LONG_AGO,
    reason: str = "sinyal putus",
    captured_at: datetime | None = None,
) -> int:
    """The clerk of Ngoro hands in what came too late."""
    who = people.sending(people.clerk)
    who = type(who)(who.account, who.at, who.address, who.request_id, captured_at=captured_at)
    with portal.database.writing() as tx:
        given = (records.submission_id(), NGORO, day, entry or records.entry(31), reason)
        sent = proposals.hand_in(tx, who, portal.office(), *given)
    return int(sent.object_id)


def declined_proposal(portal) -> int:
    found = proposal(portal)
    with portal.database.writing() as tx:
        proposals.decline(tx, people.sending(people.supervisor), found, "sudah ada di laporan lain")
    return found


def reviewed(portal, deed: str, comment: str = "", field: str = "", point: str = NGORO, day: date = TODAY) -> None:
    """The supervisor goes one step of the review of a report as it stands."""
    kept = portal.kept_report(point, day)
    with portal.database.writing() as tx:
        seen = Seen(point, day, kept.version, kept.review_version)
        reviews.step(tx, people.sending(people.supervisor), seen, deed, field, comment)


def flagged(portal, point: str = NGORO, day: date = TODAY, note: str = "dihitung dua kali") -> None:
    """A soft rule asked about the present version of a report."""
    kept = portal.kept_report(point, day)
    row = {"report_id": kept.id, "version": kept.version, "rule": "outlier", "field": "recorded", "value": 240}
    row |= {"low": 14, "high": 34, "asked": 1, "note": note, "account_id": people.clerk.id, "at": NOW}
    with portal.database.writing() as tx:
        tx.execute(insert(report_flag).values(row))


def token(portal, scope=WHOLE, resources=tuple(RESOURCES), last=TODAY, at=NOW, who=people.supervisor) -> str:
    """A key for another program, which holds up to and with ``last``."""
    given = (portal.office(), records.submission_id(), "Dasbor", "untuk uji", scope, resources, last)
    with portal.database.writing() as tx:
        _sent, made = tokens.make(tx, people.sending(who, at), *given)
    return made


def ended_token(portal) -> int:
    """A key that was revoked; its number."""
    made = token(portal)
    with portal.database.writing() as tx:
        found, _versions = kept_tokens.find(tx, token_hash(made))
        tokens.revoke(tx, people.sending(people.supervisor), found.id)
    return found.id


def published(portal, day: date = TODAY, as_of: datetime = NOW) -> None:
    with portal.database.writing() as tx:
        tx.execute(insert(publication).values(records.publication_row(day=day, as_of=as_of)))


def hub_to_come(portal, kecamatan="35.16.05", hub="gondang", day: date = date(2024, 11, 4)) -> int:
    """A kecamatan gets another hub from a day to come on; the word's number."""
    with portal.database.writing() as tx:
        sender = people.sending(people.supervisor)
        drawn = mark(lists.changes_of(tx, HUB, kecamatan))
        lists.change(tx, sender, records.submission_id(), Word(HUB, kecamatan, day, hub), "SK 3/2024", drawn)
        return lists.changes_of(tx, HUB, kecamatan)[-1].id
