"""Noting that an office was called: once a press, never changed, written down."""

from ..domain.accounts import require_point
from ..domain.areas import Office
from ..domain.contacts import check_contact
from ..domain.problems import Invalid, Unknown
from ..domain.submissions import Submission
from ..storage import contacts, ledger
from ..storage.database import Tx
from .sending import Sender, once

DEED = "contacts.write"
KIND = "contact"


def note(
    tx: Tx, sender: Sender, office: Office, submission_id: str, point_code: str, how: str, said: str = ""
) -> Submission:
    """Keep that the sender reached a point, how, and what was said. Sent again, it is noted once.

    Raises NotPermitted, Unknown for no such point, Invalid with every problem.
    """
    require_point(sender.account, DEED, point_code)
    if point_code not in office.points:
        raise Unknown(point_code)
    said = said.strip()

    def make() -> str:
        if problems := check_contact(point_code, how, said, office.points):
            raise Invalid(problems)
        contacts.add(tx, point_code, how, said, sender.account.id, sender.at)
        ledger.note(tx, sender.hand, "contacts.note", KIND, point_code, {"how": (None, how)}, said)
        return point_code

    return once(tx, sender, submission_id, KIND, {"point": point_code, "how": how, "note": said}, make)
