"""The one gate that the words of every way in pass: form, SMS, counter, letters, Open311, agencies, reply, appeal.

Each question is answered by one module of this folder; channels ask here and decide nothing of their own.
"""

from dataclasses import dataclass

from functions.casework.directory.agencies import Directory
from functions.casework.understanding.accused import Accusation, accused_in
from functions.casework.understanding.nature import Nature, nature_of
from functions.casework.understanding.places import PlacesNamed, places_in
from functions.casework.understanding.receipts import ReceiptFound, receipts_in


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What a text says. ``accused``: agencies whose own conduct it complains about, the surest first."""

    receipts: tuple[ReceiptFound, ...]
    accused: tuple[Accusation, ...]
    places: PlacesNamed
    nature: Nature


def what_is_said(text: str, directory: Directory, instance: str) -> Said:
    """Return what a text says to an instance. The time is proportional to the length of the text, whatever it is."""
    return Said(
        receipts_in(text), accused_in(text, directory, instance), places_in(text, directory, instance), nature_of(text)
    )
