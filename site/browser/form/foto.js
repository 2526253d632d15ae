// Files after the words, sealed on the phone and sent one by one, each with its progress. Photos are made anew here, documents
// by a door that is not told whose they are (clean.js). One that did not arrive is sent again by itself while the page is open,
// under the same key, so that none is stored twice. They never rest on the phone: the code, which opens the report, would
// have to rest beside them. A photo that cannot be made anew here goes to that door only by choice; and what cannot be signed
// here, by the older way alone, by which the server reads the code.

import { hex } from "../bytes.js";
import { cleaning, holdsCode, isDocument } from "../clean.js";
import { remade } from "../photo.js";
import { dataSymbols } from "../receipt.js";
import { fileAct, openFile } from "../thread/berkas.js";
import { ask, open } from "../thread/buka.js";

const UPLOAD_MS = 20 * 60000; // 5 MB on 2G
const PAUSES_MS = [3000, 6000, 15000, 30000, 60000];
const MB = 1048576, NO_EVENTS = 999999;
const ADDRESS = "/api/thread/files";

/** The sentences about files, which only who sends or opens one needs: `{ says, fault }`. A fault is said in the page's own
 * words: a door that is taken over must not write here. */
export async function sentences(address) {
  const answer = await fetch(address, { cache: "no-cache", credentials: "omit" });
  const { says, faults } = await answer.json(), { hasOwnProperty: has } = Object.prototype;
  return {
    says: (name, facts = {}) => says[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? ""),
    fault: ({ code }) => (has.call(faults, code) ? faults[code] : faults.refused),
  };
}

/** Post with progress (0 to 1); `{ status, type, answer, date }`, or an error where nothing that we understand came back, or
 * where too many are at it (429 of the cloud's edge). */
async function post(address, form, progress) {
  // As bytes, since browsers do not show what a form's file holds: whoever looks is to see all that leaves.
  const made = new Response(form), kind = made.headers.get("Content-Type"), body = await made.arrayBuffer();
  return new Promise((done, failed) => {
    const ask = new XMLHttpRequest(), lost = () => failed(new Error("not reached"));
    ask.open("POST", address);
    ask.setRequestHeader("Accept", "application/json");
    ask.setRequestHeader("Content-Type", kind);
    Object.assign(ask, { responseType: "arraybuffer", timeout: UPLOAD_MS, onerror: lost, ontimeout: lost, onabort: lost });
    ask.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    ask.onload = () => {
      if (ask.status === 429) return lost();
      const date = Date.parse(ask.getResponseHeader("Date"));
      const [type] = (ask.getResponseHeader("Content-Type") || "").split(";"), bytes = new Uint8Array(ask.response);
      try {
        const answer = /json$/.test(type) ? JSON.parse(new TextDecoder().decode(bytes)) : bytes;
        done({ status: ask.status, type, date, answer });
      } catch (error) {
        failed(error);
      }
    };
    ask.send(body);
  });
}

/** After a while, as soon as there is a network again, or when somebody presses `button`. */
const pause = (ms, button) =>
  new Promise((done) => {
    const timer = setTimeout(go, ms);
    addEventListener("online", go);
    button.addEventListener("click", go);
    button.hidden = false;
    function go() {
      clearTimeout(timer);
      removeEventListener("online", go);
      button.removeEventListener("click", go);
      button.hidden = true;
      done();
    }
  });

/** One file, tried again until it is stored or refused; `made` gives what to post. `tell` is given a sentence's code. */
async function sendOne(made, { tell, bar, again }) {
  for (let nth = 0; ; nth += 1) {
    try {
      const progress = (part) => (bar.value = part);
      progress(0);
      const body = await made(progress, tell);
      tell("file_progress");
      progress(0);
      const { status, answer } = await post(ADDRESS, body, progress);
      if (answer.code === "meanwhile" && nth < PAUSES_MS.length) continue; // somebody wrote: sealed anew, with the next number
      if (status < 500) return { ok: status < 400, answer };
    } catch (error) {
      if (error.answer) return { ok: false, answer: error.answer };
      if (error.code === "old" || error.name === "NotSupportedError") return { old: true };
      // else the same way on as after an answer that says "later"
    }
    tell("file_again");
    await pause(PAUSES_MS[Math.min(nth, PAUSES_MS.length - 1)], again);
  }
}

let busy = false;

/** A bar and a button below what is said, while files are on their way. */
function shown(says, page) {
  const bar = Object.assign(document.createElement("progress"), { value: 0, max: 1, className: "wide" });
  const again = Object.assign(document.createElement("button"), { type: "button", hidden: true });
  again.className = "btn quiet wide after";
  again.textContent = page.says("file_once_more");
  bar.setAttribute("aria-label", page.says("file_sending"));
  says.after(bar, again);
  return { bar, again };
}

/** Leaving the page asks first while files are on their way; the quick exit never asks. Returns what ends it. */
function asking() {
  const ask = (event) => {
    event.preventDefault();
    event.returnValue = "";
  };
  const end = () => removeEventListener("beforeunload", ask);
  addEventListener("beforeunload", ask);
  for (const way of document.querySelectorAll(".leave")) way.addEventListener("click", end);
  return end;
}

