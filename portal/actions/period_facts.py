"""What stands around the numbers of a report at the moment it is published: kits, outages, blanks, sweeps, shares."""

from datetime import date, datetime

from ..domain.accounts import READER, Account
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.equipment import UNABLE, known, point_abilities
from ..domain.figures import Percentage, coverage
from ..domain.outages import with_outages
from ..domain.periodic import Ability, Blanks, Circumstances, Stop
from ..domain.places import TargetBatch
from ..domain.problems import _
from ..domain.stock import district
from ..domain.sweeps import row, shown
from ..storage import areas, equipment, outages, periodic, stock, sweeps
from ..storage.database import Tx
from .stock import look_back, stocks

DISTRICT = Account(0, "", "", READER)
"""A report speaks of the whole district, whoever publishes it."""


def circumstances(tx: Tx, office: Office, period: Period, now: datetime) -> Circumstances:
    """What is known at ``now`` of the district; visits are those of the period, shares those published by its end."""
    today = office_day(now)
    points = [point for point in office.points.values() if point.active(today)]
    found = stocks(tx, office, points, today, stock.since(tx, DISTRICT, look_back(today).first))
    return Circumstances(
        abilities=_abilities(tx, office, now),
        stops=[
            Stop(o.point_code or "", o.cause, o.stops, office_day(o.began_at).isoformat())
            for o in sorted(outages.lasting(tx, now), key=lambda o: (o.began_at, o.id))
        ],
        blanks=[Blanks(s.point_code, s.shelf, s.days) for s in found],
        blanks_days=district(found, 0, 0).days,
        visits=periodic.visit_results(tx, period.first, period.last),
        shares=_shares(tx, period.last, today),
    )


def _abilities(tx: Tx, office: Office, now: datetime) -> list[Ability]:
    found = point_abilities([(kit, known(office, kit, now)) for kit in equipment.kits(tx)])
    both = {code: (record, printing) for code, (record, printing, _part) in found.items()}
    seen = with_outages(both, outages.lasting(tx, now), now, UNABLE)
    abilities = []
    for code in office.points:
        if code in seen:
            part, stopped = found[code][2], UNABLE in found[code][:2]
            abilities.append(Ability(code, *seen[code], part.kind if part and stopped and not part.works else ""))
    return abilities


def _shares(tx: Tx, last: date, today: date) -> list[Percentage]:
    """What was published of the district by ``last``, and how far the sweeps are along their lists."""
    shares = []
    if pair := coverage(areas.figures(tx), last):
        recorded, base = pair
        shares.append(Percentage(recorded.value, base.value, _("wajib KTP"), base.as_of_text, base.source))
    listed = row("", shown(sweeps.standings(tx, DISTRICT, today)), _sources).share
    return [*shares, listed] if listed else shares


def _sources(batches: list[TargetBatch]) -> str:
    return "; ".join(sorted({batch.source for batch in batches})[:3])
