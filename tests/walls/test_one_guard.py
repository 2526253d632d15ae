"""One function decides who may see a case: who asks it, who reads whom a case is about, and who reads cases at all.

The lists below are the whole of it today. A new place fails here, so that somebody looks whether it goes through
``casework.access``; then it is added, with what guards it.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"

# Who reads whom a case, a report or an envelope is about: ``.about_agency``; ``.accused``, which is the same but for a
# case whose guard an overseer lifted; and ``.kept_from``, whom later words accuse.
READS_WHOM_IT_IS_ABOUT = {
    "casework/access.py may_receive": "the guard itself",
    "actions/officer/read_case.py ReadCase.hides": "asks is_accused: whom an overseer let in",
    "casework/sealed_identity.py may_look": "asks may_keep, for custodians and overseers",
    "actions/reporter/verdict.py next_level": "asks is_accused and returned_to: where an appeal goes",
    "actions/reporter/sms_cases.py SmsCases.safe": "asks is_accused: words for one case never go to whom another accuses",
    "actions/reporter/sms_cases.py SmsCases.may_read": "asks is_accused: words without a code, closed cases too",
    "actions/reporter/sms_cases.py SmsCases.accused": "whom a number's cases accuse: for may_read and also_meant",
    "actions/reporter/texting/which_case.py also_meant": "asks kept_above: a number's next report, as its last one",
    "actions/reporter/texting/talk.py SmsTalk._may_be_words": "whether words say that somebody did something: they are kept",
    "actions/reporter/sms_words.py SmsWords._asked_whom": "asks is_accused: whether a later SMS accuses somebody new",
    "casework/routing/later_accused.py accuses": "that it accuses somebody, not whom: then an office named later did it",
    "casework/routing/later_accused.py kept_away": "asks is_accused: takes the case from whom later words accuse",
    "casework/routing/later_accused.py kept_from_custodians": "keeps a name that came later from whom its report may mean",
    "casework/routing/later_accused.py keeping_from": "adds to whom it is kept from",
    "casework/routing/recall.py recalled": "keeps it from whom words accuse that came after the hand-over",
    "actions/officer/transfer.py Transfer._moved": "whom its words accuse of the government that gets it",
    "actions/officer/transfer.py Transfer._kept": "the desk there that they do not accuse; keeps it from those they do",
    "actions/officer/unread_words.py kept_from_above": "keeps a late case from the desks above that unread words accuse",
    "actions/officer/unread_words.py _kept": "their names, for who may read the words that accuse them",
    "actions/officer/unread_words.py _by_report": "whom a report accuses that a browser sealed",
    "casework/routing/later_accused.py still_kept": "whether the store keeps it from all whom its sealed words accuse",
    "casework/routing/later_accused.py given_to": "asks is_accused: a person gives the case to whom it was kept from",
    "casework/routing/later_accused.py newly_accused": "whom a text accuses, which is no case yet",
    "casework/access.py is_kept_from": "the guard itself",
    "casework/access.py is_hidden_from": "the guard itself",
    "actions/officer/read_case.py ReadCase.needs_a_yes": "asks is_accused: who gets the case only knowingly",
    "actions/reporter/converse.py Converse._hidden_from": "its name, for the writer themself",
    "casework/access.py lift_decider": "the guard itself: which overseer decides whether the accused may read it",
    "casework/access.py transferred_to": "the guard itself: on whose desk a transferred case lies",
    "casework/guard_lift.py told": "into the sealed event by which its reporter reads of a request to show it",
    "casework/deadlines/batches.py Batches.__call__": "that it accuses somebody, not whom: then it waits for its batch",
    "desk/consent/lift.py lift_parts": "its name, for who holds the case or decides on it",
    "casework/access.py ladder": "the guard itself: whom a late case goes up to",
    "casework/access.py _not_now": "the guard itself: what its holder may not do",
    "casework/routing/propose.py propose": "asks is_accused: who would be the one to answer it",
    "casework/understanding/said.py accused_by": "asks is_accused: whom the words accuse beside it",
    "actions/officer/read_case.py ReadCase.suspects": "the same, for who reads the case already",
    "actions/reporter/submit.py Submit._kept": "whether its writer named somebody; what the words accuse is bound else",
    "actions/officer/read_case.py ReadCase.targets": "asks returned_to: where a unit hands back",
    "actions/common/decrypted_identity.py told": "into the entry for custodians, where the courier asks is_accused",
    "actions/reporter/submit.py Submit._seal": "from the report into its envelope",
    "actions/reporter/envelope.py envelope_fields": "from the envelope into the same one, for a linked office's intake",
    "actions/reporter/submit.py Submit._head": "asks first_holder; from the envelope into the head",
    "intake/likeness.py of_envelope": "into a keyed hash that lives for an hour in memory, to tell a flood",
    "desk/case_page/page.py _facts": "the accused's name, for who may see the case already",
    "desk/case_page/facts.py turn_of": "the same, for the overseer who decides on it",
    "casework/publication.py fit": "keeps what accuses somebody from ever being public",
    "casework/figures.py kept_from": "into the cell or key whose figures the guard then gives or keeps back",
    "casework/figures.py requests_known": "asks is_accused: which requests an overseer may know of",
    "casework/access.py stranded_to": "the guard itself: where a case goes that its holder may not keep",
    "casework/case.py CaseHead.accused": "what the guard goes by",
    "intake/pages.py _check": "the reporter's own words, shown to him before he sends them",
    "casework/case_fields.py AccessFacts.of": "into the seal, so that nobody changes it in the store",
    "casework/case_fields.py AccessFacts.text": "the same",
    "crypto/seal/bound_facts.py as_bound": "the same",
    "crypto/seal/bound_facts.py wraps_all": "how many a browser's wrap has to bind",
    "crypto/seal/public_keys.py PublicKeys.wrap_case_key": "the same",
    "actions/common/append.py _only_kept": "whether an act changes what is bound, and how",
    "thread/pages.py kept_away": "their names, for the writer themself",
    "thread/sealed.py facts": "their codes, likewise",
    "casework/report.py Report.words": "into the sealed words, with the name that the writer read",
    "actions/reporter/submit.py Submit.sealed": "compared with what the browser bound",
    "desk/case_page/facts.py named_otherwise": "its name today beside the sealed one, for who may read the case already",
    "actions/officer/lists/case_line.py _words_may_hide": "whether the sealed words have to be compared too",
    "desk/today/rows.py inbox_row": "the accused's name, for who may read the words",
    "desk/today/inbox.py _pane": "the same",
}

# Who asks the guard.
ASKS_THE_GUARD = {
    "casework/figures.py _is_one_of",
    "casework/access.py first_holder",
    "casework/access.py kept_above",
    "casework/access.py returned_to",
    "casework/access.py ladder",
    "casework/access.py _not_now",
    "casework/access.py upward",
    "casework/access.py stranded_to",
    "casework/access.py rights",
    "actions/common/rehome_cases.py _goes_to",
    "actions/common/cases_left_behind.py hidden_from",
    "actions/officer/instance/directory_admin.py DirectoryAdmin._check_leaving",
    "casework/access.py _went_up_to",
    "casework/access.py lift_decider",
    "casework/access.py transfer_targets",
    "casework/access.py transferred_to",
    "casework/guard_lift.py asked",
    "actions/clock/import_replies.py ImportReplies._added",
    "actions/officer/transfer.py Transfer.__call__",
    "actions/officer/transfer.py Transfer._given",
    "desk/consent/lift.py lift_parts",
    "desk/handover/routing.py _targets",
    "casework/deadlines/escalation.py forgotten",
    "casework/deadlines/escalation.py next_step",
    "casework/routing/propose.py _hidden",
    "casework/routing/propose.py propose",
    "casework/understanding/said.py accused_by",
    "casework/understanding/accused.py kept_from",
    "actions/officer/read_case.py ReadCase.suspects",
    "actions/officer/read_case.py ReadCase.needs_a_yes",
    "actions/officer/case_notes.py CaseNotes._above",
    "casework/access.py may_receive",
    "casework/access.py may_list",
    "casework/access.py lets_in",
    "casework/sealed_identity.py may_look",
    "casework/sealed_identity.py may_keep",
    "casework/consent/unmask_request.py may_look",
    "casework/consent/unmask_request.py check_decide",
    "casework/consent/unmask_request.py works_on",
    "casework/consent/unmask_request.py told_to",
    "casework/consent/unmask_request.py _above",
    "actions/officer/unmask.py _waiting",
    "actions/officer/unmask.py _open",
    "actions/officer/unmask.py Unmask.decide",
    "desk/consent/unmask.py unmask_views",
    "actions/reporter/verdict.py next_level",
    "actions/reporter/sms_cases.py SmsCases.safe",
    "actions/reporter/sms_cases.py SmsCases.may_read",
    "actions/reporter/sms_words.py SmsWords._asked_whom",
    "casework/routing/later_accused.py gone_up",
    "casework/routing/later_accused.py kept_away",
    "casework/routing/later_accused.py kept_from_custodians",
    "casework/routing/later_accused.py _is_one_of",
    "casework/routing/later_accused.py _other_desks",
    "casework/routing/later_accused.py _without",
    "casework/access.py is_kept_from",
    "casework/access.py is_hidden_from",
    "actions/common/incoming_replies.py receive_reply",
    "actions/custodian/custody.py Custody.load",
    "actions/custodian/custody.py Custody._sees",
    "actions/custodian/shares.py Shares._deciders",
    "actions/courier/notice_rules.py NoticeProofs.holds",
    "actions/courier/notice_rules.py NoticeProofs.may_know",
    "actions/officer/case_lists.py CaseLists._read",
    "actions/officer/case_lists.py CaseLists.around",
    "actions/officer/lists/case_line.py _opened",
    "actions/officer/read_case.py ReadCase.rights_of",
    "actions/officer/read_case.py ReadCase._guard",
    "actions/officer/read_case.py ReadCase.targets",
    "actions/reporter/submit.py Submit._head",
    "casework/access.py may_assist",
    "casework/access.py assisting",
    "actions/reporter/converse.py Converse.append_step",
    "actions/reporter/converse.py Converse.withdrawal_notices",
    "actions/reporter/sealed_acts.py SealedActs._change",
    "actions/officer/transfer.py Transfer._kept",
    "actions/officer/unread_words.py _by_system",
    "actions/officer/unread_words.py kept_from_above",
    "actions/officer/unread_words.py unread_accuse",
    "actions/officer/case_act.py CaseAct._prepared",
    "actions/officer/handle_case.py HandleCase.handover",
    "actions/officer/read_case.py ReadCase._seconds",
    "actions/officer/second_unit.py SecondUnit.__call__",
    "desk/case_page/page.py _facts",
    "desk/counter.py _warned",
    "actions/officer/read_case.py ReadCase._others",
    "actions/officer/read_case.py ReadCase.hides",
    "cli/migrate/sp4n_status.py _is_hidden",
}
GUARDS = {
    *("is_accused", "rights", "may_list", "may_receive", "may_look", "first_holder", "returned_to"),
    *("ladder", "upward", "stranded_to", "lift_decider", "transfer_targets", "transferred_to"),
    *("may_assist", "assisting", "lets_in", "may_keep", "is_kept_from", "is_hidden_from"),
}

# Who fetches cases or identities from the store, and what stands between it and whoever asks.
FETCHES_CASES = {
    "actions/clock/import_replies.py ImportReplies._put": "the clock: puts into a case what its agency's system said; it opens nothing",
    "actions/officer/case_lists.py CaseLists._read": "may_list",
    "actions/officer/case_lists.py CaseLists.around": "rights",
    "actions/officer/handover/bulk_handover.py BulkHandover._done_before": "whether an act of this key handed it over; shows nothing",
    "actions/officer/lists/case_line.py _opened": "rights and ReadCase.hides, of a case that may_list let through",
    "desk/case_page/case_acts.py _reply": "rights, of who just wrote into it: their draft goes",
    "actions/officer/read_case.py ReadCase._guard": "rights",
    "actions/officer/read_case.py ReadCase.load": "rights",
    "actions/officer/unread_words.py take_from_accused": "ReadCase.load, which has opened it; it goes where kept_away says",
    "actions/officer/unmask.py _open": "may_look",
    "actions/officer/read_case.py ReadCase._others": "rights",
    "actions/custodian/custody.py Custody.pending": "may_look",
    "actions/custodian/custody.py Custody.load": "may_look",
    "actions/custodian/custody.py Custody._sees": "may_look",
    "actions/reporter/receipt_lookup.py ReceiptLookup.find": "the receipt",
    "actions/reporter/sms_cases.py SmsCases.find": "the receipt",
    "actions/reporter/sms_cases.py SmsCases.done_under": "the receipt; nothing is opened",
    "actions/reporter/sealed_thread.py SealedThread.find": "the value that the receipt yields; nothing is opened",
    "actions/reporter/sealed_acts.py SealedActs._find": "the reporter's signature; nothing is opened",
    "actions/reporter/names/sealed_name.py SealedNames._find": "the reporter's signature; nothing is opened",
    "actions/reporter/names/sealed_name.py SealedNames.answer": "after that signature; nothing is opened",
    "actions/reporter/names/sealed_name.py SealedNames.of": "of a case found by the value that the receipt yields",
    "actions/reporter/names/sealed_name.py moved_name": "of a case found by its reporter's signature",
    "actions/reporter/identity.py Trust.read": "the receipt",
    "actions/reporter/identity.py Trust.leave": "the receipt",
    "actions/reporter/identity.py Trust.withdraw": "the receipt",
    "actions/reporter/identity.py Trust.answer": "the receipt",
    "actions/reporter/identity.py Trust._head": "the receipt",
    "actions/reporter/identity.py Trust._open": "the receipt",
    "actions/ops/reseal.py ResealForCourier._heads": "nobody reads: sealed contacts are replaced by sealed ones",
    "actions/clock/audit.py Audit._listed": "nobody reads: ops writes out and checks the trail, of what stands in clear",
    "actions/clock/audit.py Audit._case": "nobody reads: the same",
    "actions/clock/audit.py Audit._identity": "nobody reads: the same, of what custodians did and reporters signed",
    "actions/clock/audit.py Audit._trusted": "nobody reads: the same, of what custodians did",
    "actions/common/erase.py Retain.one": "nobody reads: it deletes",
    "actions/common/erase.py with_its_case": "nobody reads: a file goes with what is gone",
    "actions/courier/dead_news.py DeadNews._over": "nobody reads: the courier forgets a notice of what is gone",
    "actions/courier/open311_exchange.py Exchange._deleted": "nobody reads: the courier forgets the number of what is gone",
    "actions/officer/consent/ask_custodian.py AskCustodian.__call__": "nobody reads: a wish goes with what is gone",
    "actions/common/cases_left_behind.py _named": "nobody reads: counted, for ops",
    "actions/common/cases_left_behind.py _all": "nobody reads: counted, for ops or by what the coordinator sees; or moved by rescue",
    "actions/common/rehome_cases.py _move": "nobody reads: it goes to a desk that stranded_to names",
    "cli/open_cases.py _open_in": "nobody reads: ops counts",
    "actions/clock/count_figures.py CountFigures._heads": "nobody reads: the clock counts, apart for each accused",
    "actions/clock/publish_reports.py PublishReports._looked_through": "nobody reads: the clock compares what was agreed to",
    "actions/clock/publish_reports.py PublishReports._head": "nobody reads: the clock looks whether a case may stay public",
    "actions/clock/publish_reports.py PublishReports._heads": "nobody reads: the clock counts where there are many",
    "actions/clock/barometer_counts.py OneInstance._first_day": "nobody reads: the clock counts; what is told of it names no case",
    "actions/clock/barometer_counts.py OneInstance._open": "nobody reads: the same",
    "actions/clock/barometer_counts.py OneInstance._ended": "nobody reads: the same",
    "actions/clock/remind.py Remind._near": "nobody reads: the clock",
    "actions/common/rewrap.py RewrapCases._wanted": "nobody reads: wraps are renewed",
    "actions/common/rewrap.py RewrapIdentities.__call__": "nobody reads: wraps are renewed",
    "cli/doctor_store.py _unsplit": "nobody reads: ops counts names that the custody door alone could open",
    "actions/clock/remind.py Remind._lapse": "nobody reads: the clock",
    "cli/directory/replace.py _setting_up": "ops: asks only whether there is any report yet",
    "actions/courier/notice_rules.py NoticeProofs.lies": "rights or may_look for each recipient, is_accused for a system",
    "actions/courier/notice_rules.py NoticeProofs.trusted": "may_look for each recipient",
}
FETCHES = {
    "page",
    "read_case",
    "read_head",
    "read_identity",
    "read_whereabouts",
    "identity_waits",
    "page_identities",
    "closed_before",
    "lapsing",
    "page_ended",
}


@cache
def everything() -> tuple[tuple[str, ast.AST], ...]:
    """Every node outside ``storage``, which answers what it is asked, with its ``file Class.function``."""
    files = ((path, path.relative_to(FUNCTIONS).as_posix()) for path in sorted(FUNCTIONS.rglob("*.py")))
    return tuple(
        found
        for path, name in files
        if not name.startswith("storage/")
        for found in _within(ast.parse(path.read_text()), name, ())
    )


def places(wanted: Callable[[ast.AST], bool]) -> Iterator[str]:
    """``file Class.function`` of every node wanted."""
    yield from (place for place, node in everything() if wanted(node))


def _within(node: ast.AST, file: str, path: tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inner = path
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inner = (*path, child.name)
        yield f"{file} {'.'.join(_outer(path))}", child
        yield from _within(child, file, inner)


def _outer(path: tuple[str, ...]) -> tuple[str, ...]:
    """Functions within functions count as the outermost; a method keeps its class."""
    return path[:2] if path and path[0][:1].isupper() else path[:1]


def reads(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("about_agency", "accused", "kept_from")


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def fetches(node: ast.AST) -> bool:
    """One of the store's reading methods, called or handed on."""
    if not isinstance(node, ast.Attribute) or node.attr not in FETCHES:
        return False
    return ast.unparse(node.value).rpartition(".")[2] in ("store", "_store")


