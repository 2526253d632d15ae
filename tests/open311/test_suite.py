"""The suite itself: it finds each deviation of FixMyStreet's server, by the rule that names it, and none where there is
none; it says at a terminal what it found."""

import pytest

from tests.open311.__main__ import main
from tests.open311.stub import DEVIATIONS, KEY, stub
from tests.open311.suite import RULES, Finding, run_all
from tests.open311.wire import Server


def failing(findings: list[Finding]) -> set[str]:
    return {str(finding.rule) for finding in findings if finding.deviations}


def test_a_server_that_does_all_right_breaks_no_rule() -> None:
    with stub() as url:
        findings = run_all(Server(url, KEY))
    assert failing(findings) == set()
    untried = {str(finding.rule) for finding in findings if finding.untried}
    assert untried == {
        "errors: an unknown jurisdiction is 404 with a list of errors",
        "errors: no jurisdiction, where one is needed, is 400 with a list of errors",
        "requests: page and page_size (an extension)",
    }


@pytest.mark.parametrize("deviation", DEVIATIONS)
def test_each_deviation_is_found_by_the_rule_that_names_it(deviation: str) -> None:
    with stub(deviation) as url:
        assert failing(run_all(Server(url, KEY))) >= DEVIATIONS[deviation]


def test_all_of_them_at_once_hide_none() -> None:
    with stub(*DEVIATIONS) as url:
        found = failing(run_all(Server(url, KEY)))
    for deviation, rules in DEVIATIONS.items():
        assert rules & found, deviation


def test_there_are_the_nineteen_rules_of_discovery() -> None:
    assert len({rule.name for rule in RULES if rule.group == "discovery"}) == 19
    assert len({str(rule) for rule in RULES}) == len(RULES)


def test_at_a_terminal_it_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    with stub("json_is_wrapped") as url:
        assert main(["--url", url]) == 1
    said = capsys.readouterr().out
    assert "!!  services: JSON is a bare list\n      it is an object of ['services']" in said
    assert "--  reporting: a required attribute that is missing is 400, and named (not tried: needs --api-key" in said
    with stub() as url:
        assert main(["--url", f"{url}/", "--api-key", KEY]) == 0
    assert "0 do not" in capsys.readouterr().out
