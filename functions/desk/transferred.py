"""What a case's page and its JSON say of where it may be transferred."""

from functions.actions.officer.views import OfficerView
from functions.casework.access import transfer_targets
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.stages import Move

LIST_MAX = 30  # more are not looked through one by one: they are typed, and found by their beginning


def transfer_parts(view: OfficerView, directory: Directory) -> dict[str, object]:
    """For the page: ``transfers``, the agencies; ``elevates``: it goes to the centre, which is the only one;
    ``typed_transfer``: there are too many for a list."""
    targets = _targets(view, directory)
    elevates = [target.kind for target in targets] == [AgencyKind.CENTRE]
    return {"transfers": targets, "elevates": elevates, "typed_transfer": len(targets) > LIST_MAX}


def transfers_json(view: OfficerView, directory: Directory) -> list[dict[str, str]] | None:
    """The agencies it may be transferred to; None where they are too many to be listed with each case: then it is any
    instance of the directory."""
    targets = _targets(view, directory)
    if len(targets) > LIST_MAX:
        return None
    return [{"code": target.code, "name": target.name} for target in targets]


def _targets(view: OfficerView, directory: Directory) -> tuple[Agency, ...]:
    return tuple(transfer_targets(view.head, directory)) if Move.TRANSFER in view.rights.moves else ()