/** What posts a file sealed and signed: the case as it stands is fetched, and again where somebody wrote meanwhile. A photo is
 * made anew here, unless `there`: at the door that makes documents anew. A case that is not found may be of an `older` release,
 * which only the older way serves; after a report that was sealed here it cannot be, whatever the server says. */
function sealedWay({ receipt, named, older, form }, there) {
  const most = form.dataset.most * MB;
  return async (file, key, asTaken) => {
    const away = there || isDocument(file), here = !away && (await remade(file, asTaken));
    const cleaned = away ? cleaning(file, asTaken, most, post) : () => here;
    return {
      size: here ? here.bytes.length : file.size,
      made: async (progress, tell) => {
        if (await holdsCode(file, receipt))
          throw Object.assign(new Error("holds a code"), { answer: { code: "file_receipt" } });
        if (away) tell("file_cleaning");
        const made = await cleaned(progress), thread = await open(dataSymbols(receipt), NO_EVENTS);
        if (thread.status === 421) throw Object.assign(new Error("elsewhere"), thread); // a linked office has the case
        if (thread.status === 404 && older) throw Object.assign(new Error("old"), { code: "old" }); // its acts cannot be signed
        if (thread.status !== 200) throw new Error("later");
        const { fields, blob } = await fileAct(thread, made, key), body = new FormData();
        for (const [name, value] of Object.entries({ ...fields, named: named ? "1" : "0" })) body.set(name, value);
        body.set("file", new Blob([blob]), "-");
        return body;
      },
    };
  };
}

/** What posts a file as it is, with the code: by choice alone. */
function openWay(receipt, form) {
  return async (file, key, asTaken) => ({
    size: file.size,
    made: async () => {
      const body = new FormData();
      for (const [name, value] of [["receipt", receipt], ["lang", document.documentElement.lang], ["file_key", key]])
        body.set(name, value);
      if (asTaken) body.set("keep_size", form.elements.keep_size.value);
      body.set("file", file, "-");
      return body;
    },
  });
}

/** Send `files` one by one, and say how far it is, in the sentences at `address`. `receipt` stays on the phone, unless somebody
 * chooses that it does not. Resolves to how many are stored. */
export async function sendAll(how) {
  const { form, says, files, receipt } = how;
  const say = (text, kind) => Object.assign(says, { textContent: text, className: `${kind} after` });
  if (busy) return 0;
  busy = true;
  try {
    const page = await sentences(how.address);
    if (!files.length) return say(page.says("required.file"), "why") && 0;
    const ways = { there: sealedWay(how, true), old: openWay(receipt, form) };
    return await sendBy(sealedWay(how), { ...how, page, ways }, say);
  } finally {
    busy = false;
  }
}

async function sendBy(way, how, say) {
  const { form, says, page, fresh, files } = how, { file: box, keep_size: asTaken } = form.elements;
  const faults = [], left = { there: [], old: [] }, { bar, again } = shown(says, page), end = asking();
  let stored = 0;
  for (const [nth, file] of [...files].entries()) {
    const place = { nth: nth + 1, count: files.length };
    say(page.says("file_sending"), "hint");
    const tell = (code) => say(page.says(code, place), "hint");
    const ready = await way(file, fresh(), asTaken.checked).catch(() => null);
    if ((ready || file).size > form.dataset.most * MB) {
      faults.push(page.says("file_too_large"));
      continue;
    }
    const { ok, answer, old } = ready ? await sendOne(ready.made, { tell, bar, again }) : {};
    if (!ready || old) left[old ? "old" : "there"].push(file);
    else if (ok) stored += 1;
    else faults.push(page.fault(answer));
  }
  box.value = "";
  end();
  bar.remove();
  again.remove();
  const kept = stored ? page.says(stored > 1 || faults.length ? "files_stored" : "file_stored", { count: stored }) : "";
  say([...new Set(faults), kept].filter(Boolean).join(" "), faults.length ? "why" : "told");
  for (const [name, files] of Object.entries(left)) if (files.length) offer(name, { ...how, files }, say);
  return stored;
}

/** Files that cannot be made anew here (`there`), or not be signed (`old`): why, what the other way costs, and the choice. */
function offer(name, how, say) {
  const { says, page, files, ways } = how, line = document.createElement("p");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet wide after" });
  line.textContent = page.says(`file_left_${name}`, { count: files.length });
  button.textContent = page.says(`file_way_${name}`);
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    const stored = await sendBy(ways[name], how, say).finally(() => (busy = false));
    if (how.done) how.done(stored);
  });
  says.className = "note after";
  says.append(line, button);
}

/** A file of the case, fetched sealed and opened here: its bytes. Throws where it does not come or open. */
export async function fetched({ facts, keys, caseKey }, n, { blob }) {
  const { status, answer } = await ask(`${ADDRESS}/${n}`, { case_id: facts.case_id, look: hex(keys.look), blob });
  if (status !== 200) throw new Error("not there");
  return openFile(caseKey, facts.case_id, blob, answer);
}