def compares(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare | ast.Match) and any(
        reads(n) or (isinstance(n, ast.Name) and n.id == "about_agency") for n in ast.walk(node)
    )


def test_the_search_itself_finds_what_it_looks_for() -> None:
    planted = ast.parse(
        "class ReadCase:\n"
        "    def leak(self, viewer):\n"
        "        def inner():\n"
        "            return self.store.read_case(viewer.case_id).head.about_agency != viewer.agency\n"
        "        return rights(viewer, inner(), self.directory) or self.pages.page(1)\n"
    )
    for wanted in (reads, compares, fetches, lambda node: called(node) in GUARDS):
        found = [place for place, node in _within(planted, "x.py", ()) if wanted(node)]
        assert found == ["x.py ReadCase.leak"]


def test_whom_a_case_is_about_is_read_here_and_nowhere_else() -> None:
    assert set(places(reads)) == set(READS_WHOM_IT_IS_ABOUT)


def test_nobody_but_the_guard_compares_it() -> None:
    assert {place.partition(" ")[0] for place in places(compares)} == {"casework/access.py"}


def test_the_guard_is_asked_here_and_nowhere_else() -> None:
    asking = set(places(lambda node: called(node) in GUARDS))
    assert asking == ASKS_THE_GUARD


def test_rights_are_made_by_the_guard_and_only_narrowed_by_the_desk() -> None:
    made = set(places(lambda node: called(node) == "Rights"))
    assert made == {
        "casework/access.py ",
        "casework/access.py rights",
        "actions/officer/read_case.py ReadCase.rights_of",
    }


