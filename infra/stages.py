"""Draw the table of stages into ``docs/stages.md``: ``python infra/stages.py`` writes it, a test compares.

From the code alone: who may make which move from where, whether a reason is needed, what the reporter reads, and
which clock runs then.
"""  # noqa: INP001 - a program, not a package

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from functions.casework.case import EventKind  # noqa: E402 - see above
from functions.casework.stages import FACTS, RULES, SETTABLE, Actor, Clock, Duty, Move, Rule, Stage  # noqa: E402 - as above
from functions.web.narration import (  # noqa: E402 - as above
    ASSIGNED,
    CORRECTED,
    LIFTS,
    OVERSIGHT,
    PRIORITY,
    PUBLISHED,
    TOLD,
    TRANSFERRED,
)

TARGET = ROOT / "docs" / "stages.md"
HEAD = """# Who may do what when?

The picture shows the stages of a case, the tables below it who may make which move. `python infra/stages.py` draws both
from the code; the build fails where page and code differ. The words that the reporter reads are the product's own.

Some facts of a case are no stage: *berkadar pengawasan*, late and gone up, in quarantine. Withdrawing, possible from
every stage, is left out of the picture. So is the recall of a hand-over, which puts back the stage of before.

```mermaid
stateDiagram-v2
"""
WHO = {
    Duty.SORT: "coordinator, sorting",
    Duty.ANSWER: "unit, answering",
    Duty.OVERSEE: "office a late case went up to, or overseer who is asked",
    Duty.ASSIST: "second unit",
    None: "reporter",
}
READS = {
    Move.HANDOVER: TOLD[EventKind.HANDOVER],
    Move.OVERSIGHT: OVERSIGHT,
    Move.RECUSE: TOLD[EventKind.RECUSE],
    Move.UNMASK: TOLD[EventKind.UNMASK],
    Move.EXTEND: TOLD[EventKind.EXTEND],
    Move.CLOSE: TOLD[EventKind.CLOSE],
    Move.CONFIRM: TOLD[EventKind.CONFIRM],
    Move.REOPEN: TOLD[EventKind.REOPEN],
    Move.APPEAL: TOLD[EventKind.APPEAL],
    Move.SP4N: TOLD[EventKind.SP4N],
    Move.NOTE: "nothing",
    Move.ASSIGN: ASSIGNED["taken"],
    Move.PRIORITY: PRIORITY["yes"],
    Move.SECOND: TOLD[EventKind.SECOND],
    Move.JOIN: TOLD[EventKind.JOIN],
    Move.WITHDRAW: "that it is deleted",
    Move.LIFT: LIFTS["asked"],
    Move.OBJECT: LIFTS["objected"],
    Move.TRANSFER: TRANSFERRED,
    Move.PUBLISH: PUBLISHED["drafted"],
    Move.CORRECT: CORRECTED["district"],
}


def drawn() -> str:
    """The whole page."""
    rules = [rule for rule in RULES if rule.to and rule.move is not Move.WITHDRAW]
    arrows = [(source, rule.to) for rule in rules for source in rule.sources if source != rule.to]
    arrows += [(s, to) for named in SETTABLE.values() for to, sources in named.items() for s in sorted(sources)]
    lines = [f"    [*] --> {Stage.DITERIMA}", *(f"    {a} --> {b}" for a, b in dict.fromkeys(sorted(arrows)))]
    lines += ["```", "", "| stage | said as |", "| --- | --- |"]
    lines += [f"| `{stage}` | {FACTS[stage].name} |" for stage in Stage]
    lines += ["", "| move | by | from | to | reason | the reporter reads | clock |", "| --- " * 7 + "|"]
    lines += [_row(rule) for rule in RULES]
    for duty, named in SETTABLE.items():
        for to, sources in named.items():
            lines.append(_line("stage", WHO[duty], sorted(sources), to, "yes", FACTS[to].told, FACTS[to].clock))
    return HEAD + "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    reads = READS.get(rule.move, "the words")
    if rule.move is Move.LIFT and rule.duty is Duty.OVERSEE:
        reads = f"{LIFTS['granted']} Or: {LIFTS['refused']}"
    clock = FACTS[rule.to].clock if rule.to else Clock.KEEPS
    who = WHO[rule.duty] if rule.by is Actor.OFFICER else WHO[None]
    return _line(rule.move, who, sorted(rule.sources), rule.to, "yes" if rule.reason else "", reads, clock)


def _line(move: str, who: str, sources: list[Stage], to: Stage | None, *rest: str) -> str:
    places = "any" if len(sources) == len(Stage) else " ".join(f"`{source}`" for source in sources)
    return f"| {move} | {who} | {places} | {f'`{to}`' if to else 'stays'} | " + " | ".join(rest) + " |"


if __name__ == "__main__":
    TARGET.write_text(drawn())
