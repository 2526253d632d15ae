"""A case whose reporter accuses somebody only in a later message: from then on it is kept from them (law 5).

Nobody is ever taken off: this only narrows who may read a case.
"""

from dataclasses import replace

from functions.casework.access import first_holder, is_accused
from functions.casework.case import CaseHead
from functions.casework.case_changes import with_second
from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.stages import Stage
from functions.casework.understanding.accused import Kept


def kept_away(head: CaseHead, kept: Kept, directory: Directory, *, bind: bool) -> CaseHead:
    """Return the head without holder or second unit that ``kept`` means, and about whom it binds. ``bind``: the facts
    of the case are proven, so that one more can be bound; a case that already accuses somebody keeps that."""
    if bind and kept.about and not head.about_agency:
        head = replace(head, about_agency=kept.about)
    if any(is_accused(head.desk_work.second, code, directory) for code in kept.meant):
        head = with_second(head, "")
    if not any(is_accused(head.holder, code, directory) for code in kept.meant):
        return head
    desk = first_holder(directory.agencies[head.instance], head.about_agency, directory, kept.meant)
    if desk == head.holder:  # nobody else is left
        return head
    unit = directory.agencies[head.holder].kind is AgencyKind.UNIT
    head = replace(with_second(head, ""), holder=desk)
    return replace(head, stage=Stage.DIALIHKAN) if unit or head.stage is not Stage.DITERIMA else head
