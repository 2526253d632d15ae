"""A second government in an environment that stands: added from its folder, reported to, answered, retired."""

import shutil
from pathlib import Path
from secrets import token_hex
from typing import Any

from infra.deploy.place import ROOT
from tests.cloud.cloud import ENV, PREFIX, Cloud, Ran
from tests.cloud.edge import Edge
from tests.server import Client, wait_for
from tests.whole.test_story import sign_in
from tests.wrong_portal import written

CODE, COORDINATOR, UNIT = "samarinda", "koordinator@samarinda.example.id", "samarinda-dishub"
KUTIM = "koordinator1@diskominfo.example.id"
FOLDER = ROOT / "infra" / "demo" / "instances" / CODE
LOOKED_AT_ONCE_A_MINUTE = 90  # seconds, until every door has read the directory and the keys again
ROAD, MENDED = "Jalan poros Sangatta berlubang dekat SMP.", "Kami tutup hari Kamis."
WORDS, ANSWER = "Lampu lalu lintas di simpang itu mati.", "Sudah menyala lagi."


def instances(cloud: Cloud, *arguments: str) -> Ran:
    return cloud.run("ops", ENV, "instances", *arguments)


def add(cloud: Cloud, folder: Path) -> Ran:
    """Check a copy of its folder, then add it; and again, which finds nothing to do."""
    if not folder.exists():
        shutil.copytree(FOLDER, folder)
    checked = instances(cloud, "check", str(folder))
    assert (checked.status, f"{CODE}: can be added" in checked.text) == (0, True), checked.text
    added = instances(cloud, "add", "--yes", str(folder))
    assert added.status == 0, added.text
    return added


def pass_smoke(cloud: Cloud) -> None:
    """A deployment ends with these tries, and turns the functions back where one fails."""
    ran = cloud.run("smoke", ENV)
    assert ran.status == 0, ran.text
    assert [line for line in ran.lines if "public keys" in line] == [
        "   ok public keys /kutim/keys.json",
        f"   ok public keys /{CODE}/keys.json",
    ]


def keys_in_the_bucket(cloud: Cloud) -> list[str]:
    found = cloud.client("s3").list_objects_v2(Bucket=f"{PREFIX}-keys-000000000000")["Contents"]
    return [each["Key"] for each in found]


def file_report(client: Client) -> Any:
    """A report about one of its districts, once intake knows it."""
    fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.72.03", "body": WORDS}
    fields["submission_key"] = token_hex(16)
    said = wait_for(lambda: _taken(client, fields), LOOKED_AT_ONCE_A_MINUTE)
    assert said, "intake takes no report about its districts"
    return said


def _taken(client: Client, fields: dict[str, str]) -> Any:
    status, said = client.call("POST", "/api/reports", fields)
    return said if status in (200, 201) else None


def answer(edge: Edge, sent: Any) -> None:
    """Its coordinator hands the report to a unit, whose officer answers; the reporter reads it."""
    client, case = Client(edge.url), f"/desk/cases/{sent['tracking_id']}"
    coordinator = sign_in(client, client.token(to=COORDINATOR))
    handed = coordinator.post(f"{case}/handover", {"agency": UNIT, "reason": "Kewenangan dinas."})
    assert handed["stage"] == "didisposisikan"
    officer = sign_in(client, client.token(to=_of(UNIT)))
    officer.post(f"{case}/messages", {"body": ANSWER, "message_key": token_hex(16)}, 201)
    read = client.post("/api/thread", {"receipt": sent["receipt"]})
    assert [each["body"] for each in read["messages"] if each["from"] != "sistem"] == [WORDS, ANSWER]


def written_and_answered(edge: Edge) -> None:
    """From the front page into its portal, and there a report of Kutai Timur's road, whose coordinator hands it to a
    unit, whose officer answers; it is read by the same receipt. Links of before were used by other browsers."""
    client = Client(edge.url)
    since = len(client.mails())
    receipt = written(edge.url, ROAD)
    case = f"/desk/cases/{client.post('/api/thread', {'receipt': receipt})['tracking_id']}"
    coordinator, handed = sign_in(client, client.token(since, KUTIM)), len(client.mails())
    coordinator.post(f"{case}/handover", {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."})
    staff = client.get("/dev/directory.json")["officers"]
    unit = next(o["email"] for o in staff if o["agency"] == "kutim-dpupr")
    officer = sign_in(client, client.token(handed, unit))
    officer.post(f"{case}/messages", {"body": MENDED, "message_key": token_hex(16)}, 201)
    read = client.post("/api/thread", {"receipt": receipt})
    assert [each["body"] for each in read["messages"] if each["from"] != "sistem"] == [ROAD, MENDED]


def _of(agency: str) -> str:
    rows = [line.split(",") for line in (FOLDER / "officers.csv").read_text().splitlines()[1:]]
    return next(row[1] for row in rows if row[2] == agency and row[3] == "officer")


def retire(cloud: Cloud, edge: Edge, sent: Any) -> None:
    """No new reports; refused while a case is open; gone once the last one is."""
    client = Client(edge.url)
    first = instances(cloud, "retire", "--yes", CODE)
    assert (first.status, "takes no new reports; 1 cases remain" in first.text) == (0, True), first.text
    assert client.post("/api/thread", {"receipt": sent["receipt"]})["messages"]
    assert 'name="body"' not in client.raw(f"/{CODE}/lapor/")
    refused = instances(cloud, "retire", "--yes", CODE)
    assert (refused.status, "still has 1 cases, 1 of them open" in refused.text) == (1, True), refused.text
    client.post("/api/thread/withdraw", {"receipt": sent["receipt"], "reason": "Sudah."})
    gone = instances(cloud, "retire", "--yes", CODE)
    assert (gone.status, f"{CODE} is gone" in gone.text) == (0, True), gone.text
    assert f"/{CODE}/" not in client.raw("/")
    assert "kutim " in instances(cloud, "list").text