def test_cases_are_fetched_here_and_nowhere_else() -> None:
    assert set(places(fetches)) == set(FETCHES_CASES)


def test_each_officers_read_asks_the_guard_in_the_same_function_or_through_the_one_that_does() -> None:
    """``_load`` and ``pending`` ask through a helper of theirs; the others ask themselves."""
    helpers = {
        "actions/officer/read_case.py ReadCase.load": "actions/officer/read_case.py ReadCase.rights_of",
        "actions/custodian/custody.py Custody.pending": "actions/custodian/custody.py Custody._sees",
    }
    for place, guard in FETCHES_CASES.items():
        if guard in GUARDS:
            assert helpers.get(place, place) in ASKS_THE_GUARD, place


def test_the_page_names_the_accused_only_to_who_may_see_the_case() -> None:
    """A template gets the name from ``desk/case_page/case.py``, which gets an ``OfficerView``: no other template has it."""
    having = [
        path.relative_to(FUNCTIONS).as_posix() for path in FUNCTIONS.rglob("*.html") if "accused" in path.read_text()
    ]
    assert having == ["desk/templates/case.html"]


def test_a_store_is_never_passed_on_under_another_name() -> None:
    """What ``fetches`` looks for is a call on ``store``: a reading method called on anything else would escape it."""
    others = set(
        places(
            lambda node: isinstance(node, ast.Attribute) and node.attr in FETCHES - {"page"} and not _on_the_store(node)
        )
    )
    assert others == set()


def _on_the_store(node: ast.Attribute) -> bool:
    return ast.unparse(node.value).rpartition(".")[2] in ("store", "_store")
