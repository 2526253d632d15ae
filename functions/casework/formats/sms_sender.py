"""What the gateway stores of one sender until their cases are over: the receipts of open cases, the parts of long SMS
that are not whole yet, and how many SMS came and left today. The gateway seals it.

The names of the fields are the stored format (``Sender.plain``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

CASES_MAX = 20
PARTS_MOST = 255  # 3GPP TS 23.040 §9.2.3.24.1
ANY = "any"  # of several closed cases: the one whose code comes next
SAID_MOST = 8  # texts that are recognised when they come again
LONG_MAX = 8  # unfinished long messages of one number
LONG_BYTES = 110_000  # of JSON for all of them; the longest that there is, 255 parts of 67 signs, takes 103,000
HELD_SIGN_BYTES = 6  # of JSON for a sign; of pictures, which take twice that, fewer are held
KEPT_BYTES = 235_000  # of JSON for a number; the next bucket (``crypto.padding``) is no item of DynamoDB any more
DONE_MAX, DONE_DAYS = 3, 7  # whole ones that a gateway may send a part of again, and how long it tries
WAS_WHOLE = "*"  # in place of the numbers of missing parts
WAIT_DAYS = 2  # that words wait which went to no case
# What the release before does not know. It refuses a field that it does not know, and forgets the number's cases then.
# So these rest among ``said``, under a name that no hash is: it carries them along unread. This release skips unknown
# fields, so the one after next may add its own plainly.
_CARRIED, _CARRIED_AS = ("kept_for", "held", "dangers", "done"), "+"


class Asked(StrEnum):
    """What an answer asked. ``REPORT``: what happened. ``PLACE``: in which district. ``WHICH``: which case words were
    meant for; ``STATE`` and ``DONE``: which one to tell the state of, and which one is done. ``WHOM``: whether
    the accused are meant."""

    NOTHING = ""
    REPORT = "report"
    PLACE = "place"
    WHICH = "which"
    STATE = "state"
    DONE = "done"
    WHOM = "whom"


# Questions that words answer, whatever they are.
TO_WORDS = frozenset({Asked.REPORT, Asked.PLACE, Asked.WHICH, Asked.WHOM})


@dataclass(slots=True)
class Long:
    """A long SMS in parts: how many there are, the day the first came, its key (hex), and the parts by number."""

    of: int
    day: str
    key: str
    got: dict[str, str] = field(default_factory=dict)
    name: str = ""

    @property
    def whole(self) -> bool:
        """Whether every part came."""
        return len(self.got) >= self.of

    def act_key(self) -> bytes:
        """Return the key of what it asks for: another one if parts are missing. These may still come."""
        key = bytes.fromhex(self.key)
        return key if self.whole else sha256(key + self.text().encode()).digest()[: len(key)]

    def text(self) -> str:
        """Return the parts in order, with ``[...]`` in place of missing ones."""
        parts = (self.got.get(str(n)) for n in range(1, self.of + 1))
        said, missing = "", False
        for part in parts:
            said += part if part is not None else ("" if missing else " [...] ")
            missing = part is None
        return paired(said).strip()


@dataclass(slots=True)
class Sender:
    """``receipts`` are symbols, oldest first; ``doubtful`` are those of them whose cases wait in quarantine. ``kept``
    is what was written last, on the day ``held``: to a case, to a closed one (``kept_for``), until the sender says
    whether it is done, or to none, until they say that it is a report. ``came`` and ``sent`` count the SMS
    of ``day``; ``told``: the sender knows that the day's limit of answers is reached. ``helped`` is the key (hex) of
    the last SMS of that day by which a number without a case was told how to use this, ``helps`` how many were.

    ``asked`` is what the last answer asked (``Asked``), ``about`` the case it asked about, or for ``WHICH`` the hash of
    the words, ``options`` the codes to choose from. ``unplaced`` are cases whose district no word told. ``late`` are
    long SMS that were taken before their parts were all there: the day, the case they went to, "" for none, the
    numbers of the missing parts, with a hyphen once they came, and hashes of those that were there. ``last`` is the
    case of the last SMS. ``said`` are hashes of the last texts (``sms_words``) with the case each went to, "" for none,
    so that the same text again is no second case.
    ``dangers`` are cases that told of danger on ``day``. ``done`` are the latest long SMS that were made whole: a
    gateway that was not answered sends a part of them again, be it after other SMS, and it begins no other."""

    receipts: list[str] = field(default_factory=list)
    long: dict[str, Long] = field(default_factory=dict)
    kept: str = ""
    day: str = ""
    came: int = 0
    sent: int = 0
    told: bool = False
    doubtful: list[str] = field(default_factory=list)
    helped: str = ""
    helps: int = 0
    asked: Asked = Asked.NOTHING
    about: str = ""
    options: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    late: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""
    said: dict[str, str] = field(default_factory=dict)
    kept_for: str = ""
    held: str = ""
    dangers: list[str] = field(default_factory=list)
    done: dict[str, Long] = field(default_factory=dict)

    @property
    def has_open_case(self) -> bool:
        """Whether a case of theirs is remembered that is not in quarantine."""
        return not set(self.receipts) <= set(self.doubtful)

    def plain(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        told = asdict(self)
        carried = {name: told.pop(name) for name in _CARRIED}
        if any(carried.values()):
            told["said"][_CARRIED_AS] = json.dumps(carried | {"of": hash_of(self.kept)})
        return told

    @property
    def waiting(self) -> str:
        """The words of an earlier SMS that went to no case, "" if there are none: LAPOR or BALAS makes use of them."""
        old = self.held and (date.fromisoformat(self.day) - date.fromisoformat(self.held)).days > WAIT_DAYS
        return self.kept if self.kept and not old and hash_of(self.kept) not in self.said else ""

    def keep(self, words: str, closed: str = "") -> None:
        """Keep what was written last, for a ``closed`` case if it was meant for one: it is the reason of no other."""
        self.kept, self.kept_for, self.held = words, closed, self.day

    def hold(self, words: str, most: int) -> None:
        """Keep words that go to no case until one word makes use of them, beside those that wait already; of more than
        ``most`` signs the latest."""
        earlier = "" if self.kept_for else self.waiting
        there = f"\n{words}\n" in f"\n{earlier}\n"
        held = earlier if there else f"{earlier}\n{words}".strip()[-most:]
        while len(json.dumps(held)) > HELD_SIGN_BYTES * most:
            held = held[len(held) // 8 + 1 :]
        self.keep(held)

    def remember(self, words: str, case: str | None = None) -> None:
        """Remember that these words went to a case, the last one if none is given, "" for none; only the latest
        ``SAID_MOST`` are kept."""
        went = self.last if case is None else case
        self.said = {**dict(list(self.said.items())[1 - SAID_MOST :]), hash_of(words): went}

    def begin(self, day: str) -> None:
        """Start counting again on a new day."""
        if self.day != day:
            self.late = {name: late for name, late in self.late.items() if late[0] == self.day}  # yesterday's may come
            self.day, self.came, self.sent, self.told, self.helped, self.helps = day, 0, 0, False, "", 0
            self.dangers = []
            oldest = date.fromisoformat(day) - timedelta(days=DONE_DAYS)
            self.done = {name: long for name, long in self.done.items() if date.fromisoformat(long.day) >= oldest}

    def ask(self, asked: Asked, about: str = "", options: Sequence[str] = ()) -> None:
        """Remember what is asked: the next SMS may answer it."""
        self.asked, self.about, self.options = asked, about, list(options)

    def add(self, receipt: str, *, doubtful: bool = False) -> None:
        """Remember a case. Beyond ``CASES_MAX`` the oldest doubtful one drops out, or else the new one, which its code
        finds all the same: whoever forges a number pushes out no open case."""
        if receipt in self.receipts:
            return
        self.receipts.append(receipt)
        if doubtful:
            self.doubtful.append(receipt)
        if len(self.receipts) > CASES_MAX:
            self.forget(next((each for each in self.receipts if each in self.doubtful), receipt))

    def forget(self, receipt: str) -> None:
        """Forget a case."""
        self.receipts = [each for each in self.receipts if each != receipt]
        self.doubtful = [each for each in self.doubtful if each != receipt]
        self.unplaced = [each for each in self.unplaced if each != receipt]

    def shed(self) -> None:
        """Forget the oldest long messages that are over until the rest fits into an item of the store. Whoever forges a
        number must not make its owner's SMS bounce."""
        while (self.done or self.late) and len(json.dumps(self.plain())) > KEPT_BYTES:
            over = self.done or self.late
            del over[next(iter(over))]

    @staticmethod
    def name(reference: str, of: int) -> str:
        """Return the name of a long message of this number."""
        return f"{reference}/{of}"

    def join(self, reference: str, n: int, of: int, text: str, key: str) -> None:
        """Add a part to the others of its message. Another text in its place begins another message: a phone counts its
        references again from the start. The unfinished one is taken as it is, and no part comes to it any more."""
        name = self.name(reference, of)
        before = self.long.get(name)
        if before is not None and before.got.get(str(n), text) != text:
            del self.long[name]
            self.long[f"{name}/{before.key}"] = replace(before, day="", name="")
        long = self.long.setdefault(name, Long(of, self.day, key, name=name))
        long.got.setdefault(str(n), text)

    def ready(self, *, all_of_them: bool = False) -> list[Long]:
        """Take out the long messages that are whole, those of an earlier day, and the oldest beyond ``LONG_MAX`` and
        ``LONG_BYTES``."""
        names = [n for n, long in self.long.items() if all_of_them or long.whole or long.day != self.day]
        names += [name for name in list(self.long)[:-LONG_MAX] if name not in names]
        rest = {name: len(json.dumps(long.got)) for name, long in self.long.items() if name not in names}
        while sum(rest.values()) > LONG_BYTES:
            names.append(next(iter(rest)))
            del rest[names[-1]]
        return [self.long.pop(name) for name in names]

    def went(self, long: Long, case: str, *, was_whole: bool = False) -> None:
        """Remember which ``case`` a long message went to that was taken as it was, "" for none, and one that is whole.
        ``was_whole``: it was whole before, though its last part is not here: what comes again of it was there."""
        if long.whole and long.name:
            self.done.pop(long.name, None)
            self.done = dict([*self.done.items(), (long.name, long)][-DONE_MAX:])
        if not long.whole and self.last and long.name:
            missing = (str(n) for n in range(1, long.of + 1) if str(n) not in long.got)
            there = (f"={hash_of(part)}" for part in long.got.values())
            self.late[long.name] = [self.day, case, *([WAS_WHOLE] if was_whole else missing), *there]

    def took(self, name: str, text: str) -> bool:
        """Whether a long message that was taken as it was had this part."""
        return bool({f"={hash_of(text)}", WAS_WHOLE} & set(self.late.get(name, [])))

    def late_for(self, name: str, n: int, text: str, *, again: bool) -> str | None:
        """Return the case that a long message went to without this part, "" if it went to none; None if there was no
        such message. Each part comes late once, or ``again``: whatever else has that name is another message of a phone
        that counts its references anew."""
        if again and self._once_more(name, n, text):
            return None
        day, case, *missing = self.late.get(name, ["", ""])
        other = bool(missing) and (str(n) not in missing or name in self.long)  # the release before noted none
        if not day or (other and not again):
            return None
        self.late[name] = [day, case, *(f"-{n}" if each == str(n) else each for each in missing)]
        return case

    def _once_more(self, name: str, n: int, text: str) -> bool:
        """Take a long message back in hand that had this very part. Returns whether there is one."""
        if name in self.long or name not in self.done or self.done[name].got.get(str(n)) != text:
            return False
        self.long[name] = self.done.pop(name)
        return True


def paired(text: str) -> str:
    """Return a text whose parts were cut through a character with both halves as one, and without a half alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def hash_of(words: str) -> str:
    """Return a short hash of words, whatever their case and blanks. It rests sealed, beside the number's cases."""
    return sha256(" ".join(words.lower().split()).encode()).hexdigest()[:16]


def read_sender(plain: Mapping[str, Any]) -> Sender:
    """Read what ``Sender.plain`` returned, here or in an earlier or later release."""
    said = dict(plain.get("said", {}))
    carried = json.loads(said.pop(_CARRIED_AS, "{}"))
    if carried and carried["of"] != hash_of(plain["kept"]):  # the release before kept other words meanwhile
        carried |= {"kept_for": "", "held": ""}
    told = {**plain, **carried, "said": said}
    known = {each.name: told[each.name] for each in fields(Sender) if each.name in told}
    long, done = ({name: Long(**each) for name, each in of.items()} for of in (plain["long"], told.get("done", {})))
    return Sender(**{**known, "long": long, "done": done, "asked": Asked(plain.get("asked", ""))})
