"""What every door needs at hand: settings, database, clock, and what the office rarely changes."""

from collections.abc import Callable
from typing import Any, TypeVar

from ..config import Clock, Settings
from ..domain.areas import Office
from ..domain.equipment import Kit
from ..domain.figures import Figure
from ..storage import areas, equipment, ledger
from ..storage.database import Database, Tx
from ..storage.daysheets import DayMemory

Found = TypeVar("Found")


class Services:
    """The joined rooms of one running program."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self.settings, self.database, self.clock = settings, database, clock
        self.days = DayMemory()
        self._known: dict[str, tuple[Any, Any]] = {}

    def remembered(self, name: str, version: Any, read: Callable[[], Found]) -> Found:
        """What was read under this version; read again when the version has moved on."""
        known = self._known.get(name)
        if known is None or known[0] != version:
            known = self._known[name] = (version, read())
        found: Found = known[1]
        return found

    def office(self, tx: Tx, versions: dict[str, int] | None = None) -> Office:
        """The office's lists, at these data versions or the present ones."""
        version = (versions or ledger.versions(tx))[ledger.LISTS]
        return self.remembered("office", version, lambda: areas.office(tx))

    def figures(self, tx: Tx, versions: dict[str, int]) -> list[Figure]:
        """Every published figure."""
        return self.remembered("figures", versions[ledger.LISTS], lambda: areas.figures(tx))

    def kits(self, tx: Tx, versions: dict[str, int]) -> list[Kit]:
        """Every kit in service with its parts."""
        return [kit for kit in self.every_kit(tx, versions) if kit.retired_on is None]

    def every_kit(self, tx: Tx, versions: dict[str, int]) -> list[Kit]:
        """Every kit there is or was, for the names of what took part in something that is gone."""
        return self.remembered("kits", versions[ledger.EQUIPMENT], lambda: equipment.kits(tx, retired=True))

    def resume_clock(self) -> None:
        """A demo's clock goes on from what was last written down, so that time never runs backwards."""
        with self.database.reading() as tx:
            self.clock.resume_after(ledger.last_moment(tx))
