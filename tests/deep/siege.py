"""All attacks at once on one machine, and who comes beside them: ``python -m tests.deep.siege [TRIES]``.

Slow connections, half-sent bodies, uploads from one receipt, junk with and without proofs, a storm of SMS and a linked
system that drips, by each road at the same time. Prints a table of what honest reporters and officers got, and what the
office took.
"""

import multiprocessing
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import quantiles

from functions.casework.deadlines.batches import Batches
from functions.casework.directory.agencies import Role
from functions.config.settings import DEMO, load_officers
from functions.storage.interface import Scope
from functions.storage.sqlite.store import SqliteStore
from tests.deep.attacks import ATTACKS, MAST, SLOW, Plan
from tests.deep.besieged import Office, besieged, courier_ended, mail_seconds
from tests.deep.honest import DIRECTORY, Reporters, Try
from tests.room import in_memory
from tests.sanitize.samples import jpeg, picture

MAIL_EVERY = 10
HONEST_AT_ONCE = 16  # so that they come for about as long as the junk does
RESTART_SECONDS = 45
COUNTED = {"junk_without_proof": "junk", "junk_with_work": "junk", "junk_with_forms": "junk", "sms_storm": "sms"}
ATTACK_SECONDS = 1800  # for these to send all they have, once the honest are through; a bound, not a measure


@dataclass
class Outcome:
    """What came of a siege. ``reached``: the honest reports that stand in the inbox with the next batch."""

    tries: list[Try]
    mails: list[tuple[int, float]]  # the status of a request for a link, and the seconds to its letter
    attacks: dict[str, Counter[str]] = field(default_factory=dict)
    whole: bool = False  # whether junk and SMS were sent to the last
    reached: Counter[str] = field(default_factory=Counter)
    delayed: int = 0
    cases: int = 0
    held: int = 0
    texts: int = 0
    twice: int = 0  # SMS that left a second time
    memory: dict[str, int] = field(default_factory=dict)
    handles: dict[str, int] = field(default_factory=dict)
    disk: int = 0

    @property
    def receipts(self) -> Counter[str]:
        """Receipts by way."""
        return Counter(each.way for each in self.tries if each.case_id)


def attack_until(name: str, plan: Plan, stop: Event, told: "Queue[tuple[str, Counter[str]]]") -> None:
    """Attack until told to stop, in a process of its own; tell what came of it."""
    attack = next(each for each in ATTACKS if each.__name__ == name)
    told.put((name, attack(plan, stop)))


def besiege(folder: Path, tries: int, **amounts: int) -> Outcome:
    """Besiege an office in a folder while each way to report is tried so often."""
    spawn = multiprocessing.get_context("spawn")
    with besieged(folder) as office:
        plan = Plan(office.roads, office.receipt, jpeg(picture((1600, 1200))), **amounts)
        stop, told = spawn.Event(), spawn.Queue()
        attackers = [spawn.Process(target=attack_until, args=(each.__name__, plan, stop, told)) for each in ATTACKS]
        for each in attackers:
            each.start()
        outcome = _beside(office, folder, tries)
        while not outcome.attacks.keys() >= COUNTED.keys():  # what has an end goes on to it
            outcome.attacks |= [told.get(timeout=ATTACK_SECONDS)]
        stop.set()
        while len(outcome.attacks) < len(attackers):
            outcome.attacks |= [told.get(timeout=180)]
        outcome.whole = {name: getattr(plan, which) for name, which in COUNTED.items()} == {
            name: sum(outcome.attacks[name].values()) for name in COUNTED
        }
        for each in attackers:
            each.join(30)
        office.watch.look()
        outcome.memory = {name: max(sizes) for name, sizes in office.watch.resident.items()}
        outcome.handles = {name: max(counts) for name, counts in office.watch.handles.items()}
        outcome.disk, outcome.texts = max(office.watch.disk), len(office.texts)
        outcome.twice = outcome.texts - len({body["id"] for _, body in office.texts})
    _count(outcome, SqliteStore(folder / "data" / "lapor.sqlite"))
    return outcome


