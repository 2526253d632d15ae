"""The stages of a case (tahap): the name and effect of each, and the one table of moves between them.

Names, sentences, clocks and forms stand only here. The table says who may make a move, whether it needs a reason and
where it leads. Desk, thread, SMS and Open311 read these tables, and the docs draw them.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from functions.casework.formats.translatable import N_


class Stage(StrEnum):
    """SP4N-LAPOR!'s stages, under the names officers know."""

    DITERIMA = "diterima"
    DIVERIFIKASI = "diverifikasi"
    DIDISPOSISIKAN = "didisposisikan"
    DIPROSES = "diproses"
    DITANGGAPI = "ditanggapi"
    DITAHAN = "ditahan"
    DIALIHKAN = "dialihkan"
    SELESAI = "selesai"
    DIARSIPKAN = "diarsipkan"
    BANDING = "banding"


class Actor(StrEnum):
    """Who writes an event; the thread shows the value as ``from``."""

    REPORTER = "pelapor"
    OFFICER = "petugas"
    SYSTEM = "sistem"


class Move(StrEnum):
    """What can be done to a case; the value is the action's name in the API.

    DISCARD removes a case that nobody can open. No stage leads to it, so the table does not list it.
    """

    REPLY = "reply"
    ATTACH = "attach"
    STAGE = "stage"
    HANDOVER = "handover"
    EXTEND = "extend"
    CLOSE = "close"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    UNMASK = "unmask"
    NOTE = "note"
    OVERSIGHT = "oversight"
    RECUSE = "recuse"
    SP4N = "sp4n"
    SECOND = "second"
    JOIN = "join"
    LIFT = "lift"
    OBJECT = "object"
    ASSIGN = "assign"
    PRIORITY = "priority"
    TRANSFER = "transfer"
    PUBLISH = "publish"
    CORRECT = "correct"
    CUSTODIAN = "custodian"
    DISCARD = "discard"


class Duty(StrEnum):
    """The capacity in which an officer acts on a case: sorting it (coordinator) or answering it (unit). OVERSEE is for
    a late case that escalated to them, ASSIST for the second unit, which helps the holder."""

    SORT = "sort"
    ANSWER = "answer"
    OVERSEE = "oversee"
    ASSIST = "assist"


class Rule(NamedTuple):
    """One line of the table. The case goes to ``to``; None leaves it at its stage."""

    move: Move
    sources: frozenset[Stage]
    to: Stage | None
    by: Actor
    duty: Duty | None = None
    reason: bool = False


class Clock(StrEnum):
    """What happens to a case's deadline at a stage; ``docs/stages.md`` shows the value."""

    RECEIVED = "to verify"
    KEEPS = "goes on"
    STANDS = "stands still"
    ENDS = "ends"
    SORTING = "to verify, anew"
    ANSWERING = "to the first answer, anew"
    FINISHING = "to the end"
    WINDOW = "the reporter's window"
    APPEAL = "to the end, anew"


class StageForm(NamedTuple):
    """The desk's form that puts a case at a stage. One without a title has its own template."""

    name: str
    title: str = ""
    label: str = ""
    hint: str = ""
    button: str = ""


class StageFacts(NamedTuple):
    """All texts and facts of one stage. Texts are Indonesian; the catalogue translates all but ``sms``.

    ``step`` is the reporter's step, 1 to 5, and ``step_sorting`` the one while a coordinator holds the case, 0 if it is
    the same. ``held_by`` says who can hold a case here. ``settable`` says from which stages an officer puts a case here
    with a reason; the reporter then reads ``told``. ``yours`` is the reporter's name of the stage, "" if it is
    ``name``.
    """

    name: str
    sms: str
    step: int
    clock: Clock
    held_by: frozenset[Duty] = frozenset()
    told: str = ""
    form: StageForm | None = None
    settable: Mapping[Duty, frozenset[Stage]] = MappingProxyType({})
    yours: str = ""
    step_sorting: int = 0


