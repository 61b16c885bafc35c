"""What every door needs at hand: settings, database, clock, and the office's lists as they stand."""

from ..config import Clock, Settings
from ..domain.areas import Office
from ..storage import areas, ledger
from ..storage.database import Database, Tx


class Services:
    """The joined rooms of one running program."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self.settings, self.database, self.clock = settings, database, clock
        self._office: tuple[int, Office] | None = None

    def office(self, tx: Tx) -> Office:
        """The office's lists; read again only when their version has grown."""
        return self.office_at(tx, ledger.versions(tx)[ledger.LISTS])

    def office_at(self, tx: Tx, version: int) -> Office:
        """As ``office``, when the caller knows the present version already."""
        if self._office is None or self._office[0] != version:
            self._office = (version, areas.office(tx))
        return self._office[1]

    def resume_clock(self) -> None:
        """A demo's clock goes on from what was last written down, so that time never runs backwards."""
        with self.database.reading() as tx:
            self.clock.resume_after(ledger.last_moment(tx))
