"""Asking the custodians to consider opening an identity: the act of a case's handlers."""

from typing import TYPE_CHECKING

from functions.desk.acts import Act, standing

if TYPE_CHECKING:  # loaded when first asked for (``lazy_routes``)
    from functions.actions.officer.consent.ask_custodian import AskCustodian


def custodian_acts(ask: "AskCustodian") -> dict[str, Act]:
    """``custodian`` (``reason``)."""
    return {
        "custodian": Act(
            lambda viewer, case_id, typed: standing(ask(viewer, case_id, typed.get("reason", ""))), "custodian"
        )
    }
