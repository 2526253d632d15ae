"""Whether it answers through the edge, as people will come, and whether nothing answers beside the edge.

Nothing is written: no report is made. The emulated edge is CloudFront's part in the emulator, reached at this machine.
"""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

from functions.casework.receipt import RECEIPT_BYTES, receipt_from_bytes
from infra.deploy.closure import FUNCTIONS
from infra.deploy.environs import BY_CLOCK, BY_HTTP, OBEYING, sms_way
from infra.deploy.functions import WARM, Functions
from infra.deploy.hosts import OUTPUT, leads_here, read_table
from infra.deploy.place import Place
from infra.deploy.say import DeployError
from infra.deploy.stacks import Stacks

SECONDS = 60
OK = HTTPStatus.OK
TRIES = {True: 1, False: 20}  # by whether it is emulated: a name that is new takes a while to be known everywhere
PAUSE_SECONDS = 15
CSP = "Content-Security-Policy"
ONLY_BY_URL = {  # what a permission for everybody must have as its condition, by its action
    "lambda:InvokeFunctionUrl": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
    "lambda:InvokeFunction": {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
}
FORM = "application/x-www-form-urlencoded"
EMPTY = b'{"kind": "pengaduan"}'  # a report without its words: refused before anything is written


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())


def ask(
    place: Place, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, host: str = ""
) -> Answer:
    """Ask one address. Those of the emulator's own cloud are asked for at its gateway. Raises OSError."""
    parts = urlsplit(url)
    sent = {"Accept": "application/json, text/html", **({"Content-Type": "application/json"} if body else {})}
    sent |= headers or {}
    if place.emulated:
        sent |= {"Host": host or parts.netloc, "X-Forwarded-Proto": "https"}
        url = place.gateway + (parts.path or "/")
    request = urllib.request.Request(url, data=body, headers=sent)  # noqa: S310 - https, or the emulator
    try:
        with OPENER.open(request, timeout=SECONDS) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode(errors="replace"))


def smoke(place: Place, functions: Functions, url: str, tell: Callable[[str], None]) -> None:
    """Try everything and tell each try. Raises DeployError with all that failed: of the hosts of single governments
    none, since their records are others' and no release mends them."""
    _reachable(place, url)
    failed = []
    try:
        for what, fault in _tries(place, functions, url):
            tell(_line(what, fault))
            if fault:
                failed.append(f"{what}: {fault}")
    except OSError as error:
        failed.append(f"the next try had no answer within {SECONDS} seconds ({type(error).__name__})")
    for what, fault in _hosts(place, Stacks(place).outputs("edge")):
        tell(_line(what, fault))
    if failed:
        raise DeployError("the smoke test failed: " + "; ".join(failed))


def _line(what: str, fault: str) -> str:
    return f"   {'!!' if fault else 'ok'} {what}{': ' + fault if fault else ''}"


def _reachable(place: Place, url: str) -> None:
    for left in reversed(range(TRIES[place.emulated])):
        try:
            ask(place, f"{url}/healthz")
        except OSError as error:
            if not left:
                raise DeployError(f"{url} does not answer ({type(error).__name__}); is its DNS record set?") from error
            time.sleep(PAUSE_SECONDS)
        else:
            return


def _tries(place: Place, functions: Functions, url: str) -> Iterator[tuple[str, str]]:
    front = ask(place, f"{url}/")
    yield "front page", _page(front)
    yield "form", _page(ask(place, f"{url}/lapor/"))
    yield "front page in English", _page(ask(place, f"{url}/en/"))
    keys = ask(place, f"{url}/keys.json")
    # With several governments each has its own, and the list at the root says where.
    for path in _paths(keys) or [""]:
        yield f"public keys{' ' + path if path else ''}", _keys(ask(place, url + path) if path else keys)
    asset = re.search(r'(?:href|src)="(/assets/[^"]+)"', front.body)
    yield "an asset, kept for ever", _asset(ask(place, url + asset[1])) if asset else "the front page names none"
    yield "intake", _status(ask(place, f"{url}/healthz"), 200)
    yield "intake refuses what is no report", _status(ask(place, f"{url}/api/reports", body=EMPTY), 422)
    unknown = json.dumps({"receipt": str(receipt_from_bytes(token_bytes(RECEIPT_BYTES)))}).encode()
    yield "thread knows no such receipt", _status(ask(place, f"{url}/api/thread", body=unknown), 404)
    yield "cleaner takes no file without its work", _status(ask(place, f"{url}/api/clean", body=EMPTY), 422)
    for door in ("desk", "custody"):
        yield f"{door} lets nobody in without a link", _status(ask(place, f"{url}/{door}/"), 401)
    unsigned = {"http": 401, "off": 503}[sms_way(place)]
    yield "gateway takes no SMS that is not signed", _status(ask(place, f"{url}/api/sms/inbound", body=EMPTY), unsigned)
    yield "open311 says what may be reported", _discovery(ask(place, f"{url}/open311/v2/discovery.json"))
    keyless = ask(place, f"{url}/open311/v2/requests.json", body=b"{}", headers={"Content-Type": FORM})
    yield "open311 takes no report without a key", _status(keyless, 403)
    yield "what is not there is said to be not there", _status(ask(place, f"{url}/tidak-ada/index.html"), 404)
    yield from _beside(place, functions)
    for function, order in BY_CLOCK.items():
        yield f"{function} does its work", _order(functions, function, order)


