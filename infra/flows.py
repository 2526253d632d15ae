"""Draw the three flows into ``docs/architecture.md``: ``python infra/flows.py`` writes them, a test compares.

A flow is a list of hops. Each names a function and the word by which it calls on; both are looked up in the source, so
that a picture cannot show a call that is gone. ``tests/walls/test_flows_walked.py`` walks them in this order.
"""  # noqa: INP001 - a program, not a package

import ast
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- flows: drawn by infra/flows.py -->", "<!-- end of flows -->"
MOST_FILES = 10


class FlowError(Exception):
    """A hop names a function that is gone, or one that no longer calls the next."""


class Hop(NamedTuple):
    """A function below ``functions/``, the word in its source that calls the next hop, and what happens there."""

    file: str
    function: str
    calls: str
    says: str


FLOWS = {
    "A report comes in": (
        Hop("edge/request_guard.py", "cleaned", "app", "address, agent and cookies are dropped before any framework"),
        Hop("intake/app.py", "_json", "read_report", "the route; `_page` is the same for a form without script"),
        Hop("casework/report.py", "read_report", "Report", "each field within its limits, else a sentence"),
        Hop("intake/app.py", "Intake.take", "submit", "a flood is marked, never refused"),
        Hop("actions/reporter/submit.py", "Submit.__call__", "_seal", "the one way in for every channel"),
        Hop(
            "crypto/seal/public_keys.py",
            "PublicKeys.wrap_case_key",
            "SUITE",
            "a fresh case key, bound to whom it accuses",
        ),
        Hop("crypto/seal/sealing.py", "seal_item", "_seal", "the words, sealed under the case key"),
        Hop("actions/reporter/submit.py", "Submit._put", "create_case", "case, event and notice, in one transaction"),
        Hop("storage/sqlite/cases.py", "SqliteCases.create_case", "", "put-first: the same key gives the same case"),
    ),
    "An officer's reply goes out": (
        Hop("desk/case_page/case_acts.py", "_reply", "reply", "the act behind the route `messages`"),
        Hop("actions/officer/handle_case.py", "HandleCase.reply", "carry_out", "the words, once per message key"),
        Hop("actions/officer/case_act.py", "CaseAct.carry_out", "load", "the rule, the clock, the officer's ident"),
        Hop("actions/officer/read_case.py", "ReadCase.load", "rights_of", "the case key, after the guard let them in"),
        Hop("casework/access.py", "rights", "lets_in", "the one function that every read path asks"),
        Hop("actions/common/append.py", "append", "append", "sealed as an event, with the notice for the reporter"),
        Hop("storage/sqlite/cases.py", "SqliteCases.append", "_insert_rest", "event and outbox in one transaction"),
        Hop("actions/courier/deliver.py", "Deliver._deliver", "_outgoing", "another process claims the entry"),
        Hop("actions/courier/reporter_news.py", "read_news", "open_address", "the contact, by the courier's key"),
        Hop("delivery/notify_mail.py", "MailNotifier.notify", "send", "there is news, never what"),
    ),
    "The clock ticks": (
        Hop("clock/orders.py", "obey", "_made", "every hour, by a schedule"),
        Hop("clock/main.py", "make_housekeeping", "Remind", "each step, whatever becomes of the others"),
        Hop("actions/clock/remind.py", "Remind.one", "horizon", "on working days only; opens nothing"),
        Hop("casework/deadlines/escalation.py", "next_step", "ladder", "remind first, then one step up"),
        Hop("casework/access.py", "ladder", "is_accused", "who may take it up: never the accused"),
        Hop("actions/clock/remind.py", "Remind._take", "chained", "an event without words"),
        Hop("casework/audit.py", "chained", "link", "linked to the event before it"),
        Hop("storage/sqlite/cases.py", "SqliteCases.append", "_insert_rest", "event and notices in one transaction"),
    ),
}


def source_of(hop: Hop) -> str:
    """The source of a hop's function. Raises FlowError."""
    text = (ROOT / "functions" / hop.file).read_text()
    nodes: list[ast.AST] = [ast.parse(text)]
    for name in hop.function.split("."):
        inside = [child for node in nodes for child in ast.walk(node)]
        nodes = [n for n in inside if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == name][:1]
    if not nodes or not (found := ast.get_source_segment(text, nodes[0])):
        raise FlowError(f"functions/{hop.file} has no {hop.function}")
    return found


def check(hop: Hop) -> None:
    """Raises FlowError where a hop does not call the next any more."""
    names = {n.id for n in ast.walk(ast.parse(_dedented(source_of(hop)))) if isinstance(n, ast.Name)}
    names |= {n.attr for n in ast.walk(ast.parse(_dedented(source_of(hop)))) if isinstance(n, ast.Attribute)}
    if hop.calls and hop.calls not in names:
        raise FlowError(f"functions/{hop.file} {hop.function} does not call {hop.calls}")


def drawn() -> str:
    """All flows: for each a picture (Mermaid) and a table. Raises FlowError."""
    parts = []
    for title, hops in FLOWS.items():
        for hop in hops:
            check(hop)
        files = list(dict.fromkeys(hop.file for hop in hops))
        if len(files) > MOST_FILES:
            raise FlowError(f"{title}: {len(files)} files")
        nodes = [f'    {_id(file)}["{file}"]' for file in files]
        arrows = [
            f"    {_id(one.file)} -- {n}. {two.function} --> {_id(two.file)}"
            for n, (one, two) in enumerate(pairwise(hops), 1)
        ]
        rows = [f"| {n} | `{hop.file}` | `{hop.function}` | {hop.says} |" for n, hop in enumerate(hops)]
        picture = ["```mermaid", "flowchart TD", *nodes, *arrows, "```"]
        table = ["| hop | file | function | what happens |", "| --- | --- | --- | --- |", *rows]
        parts.append("\n".join([f"### {title} ({len(files)} files)", "", *picture, "", *table]))
    return "\n\n".join(parts)


def page(text: str) -> str:
    """``docs/architecture.md`` with the flows drawn anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{drawn()}\n\n{END}{after}"


def _id(file: str) -> str:
    return file.removesuffix(".py").replace("/", "_")


def _dedented(source: str) -> str:
    lines = source.split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    body = "\n".join(line[max(indent - 4, 0) :] for line in lines[1:])
    return f"{lines[0]}\n{body}"


if __name__ == "__main__":
    TARGET.write_text(page(TARGET.read_text()))
