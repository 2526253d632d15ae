"""The one table of moves: what is not in it is refused, and no case can get stuck in it."""

import itertools

import pytest

from functions.casework.stages import (
    CLOSED,
    FACTS,
    OPEN,
    RULES,
    SETTABLE,
    Actor,
    Duty,
    Move,
    MoveRefusedError,
    Stage,
    after_reporter_wrote,
    check_settable,
    moves_from,
    reachable,
    rule_for,
    settable_from,
)

# Whether this duty may hold a case at this stage, as the table and the hand-overs put it there.
HELD = {
    Duty.SORT: {Stage.DITERIMA, Stage.DIVERIFIKASI, Stage.DIALIHKAN, Stage.DITAHAN, Stage.BANDING},
    Duty.ANSWER: {
        Stage.DITERIMA,
        Stage.DIDISPOSISIKAN,
        Stage.DIPROSES,
        Stage.DITANGGAPI,
        Stage.DITAHAN,
        Stage.BANDING,
    },
}


def test_every_stage_is_reached_from_the_first():
    assert reachable(Stage.DITERIMA) == frozenset(Stage)


@pytest.mark.parametrize("stage", sorted(OPEN))
def test_every_open_stage_can_come_to_an_end(stage):
    assert Stage.SELESAI in reachable(stage)
    assert Stage.DIARSIPKAN in reachable(stage)


def test_open_and_closed_share_out_all_stages():
    assert frozenset(Stage) == OPEN | CLOSED
    assert not OPEN & CLOSED


def test_each_stage_is_one_of_five_steps_and_only_what_is_closed_is_the_last():
    steps = {stage: {facts.step, facts.step_sorting or facts.step} for stage, facts in FACTS.items()}
    assert all(step in range(1, 6) for found in steps.values() for step in found)
    assert {stage for stage, found in steps.items() if 5 in found} == CLOSED
    assert {stage for stage, found in steps.items() if len(found) > 1} == {Stage.DITAHAN}  # at either desk


def test_an_archived_case_stays_archived():
    assert reachable(Stage.DIARSIPKAN) == {Stage.DIARSIPKAN}


def test_no_office_holds_a_case_it_can_do_nothing_with():
    stuck = [(duty, stage) for duty, stages in HELD.items() for stage in stages if not leads_on(stage, duty)]
    assert stuck == []


def leads_on(stage, duty):
    """Whether this holder can move the case to another stage by itself."""
    named = settable_from(stage, duty)
    rules = [r for r in RULES if r.by is Actor.OFFICER and r.duty is duty and stage in r.sources and r.to]
    return bool(named) or any(rule.to is not stage for rule in rules)


@pytest.mark.parametrize("duty", HELD)  # who oversees holds nothing
def test_each_duty_only_holds_the_stages_it_can_be_brought_to(duty):
    for stage in HELD[duty]:
        for to in settable_from(stage, duty):
            assert to in HELD[duty] | CLOSED


def test_each_rule_is_found_and_everything_else_is_refused():
    allowed = {(r.move, source, r.by, r.duty): r for r in RULES for source in r.sources}
    every = itertools.product(Move, Stage, Actor, [None, *Duty])
    refused = 0
    for move, stage, by, duty in every:
        if (move, stage, by, duty) in allowed:
            assert rule_for(move, stage, by, duty) is allowed[move, stage, by, duty]
            continue
        refused += 1
        with pytest.raises(MoveRefusedError) as caught:
            rule_for(move, stage, by, duty)
        assert (caught.value.move, caught.value.stage) == (move, stage)
        assert stage in str(caught.value)
    assert refused > len(allowed)


def test_no_two_rules_answer_the_same_question():
    keys = [(r.move, source, r.by, r.duty) for r in RULES for source in r.sources]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("duty", Duty)
@pytest.mark.parametrize("stage", Stage)
def test_moves_are_those_of_the_table(stage, duty):
    moves = moves_from(stage, Actor.OFFICER, duty)
    for move in Move:
        if move is Move.STAGE:
            assert (move in moves) == bool(settable_from(stage, duty))
            continue
        try:
            rule_for(move, stage, Actor.OFFICER, duty)
        except MoveRefusedError:
            assert move not in moves
        else:
            assert move in moves


@pytest.mark.parametrize("duty", Duty)
def test_only_named_stages_can_be_set(duty):
    for stage, to in itertools.product(Stage, Stage):
        if stage in SETTABLE[duty].get(to, frozenset()):
            check_settable(stage, to, duty)
            assert to in settable_from(stage, duty)
            continue
        with pytest.raises(MoveRefusedError) as caught:
            check_settable(stage, to, duty)
        assert caught.value.stage is stage
        assert to in caught.value.move


@pytest.mark.parametrize("stage", sorted(CLOSED))
def test_officers_do_nothing_with_a_closed_case_but_write_what_its_reporter_wishes_public(stage):
    left = (Move.PUBLISH,) if stage is Stage.SELESAI else ()
    assert moves_from(stage, Actor.OFFICER, Duty.SORT) == left
    assert moves_from(stage, Actor.OFFICER, Duty.ANSWER) == left
    assert moves_from(stage, Actor.OFFICER, Duty.OVERSEE) == ()
    assert moves_from(stage, Actor.OFFICER, Duty.ASSIST) == ()


def test_what_ends_or_turns_a_case_needs_a_reason():
    for rule in RULES:
        if rule.move in (Move.HANDOVER, Move.EXTEND, Move.CLOSE, Move.REOPEN, Move.APPEAL, Move.UNMASK):
            assert rule.reason, rule


@pytest.mark.parametrize("stage", Stage)
def test_the_reporter_takes_up_a_held_case_and_no_other(stage):
    if stage is Stage.DITAHAN:
        assert after_reporter_wrote(stage, at_unit=True) is Stage.DIPROSES
        assert after_reporter_wrote(stage, at_unit=False) is Stage.DIVERIFIKASI
    else:
        assert after_reporter_wrote(stage, at_unit=True) is stage
        assert after_reporter_wrote(stage, at_unit=False) is stage
