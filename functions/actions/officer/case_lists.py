"""An officer's lists of cases: the inbox, and those beside it.

Every page asks ``casework.access.may_list``: what is hidden from an officer shows neither as a line nor as a gap.

Tests: ``tests/doors/test_worklist.py``, ``tests/doors/test_quarantine.py``, ``tests/doors/test_escalation.py``,
``tests/doors/test_second.py``, ``tests/doors/test_lift.py``.
"""

from dataclasses import dataclass

from functions.actions.common.decrypted_case import open_subject
from functions.actions.officer.masking import mask_text
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import Inbox, Row
from functions.casework.access import Viewer, may_list, waits
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import AgencyKind, Role
from functions.casework.problems import FactsChangedProblem, NotFoundProblem
from functions.casework.stages import Duty, Move
from functions.storage.interface import Page, Scope
from functions.storage.page_tokens import skip_waiting

PAGE = 20
UPPER = frozenset({Role.INSPECTOR, Role.CENTRE, Role.OVERSEER})


@dataclass(frozen=True, slots=True)
class CaseLists:
    """The lists of one officer, each a page at a time. ``after`` is the token of the page before."""

    cases: ReadCase

    def inbox(self, viewer: Viewer, after: str = "") -> Inbox:
        """Return a page of the cases on this officer's desk. A coordinator gets those of the instance; an overseer,
        who has no desk, those to decide on.

        Takes two queries: the page, and whether anything is in quarantine. A next page costs one more, as do the late
        cases of others and, for a unit, the cases on which it is the second."""
        page = self._one(viewer) if viewer.case_id else self._page(viewer, self._scope(viewer), after)
        holds = viewer.role is not Role.OVERSEER
        waiting = holds and not viewer.case_id and self._any(viewer, Scope.QUARANTINE, "")
        late = viewer.role in UPPER and not viewer.case_id and self._any(viewer, Scope.ESCALATED, "")
        asked = not holds and not viewer.case_id and self._any(viewer, Scope.ASKED, "")
        unit = self.cases.directory.agencies[viewer.agency].kind is AgencyKind.UNIT
        helps = unit and not viewer.case_id and self._any(viewer, Scope.SECOND, "")
        return Inbox(tuple(self._row(viewer, head) for head in page.heads), page.next, waiting, late, asked, helps)

    def escalated(self, viewer: Viewer, after: str = "") -> Inbox:
        """Return a page of the late cases that escalated to this officer, the latest first."""
        return self._listed(viewer, Scope.ESCALATED, after)

    def second(self, viewer: Viewer, after: str = "") -> Inbox:
        """Return a page of the cases on which this officer's unit is the second."""
        return self._listed(viewer, Scope.SECOND, after)

    def taken(self, viewer: Viewer, after: str = "") -> Inbox:
        """Return a page of the cases that this officer took."""
        return self._listed(viewer, Scope.ASSIGNED, after)

    def asked(self, viewer: Viewer, after: str = "") -> Inbox:
        """Return a page of the cases whose guard this overseer is asked to lift."""
        return self._listed(viewer, Scope.ASKED, after)

    def quarantine(self, viewer: Viewer, after: str = "") -> Inbox:
        """Return a page of the reports of a flood that wait on this officer's desk."""
        return self._listed(viewer, Scope.QUARANTINE, after)

    def _listed(self, viewer: Viewer, scope: Scope, after: str) -> Inbox:
        page = Page(()) if viewer.case_id else self._page(viewer, scope, after)
        return Inbox(tuple(self._row(viewer, head) for head in page.heads), page.next)

    def _scope(self, viewer: Viewer) -> Scope:
        if viewer.role is Role.OVERSEER:  # nothing on the agency's desk is theirs, so it is not read
            return Scope.ASKED
        whole = self.cases.directory.agencies[viewer.agency].kind is AgencyKind.INSTANCE
        return Scope.INSTANCE if whole else Scope.HOLDER

    def _page(self, viewer: Viewer, scope: Scope, after: str) -> Page:
        """Return a full page of the cases this officer may see. Takes two queries, more if some are hidden (a short or
        empty page would reveal that), and one more for each day on which cases are due that wait for their batch."""
        heads: list[CaseHead] = []
        while True:
            page = self.cases.store.page(scope, _key(viewer, scope), after, PAGE - len(heads))
            heads += [head for head in page.heads if may_list(viewer, head, self.cases.directory)]
            after = _after(viewer, scope, page)
            if after and len(heads) == PAGE:
                return Page(tuple(heads), after if self._any(viewer, scope, after) else "")
            if not after:
                return Page(tuple(heads))

    def _any(self, viewer: Viewer, scope: Scope, after: str) -> bool:
        """Tell whether a case that this officer may see comes after: hidden ones must not show as "there is more".
        Takes one query, more if some are hidden."""
        limit = 1
        while True:
            page = self.cases.store.page(scope, _key(viewer, scope), after, limit)
            if any(may_list(viewer, head, self.cases.directory) for head in page.heads):
                return True
            if not page.next:
                return False
            after, limit = _after(viewer, scope, page), PAGE

    def _one(self, viewer: Viewer) -> Page:
        try:
            return Page((self.cases.load(viewer, viewer.case_id)[0].head,))
        except NotFoundProblem:
            return Page(())

    def _row(self, viewer: Viewer, head: CaseHead) -> Row:
        granted, key = self.cases.rights_of(viewer, head)
        subject = mask_text(open_subject(head, key)) if granted.words and self._named_others(viewer, head) else None
        oversees = granted.duty is Duty.OVERSEE
        asked = oversees and Move.LIFT in granted.moves
        return Row(head, subject, head.overdue(self.cases.today()), oversees and not asked, asked)

    def _named_others(self, viewer: Viewer, head: CaseHead) -> bool:
        """Whether the sealed words name nobody here as the accused. Takes a query where a report accuses an agency."""
        if not head.about_agency:
            return True
        try:
            self.cases.load(viewer, head.case_id)
        except (NotFoundProblem, FactsChangedProblem):
            return False
        return True


def _after(viewer: Viewer, scope: Scope, page: Page) -> str:
    """Return where to read on. Cases that wait for their batch stand together, and are passed over in one step."""
    if page.next and waits(viewer, page.heads[-1]):
        return skip_waiting(scope, _key(viewer, scope), page.heads[-1])
    return page.next


def _key(viewer: Viewer, scope: Scope) -> str:
    """Return whose part of a listing this officer sees: their own, or their agency's."""
    return viewer.officer if scope is Scope.ASSIGNED else viewer.agency
