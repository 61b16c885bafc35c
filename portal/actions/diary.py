"""Moving a kit: for good, or for some days."""

from msgspec.structs import asdict

from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.diary import POINT, KitPlace, check_place, of_the_district
from ..domain.equipment import out_of_service
from ..domain.problems import STALE, Conflict, Invalid, NotPermitted, Problem, Unknown, _
from ..domain.submissions import Submission
from ..storage import areas, diary, ledger
from ..storage.database import Tx
from .equipment import KIND, own
from .sending import Sender, once

DEED = "equipment.move"


def move(tx: Tx, sender: Sender, office: Office, submission_id: str, wanted: KitPlace) -> Submission:
    """Say where a kit is: for some days, or from a day on until further notice. A day has one place.

    A kit's own clerk takes it along for some days; where it belongs, and what one point lends another, the district
    says. Raises NotPermitted, Unknown, Invalid for a day on which it stands somewhere else already.
    """
    kit = own(tx, sender, wanted.kit_code, DEED)
    if not sender.account.may("equipment.add") and of_the_district(wanted):
        raise NotPermitted(DEED)
    problems = out_of_service(kit)
    if wanted.place_code is not None:
        place = areas.place(tx, wanted.place_code)
        if place is None or not sender.account.sees_place(place.code, place.kecamatan_code):
            problems.append(Problem("place", _("Pilih tempat kunjungan dari daftar.")))
    today = office_day(sender.at)

    def make() -> str:
        found = problems or check_place(wanted, diary.places(tx, kit.code), office, today)
        if found:
            raise Invalid(found)
        made = diary.add(tx, wanted, sender.account.id, sender.at)
        if wanted.standing and wanted.kind == POINT and wanted.valid_from <= today:
            newest = max(p.valid_from for p in diary.places(tx, kit.code) if p.standing and p.valid_from <= today)
            if newest == wanted.valid_from and wanted.point_code is not None:
                diary.belong_to(tx, kit.code, wanted.point_code)
        ledger.touch(tx, ledger.DATA, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "diary.move", KIND, kit.code, difference({}, _shown(wanted)))
        return str(made)

    return once(tx, sender, submission_id, KIND, _shown(wanted), make)


def _shown(wanted: KitPlace) -> dict[str, object]:
    return {name: value for name, value in asdict(wanted).items() if name not in ("id", "by", "at")}


def withdraw(tx: Tx, sender: Sender, submission_id: str, kit_code: str, place_id: int) -> Submission:
    """Take back that a kit was, or was to be, somewhere. Its first place stays: a kit was always somewhere.

    Raises NotPermitted for a clerk where the district had its say, Conflict(STALE) where somebody was faster.
    """
    kit = own(tx, sender, kit_code, DEED)
    kept = diary.find(tx, kit_code, place_id)
    if kept is None:
        raise Unknown(place_id)
    if of_the_district(kept) and not sender.account.may("equipment.add"):
        raise NotPermitted(DEED)

    def make() -> str:
        left = [p for p in kit.places if p.standing and p.id != place_id]
        if kept.standing and not left:
            raise Invalid([Problem("", _("Tempat pertama alat tidak dapat dihapus."))])
        if not diary.withdraw(tx, place_id, sender.at):
            raise Conflict(STALE, kept)
        today = office_day(sender.at)
        now_at = max((p for p in left if p.valid_from <= today), key=lambda p: p.valid_from, default=None)
        if kept.standing and now_at is not None and now_at.kind == POINT and now_at.point_code is not None:
            diary.belong_to(tx, kit_code, now_at.point_code)
        ledger.touch(tx, ledger.DATA, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "diary.withdraw", KIND, kit_code, difference(_shown(kept), {}))
        return str(place_id)

    return once(tx, sender, submission_id, KIND, {"kit": kit_code, "withdraw": place_id}, make)
