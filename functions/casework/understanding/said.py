"""The one gate that the words of every way in pass: form, SMS, counter, letters, Open311, agencies, reply, appeal.

Each question is answered by one module of this folder; channels ask here and decide nothing of their own. Who needs a
single answer before anything else is known asks its module: ``tests/walls/test_one_gate.py`` lists them.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from functions.casework.access import is_accused
from functions.casework.directory.agencies import Directory
from functions.casework.report import Report
from functions.casework.understanding.accused import Accusation, Complaint, look_for_accused
from functions.casework.understanding.receipts import ReceiptFound, receipts_in

if TYPE_CHECKING:
    from functions.casework.understanding.places import PlacesNamed
    from functions.casework.understanding.sorts import Nature


class Said:
    """What a text says to an instance. Each answer is found when it is asked for."""

    def __init__(self, text: str, directory: Directory, instance: str, topic: str = "") -> None:
        self._text, self._directory, self._instance, self._topic = text, directory, instance, topic

    def __repr__(self) -> str:
        return "Said(…)"  # words must not reach a log by way of a traceback

    @cached_property
    def receipts(self) -> tuple[ReceiptFound, ...]:
        """The receipts in it."""
        return receipts_in(self._text)

    @cached_property
    def complaint(self) -> Complaint:
        """Whom it accuses, and whether it complains about people in office at all."""
        return look_for_accused(self._text, self._directory, self._instance, self._topic)

    @property
    def accused(self) -> tuple[Accusation, ...]:
        """The agencies whose own conduct it complains about, the surest first."""
        return self.complaint.whom

    @cached_property
    def places(self) -> "PlacesNamed":
        """The districts it names."""
        from functions.casework.understanding.places import places_in  # noqa: PLC0415 - only SMS have no field for it

        return places_in(self._text, self._directory, self._instance)

    @property
    def places_about(self) -> "PlacesNamed":
        """The districts it is about, without those that somebody only goes to."""
        from functions.casework.understanding.places import TOWARDS, places_in  # noqa: PLC0415 - the same

        return places_in(self._text, self._directory, self._instance, least=TOWARDS)

    @property
    def places_at(self) -> "PlacesNamed":
        """The districts it says that it is at."""
        from functions.casework.understanding.places import SAID_AT, places_in  # noqa: PLC0415 - the same

        return places_in(self._text, self._directory, self._instance, least=SAID_AT)

    @property
    def places_if_asked(self) -> "PlacesNamed":
        """The districts it names if it answers where that is: then a usual word may be a place."""
        from functions.casework.understanding.places import places_in  # noqa: PLC0415 - only SMS have no field for it

        return places_in(self._text, self._directory, self._instance, asked=True)

    @cached_property
    def nature(self) -> "Nature":
        """What kind of text it is: a report, a greeting, an advert, a cry for help."""
        from functions.casework.understanding.nature import nature_of  # noqa: PLC0415 - only SMS can be anything

        return nature_of(self._text)


def what_is_said(text: str, directory: Directory, instance: str, topic: str = "") -> Said:
    """Return what a text says to an instance; ``topic`` is the code of the topic that its writer chose. The time is
    proportional to the length of the text, whatever it is."""
    return Said(text, directory, instance, topic)


def accused_by(report: Report, directory: Directory) -> tuple[Accusation, ...]:
    """Return whom a report's words accuse beside the agency that its form names."""
    instance = directory.instance_of_district(report.district).code
    found = what_is_said(report.accusing(), directory, instance, report.topic).accused
    return tuple(each for each in found if not is_accused(each.agency, report.about_agency, directory))
