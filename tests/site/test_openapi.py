import json
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from functions.casework.case import Kind, Outcome
from functions.casework.stages import Stage

CALLS = {
    "/api/reports": {"post"},
    "/api/reports/challenge": {"post"},
    "/api/reports/waiting-key": {"get"},
    "/api/reports/selesai": {"post"},
    "/desk/loket": {"get"},
    "/api/clean": {"post"},
    "/api/thread": {"post"},
    "/api/thread/identity": {"post"},
    "/api/thread/identity/withdraw": {"post"},
    "/api/thread/identity/answer": {"post"},
    "/api/thread/unmask": {"post"},
    "/api/thread/messages": {"post"},
    "/api/thread/files": {"post"},
    "/api/thread/verdict": {"post"},
    "/api/thread/appeal": {"post"},
    "/api/thread/withdraw": {"post"},
    "/api/thread/kode": {"post"},
    "/api/sms/inbound": {"post"},
    "/api/thread/object": {"post"},
    "/api/thread/sealed": {"post"},
    "/api/thread/acts": {"post"},
    "/api/thread/name": {"post"},
    "/api/thread/name/answers": {"post"},
    "/api/thread/publication": {"post"},
    **{f"/api/thread/publication/{name}": {"post"} for name in ("change", "agree", "stop")},
    "/desk/session": {"post"},
    "/desk/links": {"post"},
    "/desk/links/again": {"post"},
    "/desk/settings": {"get", "post"},
    "/desk/": {"get"},
    "/desk/quarantine/": {"get"},
    **{f"/desk/bulk{name}": {"post"} for name in ("", "/handover", "/recall")},
    "/desk/escalated/": {"get"},
    "/desk/figures/": {"get"},
    "/desk/mine/": {"get"},
    "/desk/templates/": {"get", "post"},
    "/desk/templates/{ident}": {"get", "post"},
    "/desk/templates/{ident}/remove": {"post"},
    "/desk/asked/": {"get"},
    "/desk/second/": {"get"},
    "/desk/cases/{tracking_id}": {"get"},
    **{
        f"/desk/cases/{{tracking_id}}/{name}": {"post"}
        for name in (
            *("messages", "files", "stage", "handover", "recall", "extend", "close", "discard"),
            *("notes", "oversight", "recuse", "sp4n", "sp4n/file"),
            *("assign", "priority", "draft", "remind", "custodian"),
            *("lift", "lift/decision", "transfer"),
            *("second", "join", "correct"),
            *("publication", "publication/decline"),
        )
    },
    "/desk/cases/{tracking_id}/unmask": {"get", "post"},
    "/desk/cases/{tracking_id}/unmask/decision": {"post"},
    **{f"/desk/instance/{name}": {"get"} for name in ("", "units/{code}", "history/", "trail.csv", "trail.xlsx")},
    **{f"/desk/instance/{name}": {"post"} for name in ("changes", "officers")},
    **{
        f"/open311/v2/{name}.json": {"get"}
        for name in (
            *("discovery", "services", "services/{service_code}", "requests/{service_request_id}"),
            "tokens/{token}",
        )
    },
    **{f"/open311/v2/{name}.json": {"get", "post"} for name in ("requests", "servicerequestupdates")},
    "/custody/session": {"post"},
    "/custody/": {"get"},
    "/custody/cases/{tracking_id}": {"get"},
    **{
        f"/custody/cases/{{tracking_id}}/{name}": {"post"}
        for name in ("ask", "refuse", "endorse", "open", "shares", "passes")
    },
    "/custody/key": {"get", "post"},
    **{f"/custody/key/{name}": {"post"} for name in ("locks", "vouch")},
    **{f"/{door}/factor{name}": {"get", "post"} for door in ("desk", "custody") for name in ("", "/new", "s")},
    **{f"/{door}/factor/{name}": {"post"} for door in ("desk", "custody") for name in ("challenge", "help")},
    "/desk/factors/team": {"get", "post"},
    "/healthz": {"get"},
}


@pytest.mark.long
def test_the_description_is_valid_and_names_every_call(frozen: Path) -> None:
    document = json.loads((frozen / "openapi.json").read_text())
    from openapi_spec_validator import validate  # late: it compiles forty grammars, in each worker that collects

    validate(document)
    assert {path: set(calls) for path, calls in document["paths"].items()} == CALLS


def test_what_a_report_needs_is_what_the_contract_says(frozen: Path) -> None:
    schemas = json.loads((frozen / "openapi.json").read_text())["components"]["schemas"]
    report = schemas["Report"]
    assert report["required"] == ["kind", "topic", "district", "body", "submission_key"]
    assert report["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert schemas["Accepted"]["required"] == ["tracking_id", "stage", "due"]
    assert schemas["Stage"]["properties"]["stage"]["enum"] == [stage.value for stage in Stage]


def test_the_desks_changes_ask_for_the_token_and_its_outcomes_are_the_domains(frozen: Path) -> None:
    paths = json.loads((frozen / "openapi.json").read_text())["paths"]
    for path, calls in paths.items():
        for method, call in calls.items():
            names = {parameter["name"] for parameter in call.get("parameters", [])}
            ours = (
                "/desk/bulk",
                "/desk/cases/",
                "/desk/templates/",
                "/desk/instance/",
                "/desk/settings",
                "/desk/factor",
                "/custody/factor",
                "/custody/cases/",
                "/custody/key",
            )
            assert ("X-CSRF-Token" in names) == (path.startswith(ours) and method == "post"), path
    close = paths["/desk/cases/{tracking_id}/close"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert close["properties"]["outcome"]["enum"] == [outcome.value for outcome in Outcome]


def test_every_part_and_every_name_of_the_code_is_used(portal: ModuleType) -> None:
    openapi, code = import_module("openapi"), import_module("openapi_code")
    text = "".join(path.read_text() for path in openapi.FOLDER.glob("*.yaml"))
    statuses = [
        f"{prefix}{status.strip()}"
        for kind, prefix in (("problems", ""), ("faults", "open311-"))
        for listed in re.findall(rf"!{kind} \[(.+?)\]", text)
        for status in listed.split(",")
    ]
    statuses += [status for each in import_module("openapi_shared").ALWAYS.values() for status in each]
    parts = {name for name in openapi._read("parts", {}) if f"*{name}" not in text}
    assert parts == {*re.findall(r"!part ([\w-]+)", text), *statuses} & parts
    assert set(re.findall(r"!code (\w+)", text)) == set(code.CODE)


@pytest.mark.parametrize("unknown", ["a: !part nowhere", "a: !code Nowhere", "a: !problems [418]"])
def test_a_name_that_stands_nowhere_fails_the_freezing(
    portal: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unknown: str
) -> None:
    openapi = import_module("openapi")
    monkeypatch.setattr(openapi, "FOLDER", tmp_path)
    (tmp_path / "document.yaml").write_text(unknown)
    (tmp_path / "parts.yaml").write_text("b: {}")
    with pytest.raises(KeyError):
        openapi.document()


def test_merged_entries_stand_where_they_were_written(
    portal: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openapi = import_module("openapi")
    monkeypatch.setattr(openapi, "FOLDER", tmp_path)
    (tmp_path / "document.yaml").write_text('{"200": a, <<: !problems [404], "503": c}')
    (tmp_path / "parts.yaml").write_text('"404": b')
    assert list(openapi.document().items()) == [("200", "a"), ("404", "b"), ("503", "c")]