S = Stage
SORTS, ANSWERS = frozenset({Duty.SORT}), frozenset({Duty.ANSWER})
# A report about the coordinator starts at the inspectorate, still "diterima": answering begins there too. An appeal
# from the inspectorate goes to the level above, which sorts: it hands the case to another unit.
BOTH = SORTS | ANSWERS
# The desk shows the forms in the order of this table.
FACTS: dict[Stage, StageFacts] = {
    S.DITERIMA: StageFacts(N_("Diterima"), "diterima", 1, Clock.RECEIVED, BOTH),
    S.DITAHAN: StageFacts(
        N_("Menunggu jawaban pelapor"),
        "menunggu jawaban Anda",
        3,
        Clock.STANDS,
        BOTH,
        told=N_("Petugas bertanya kepada pelapor."),
        form=StageForm(
            "ask",
            N_("Tanya pelapor, lalu tunggu jawabannya"),
            N_("Pertanyaan Anda"),
            N_(
                "Tanyakan tentang kejadiannya, bukan tentang siapa pelapornya. Batas waktu berhenti sampai ia membalas."
            ),
            N_("Kirim pertanyaan"),
        ),
        settable={
            Duty.SORT: frozenset({S.DITERIMA, S.DIVERIFIKASI, S.DIALIHKAN}),
            Duty.ANSWER: frozenset({S.DITERIMA, S.DIALIHKAN, S.DIDISPOSISIKAN, S.DIPROSES, S.DITANGGAPI}),
        },
        yours=N_("Menunggu jawaban Anda"),
        step_sorting=2,
    ),
    S.DIVERIFIKASI: StageFacts(
        N_("Diperiksa"),
        "sedang diperiksa",
        2,
        Clock.KEEPS,
        SORTS,
        told=N_("Laporan sudah diperiksa koordinator."),
        form=StageForm(
            "verify",
            N_("Tandai sudah diperiksa"),
            N_("Catatan untuk pelapor"),
            N_("Misalnya: laporan jelas, kami cari dinas yang berwenang."),
            N_("Tandai sudah diperiksa"),
        ),
        settable={Duty.SORT: frozenset({S.DITERIMA, S.DIALIHKAN, S.DITAHAN})},
    ),
    S.DIDISPOSISIKAN: StageFacts(N_("Di dinas"), "diteruskan ke dinas", 3, Clock.ANSWERING, ANSWERS),
    S.DIPROSES: StageFacts(
        N_("Dikerjakan"),
        "sedang dikerjakan",
        3,
        Clock.FINISHING,
        ANSWERS,
        told=N_("Laporan sedang dikerjakan."),
        form=StageForm(
            "start",
            N_("Tandai sedang dikerjakan"),
            N_("Apa yang sedang dikerjakan?"),
            N_("Dibaca pelapor."),
            N_("Tandai sedang dikerjakan"),
        ),
        settable={
            Duty.ANSWER: frozenset({S.DITERIMA, S.DIALIHKAN, S.DIDISPOSISIKAN, S.DITANGGAPI, S.DITAHAN, S.BANDING})
        },
    ),
    S.DITANGGAPI: StageFacts(N_("Dijawab"), "sudah ditanggapi", 4, Clock.FINISHING, ANSWERS),
    S.DIALIHKAN: StageFacts(N_("Dipindahkan"), "dialihkan", 2, Clock.SORTING, BOTH),
    S.SELESAI: StageFacts(N_("Selesai"), "selesai", 5, Clock.WINDOW),
    S.DIARSIPKAN: StageFacts(
        N_("Diarsipkan"),
        "diarsipkan",
        5,
        Clock.ENDS,
        told=N_("Laporan diarsipkan."),
        form=StageForm("archive"),
        # An appeal too: it may accuse, in later words, every unit that the desk could hand it to.
        settable={Duty.SORT: frozenset({S.DITERIMA, S.DIVERIFIKASI, S.DIALIHKAN, S.DITAHAN, S.BANDING})},
    ),
    S.BANDING: StageFacts(N_("Banding"), "dalam banding", 3, Clock.APPEAL, BOTH),
}
AT_SORTING, AT_UNIT = (
    frozenset(stage for stage, facts in FACTS.items() if duty in facts.held_by) for duty in (Duty.SORT, Duty.ANSWER)
)
STANDING = frozenset(stage for stage, facts in FACTS.items() if facts.clock is Clock.STANDS)
CLOSED = frozenset({S.SELESAI, S.DIARSIPKAN})
# Somebody answered the case, or is working on it; at the other open stages its holder has not begun.
BEGUN = frozenset({S.DIPROSES, S.DITANGGAPI})
OPEN = frozenset(Stage) - CLOSED