def _hosts(place: Place, edge: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Whether portals stand at their own hosts. Where DNS does not lead here yet, nobody can be asked."""
    for code, host in read_table(edge.get(OUTPUT, "")).items():
        if place.emulated or leads_here(host, edge):
            yield f"portal at {host}", _at_host(place, code, host)


def _at_host(place: Place, code: str, host: str) -> str:
    """What is wrong with a portal at its own host, "" where nothing is. Whose it is, its keys say: a portal that takes
    no reports has them as well."""
    try:
        answer = ask(place, f"https://{host}/keys.json")
        listed = json.loads(answer.body)["instances"] if answer.status == OK else []
        found = [str(each["code"]) for each in listed]
    except (OSError, HTTPException) as error:
        return f"no answer ({type(error).__name__})"
    except (ValueError, LookupError, TypeError):
        return "no keys of ours"
    if answer.status != OK:
        return f"status {answer.status}"
    return "" if found == [code] else "another's portal"


def _beside(place: Place, functions: Functions) -> Iterator[tuple[str, str]]:
    """Whether a function can be reached in another way than its own."""
    for function, host in functions.hosts().items():
        beside = ask(place, f"https://{host}/healthz", host=host)
        yield f"{function} answers nobody beside the edge", _status(beside, 403) or ("it speaks" * bool(beside.body))
    for function in FUNCTIONS:
        yield f"nobody calls {function} directly", too_open(functions.permissions(function), function)
    if place.warm_intake:
        yield "nobody calls the warm intake directly", too_open(functions.permissions("intake", WARM), "intake")
    for function in OBEYING:
        order = {"lapor": BY_CLOCK.get(function, "rewrap"), **({} if function in BY_CLOCK else {"instance": "lain"})}
        obeyed, _ = functions.invoke(function, order)
        yield f"{function} obeys no order without a proof", "it obeyed" if obeyed else ""


def too_open(statements: Iterable[Mapping[str, Any]], function: str) -> str:
    """What is wrong with a function's own policy, "" where nothing is: a door is for everybody by its URL alone, any
    other call needs a right of IAM or comes from a service of AWS on behalf of something of ours."""
    left = dict(ONLY_BY_URL) if function in BY_HTTP else {}
    for each in statements:
        if isinstance(each["Principal"], dict) and each["Principal"].keys() == {"Service"}:
            if "SourceArn" not in json.dumps(each.get("Condition", {})):
                return f"{each['Sid']} lets {each['Principal']['Service']} call it for anybody"
        elif left.pop(each["Action"], None) != each.get("Condition"):
            return f"{each['Sid']} lets {each['Principal']} {each['Action']} under {each.get('Condition')}"
    return f"nobody may {', '.join(left)}" if left else ""


def _page(answer: Answer) -> str:
    if answer.status != OK:
        return f"status {answer.status}"
    if answer.body.count("<h1") != 1:
        return "no page of ours"
    return "" if answer.headers.get(CSP) else f"no {CSP}"


def _paths(answer: Answer) -> list[str]:
    try:
        return [each["keys"] for each in json.loads(answer.body).get("instances", [])]
    except (ValueError, KeyError):
        return []


def _keys(answer: Answer) -> str:
    try:
        return _status(answer, 200) or ("" if json.loads(answer.body)["keys"] else "there are none")
    except (ValueError, KeyError):
        return "no list of keys"


def _discovery(answer: Answer) -> str:
    try:
        return _status(answer, 200) or ("" if json.loads(answer.body)["endpoints"] else "there is no endpoint")
    except (ValueError, KeyError):
        return "no discovery of ours"


def _asset(answer: Answer) -> str:
    return _status(answer, 200) or ("" if "immutable" in answer.headers.get("Cache-Control", "") else "may not be kept")


def _status(answer: Answer, wanted: int) -> str:
    return "" if answer.status == wanted else f"status {answer.status}, not {wanted}"


def _order(functions: Functions, function: str, order: str) -> str:
    try:
        functions.call(function, {"lapor": order})
    except DeployError as error:
        return str(error)
    return ""