def _beside(office: Office, folder: Path, tries: int) -> Outcome:
    """Report and ask for links, for as long as the attacks go on."""
    known = load_officers(DEMO / "officers.toml", DIRECTORY)
    officers = [officer.email for officer in known if officer.role is not Role.CUSTODIAN]  # theirs lead elsewhere
    mails: list[tuple[int, float]] = []
    over = threading.Event()
    asking = threading.Thread(target=lambda: mails.extend(mail_seconds(office, officers, over, MAIL_EVERY)))
    asking.start()
    restart = threading.Timer(RESTART_SECONDS, courier_ended, (office,))  # in the middle of the storm of SMS
    restart.start()
    reporters = Reporters(office.roads, folder / "data", (MAST, SLOW))
    made = reporters.all(tries, HONEST_AT_ONCE)
    restart.join()
    over.set()
    asking.join()
    return Outcome(made, mails)


def _count(outcome: Outcome, store: SqliteStore) -> None:
    """Look where the honest reports stand, by the listings that the desk reads."""
    honest = {each.case_id: each.way for each in outcome.tries if each.case_id}
    batch = Batches(DIRECTORY, (8, 14), "Asia/Makassar", lambda: int(time.time())).next()
    for scope in (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE):
        after = ""
        while True:
            page = store.page(scope, "kutim", after, 200)
            for head in page.heads:
                outcome.cases += 1
                outcome.held += head.quarantined
                if head.case_id in honest and not head.quarantined and head.visible_from <= batch:
                    outcome.reached[honest[head.case_id]] += 1
                    outcome.delayed += head.visible_from > 0
            after = page.next
            if not after:
                break


def table(outcome: Outcome) -> str:
    """The outcome as lines of a table."""
    rows = []
    by_way = defaultdict(list)
    for each in outcome.tries:
        by_way[each.way].append(each)
    for way, tries in sorted(by_way.items()):
        took = sorted(each.seconds for each in tries)
        seen = Counter((each.step, each.status) for each in tries if not each.case_id)
        slowest = quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
        rows.append(
            f"{way:24} {outcome.receipts[way]:4}/{len(tries)} receipts, {outcome.reached[way]:4} reach the inbox, "
            f"95 % within {slowest:.0f} s {dict(seen) or ''}"
        )
    in_time = sum(seconds <= 120 for _, seconds in outcome.mails)
    refused = Counter(status for status, seconds in outcome.mails if seconds == float("inf"))
    slowest = max((seconds for _, seconds in outcome.mails if seconds != float("inf")), default=0)
    rows += [
        f"officers' links          {in_time}/{len(outcome.mails)} within two minutes, slowest {slowest:.0f} s, none: {dict(refused) or 0}",
        f"cases                    {outcome.cases}, {outcome.held} of them held, {outcome.delayed} honest until the batch",
        f"SMS sent                 {outcome.texts}, {outcome.twice} of them twice",
        *(f"attack {name:25} {dict(tally)}" for name, tally in sorted(outcome.attacks.items())),
        *(
            f"memory {name:17} {size / 1e6:6.0f} MB, {outcome.handles.get(name, 0)} handles"
            for name, size in sorted(outcome.memory.items())
        ),
        f"disk                     {outcome.disk / 1e6:.0f} MB",
    ]
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Besiege an office; print the table. 1 where somebody got no receipt."""
    tries, *amounts = [int(each) for each in arguments] or [200]
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        outcome = besiege(
            Path(folder), tries, **dict(zip(("slow", "bodies", "uploads", "junk", "sms"), amounts, strict=False))
        )
    sys.stdout.write(table(outcome) + "\n")
    return int(sum(outcome.receipts.values()) < len(outcome.tries))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