RULES: tuple[Rule, ...] = (
    Rule(Move.HANDOVER, AT_SORTING, S.DIDISPOSISIKAN, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.UNMASK, AT_SORTING, None, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.HANDOVER, AT_UNIT, S.DIALIHKAN, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.UNMASK, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.REPLY, AT_UNIT, S.DITANGGAPI, Actor.OFFICER, Duty.ANSWER),
    Rule(Move.ATTACH, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER),
    Rule(Move.EXTEND, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.CLOSE, AT_UNIT, S.SELESAI, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.HANDOVER, OPEN - {S.DITAHAN}, S.DIDISPOSISIKAN, Actor.OFFICER, Duty.OVERSEE, reason=True),
    Rule(Move.UNMASK, OPEN, None, Actor.OFFICER, Duty.OVERSEE, reason=True),
    Rule(Move.OVERSIGHT, AT_SORTING, S.DIDISPOSISIKAN, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.RECUSE, AT_SORTING, S.DIALIHKAN, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.RECUSE, AT_UNIT, S.DIALIHKAN, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.SP4N, OPEN, None, Actor.OFFICER, Duty.SORT),
    Rule(Move.SP4N, OPEN, None, Actor.OFFICER, Duty.ANSWER),
    *(Rule(Move.NOTE, OPEN, None, Actor.OFFICER, duty) for duty in Duty),
    Rule(Move.ASSIGN, AT_SORTING, None, Actor.OFFICER, Duty.SORT),
    Rule(Move.ASSIGN, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER),
    Rule(Move.PRIORITY, AT_SORTING, None, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.PRIORITY, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.REPLY, OPEN, None, Actor.REPORTER),
    Rule(Move.ATTACH, OPEN, None, Actor.REPORTER),
    Rule(Move.CONFIRM, frozenset({S.SELESAI}), S.SELESAI, Actor.REPORTER),
    Rule(Move.REOPEN, frozenset({S.SELESAI}), S.DIPROSES, Actor.REPORTER, reason=True),
    Rule(Move.APPEAL, frozenset({S.SELESAI}), S.BANDING, Actor.REPORTER, reason=True),
    Rule(Move.WITHDRAW, frozenset(Stage), S.DIARSIPKAN, Actor.REPORTER),
    Rule(Move.LIFT, AT_SORTING, None, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.LIFT, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.LIFT, OPEN, None, Actor.OFFICER, Duty.OVERSEE, reason=True),
    Rule(Move.OBJECT, OPEN, None, Actor.REPORTER),
    Rule(Move.TRANSFER, AT_SORTING, S.DIALIHKAN, Actor.OFFICER, Duty.SORT, reason=True),
    # The second unit helps; stage and clock stay the holder's.
    Rule(Move.SECOND, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.SECOND, AT_UNIT, None, Actor.OFFICER, Duty.ASSIST, reason=True),
    Rule(Move.REPLY, AT_UNIT, None, Actor.OFFICER, Duty.ASSIST),
    Rule(Move.ATTACH, AT_UNIT, None, Actor.OFFICER, Duty.ASSIST),
    Rule(Move.UNMASK, AT_UNIT, None, Actor.OFFICER, Duty.ASSIST, reason=True),
    Rule(Move.RECUSE, AT_UNIT, None, Actor.OFFICER, Duty.ASSIST, reason=True),
    Rule(Move.JOIN, OPEN, None, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.JOIN, OPEN, None, Actor.OFFICER, Duty.ANSWER, reason=True),
    # The holder may publish a closed case too; the access rules demand the reporter's request first.
    Rule(Move.PUBLISH, OPEN | {S.SELESAI}, None, Actor.OFFICER, Duty.SORT),
    Rule(Move.PUBLISH, OPEN | {S.SELESAI}, None, Actor.OFFICER, Duty.ANSWER),
    Rule(Move.CORRECT, AT_SORTING, None, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.CORRECT, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER, reason=True),
    Rule(Move.CUSTODIAN, AT_SORTING, None, Actor.OFFICER, Duty.SORT, reason=True),
    Rule(Move.CUSTODIAN, AT_UNIT, None, Actor.OFFICER, Duty.ANSWER, reason=True),
)

# An officer makes these moves by naming the stage (POST …/stage), each in their own capacity.
SETTABLE: dict[Duty, dict[Stage, frozenset[Stage]]] = {
    duty: {to: FACTS[to].settable[duty] for to in Stage if duty in FACTS[to].settable} for duty in Duty
}


class MoveRefusedError(Exception):
    """The table has no such move from this stage for this actor. Names move and stage, for a clear answer."""

    def __init__(self, move: str, stage: Stage) -> None:
        self.move = move
        self.stage = stage
        super().__init__(f"{move} is not possible at {stage}")


def rule_for(move: Move, stage: Stage, by: Actor, duty: Duty | None = None) -> Rule:
    """Return the rule that allows this move. Raises MoveRefusedError if none does."""
    for rule in RULES:
        if rule.move is move and rule.by is by and rule.duty is duty and stage in rule.sources:
            return rule
    raise MoveRefusedError(move, stage)


def moves_from(stage: Stage, by: Actor, duty: Duty | None = None) -> tuple[Move, ...]:
    """Return all moves open to this actor at this stage, in the table's order, with POST …/stage among them."""
    found = [rule.move for rule in RULES if rule.by is by and rule.duty is duty and stage in rule.sources]
    if duty is not None and settable_from(stage, duty):
        found.append(Move.STAGE)
    return tuple(dict.fromkeys(found))


def settable_from(stage: Stage, duty: Duty) -> tuple[Stage, ...]:
    """Return the stages that an officer may name at this stage."""
    return tuple(to for to, sources in SETTABLE[duty].items() if stage in sources)


def check_settable(stage: Stage, to: Stage, duty: Duty) -> None:
    """Raise MoveRefusedError unless an officer in this capacity may put the case there themselves."""
    if to not in settable_from(stage, duty):
        raise MoveRefusedError(f"stage {to}", stage)


def reachable(start: Stage, through: Iterable[Rule] = RULES) -> frozenset[Stage]:
    """Return every stage a case can reach from ``start``, by the table and the named stages."""
    edges = {(source, rule.to) for rule in through if rule.to for source in rule.sources}
    edges |= {(source, to) for named in SETTABLE.values() for to, sources in named.items() for source in sources}
    seen = {start}
    while fresh := {to for source, to in edges if source in seen} - seen:
        seen |= fresh
    return frozenset(seen)


def after_reporter_wrote(stage: Stage, *, at_unit: bool) -> Stage:
    """Return the stage after a reporter's message. A held case waits for the reporter, so their answer resumes it. Any
    other stage stays."""
    if stage is not Stage.DITAHAN:
        return stage
    return Stage.DIPROSES if at_unit else Stage.DIVERIFIKASI
