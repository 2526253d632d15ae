// The custodian's pages with a key of their own: making, locking and restoring the seed, vouching for a roster, passing a
// share on, and reading a name that two opened. Without this file the pages say what cannot be done. Words on the page
// come from its list of sentences; facts are set as text.

import { base64, fromBase64 } from "../bytes.js";
import { ownShare, passOn, read } from "./open.js";
import { KeyError, ask, create } from "./passkey.js";
import { compared, known, remember, vouchText } from "./roster.js";
import { fingerprintOf, keysOf, locked, newSeed, paperOf, seedOf, unlocked } from "./seed.js";

const root = document.querySelector("[data-kunci]");
const $ = (name) => root.querySelector(`[data-part=${name}]`);
const sentence = (code) => root.querySelector(`[data-code="${code}"]`).textContent;

function say(code, more = "") {
  const says = $("says");
  says.hidden = false;
  says.dataset.said = code;
  says.textContent = `${code ? sentence(code) : ""} ${more}`.trim();
}

async function send(path, body) {
  const headers = { Accept: "application/json", "X-CSRF-Token": root.dataset.csrf };
  if (body) headers["Content-Type"] = "application/json";
  let reply, answer;
  try {
    reply = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), cache: "no-store" });
    answer = await reply.json();
  } catch {
    throw new KeyError("offline");
  }
  if (!reply.ok) throw Object.assign(new KeyError("refused"), { detail: answer.detail || answer.title });
  return answer;
}

const same = (left, right) => base64(left) === base64(right);

/** The keys of this custodian, by a touch of their security key, or from the paper that was typed. */
async function unlock() {
  const { own, roster, agency } = await send("/custody/key");
  if (!own) throw new KeyError("no-key");
  const typed = $("paper-typed");
  const seed = typed && typed.value.trim() ? fromPaper(typed.value) : await byPasskey(own.locks);
  const keys = await keysOf(seed), mine = base64(keys.publicKey);
  // The roster's key too: somebody may have put another in its place at the door, and the paper brings it back.
  const named = ((roster && roster.members) || []).find((member) => member.agency === agency);
  if (mine !== own.public && !(named && named.public === mine)) throw new KeyError("other-key");
  return { seed, keys, own };
}

function fromPaper(text) {
  try {
    return seedOf(text);
  } catch ({ groups }) {
    throw Object.assign(new KeyError(groups.length ? "paper-groups" : "paper-length"), { detail: groups.join(", ") });
  }
}

async function byPasskey(locks) {
  const { id, output } = await ask(locks.map(({ credential }) => fromBase64(credential)));
  const lock = locks.find(({ credential }) => same(fromBase64(credential), id));
  try {
    return await unlocked(fromBase64(lock.locked), output);
  } catch {
    throw new KeyError("other-key");
  }
}

async function addLock(seed, known) {
  const { id, output } = await create(root.dataset.name, known);
  await send("/custody/key/locks", { credential: base64(id), locked: base64(await locked(seed, output)) });
}

/** A first key: made, written down on paper, then locked. Paper first: what is not locked yet is lost with the page. */
let fresh;
async function make() {
  fresh = newSeed();
  const keys = await keysOf(fresh);
  $("paper").textContent = paperOf(fresh);
  $("print").textContent = await fingerprintOf(keys.publicKey, keys.vouch);
  $("made").hidden = false;
  root.querySelector("[data-act=make]").hidden = true; // a second press would throw this key away
  say("made");
}

async function keep() {
  const keys = await keysOf(fromPaper($("paper-check").value));
  const wanted = await keysOf(fresh);
  if (!same(keys.publicKey, wanted.publicKey)) throw new KeyError("paper-other");
  await send("/custody/key", { public: base64(wanted.publicKey), vouch: base64(wanted.vouch) });
  await addLock(fresh, []);
  wipe();
  $("made").hidden = true;
  say("kept");
}

async function another() {
  const { seed, keys, own } = await unlock();
  if (base64(keys.publicKey) !== own.public) {
    await send("/custody/key", { public: base64(keys.publicKey), vouch: base64(keys.vouch) });
    own.locks = [];
  }
  await addLock(seed, own.locks.map(({ credential }) => fromBase64(credential)));
  wipe();
  say("locked");
}

/** Throw KeyError unless this is the roster that stands on the page, fingerprint by fingerprint as it is read there. */
async function asShown({ members }, part) {
  const shown = [...root.querySelectorAll(`[data-part=${part}] [data-print]`)].map((one) => one.textContent.trim().replace(/ /g, "-"));
  const prints = members.map((m) => fingerprintOf(fromBase64(m.public), fromBase64(m.vouch)));
  if ((await Promise.all(prints)).join() !== shown.join()) throw new KeyError("swapped");
}

async function vouch() {
  const { keys } = await unlock(), { proposed } = await send("/custody/key");
  await asShown(proposed, "waits");
  await send("/custody/key/vouch", { roster: proposed.id, signature: base64(await keys.sign(vouchText(proposed))) });
  say("vouched");
}

async function seen() {
  const { roster } = await send("/custody/key");
  await asShown(roster, "stands");
  await remember(roster);
  $("roster-new").hidden = $("roster-swapped").hidden = true;
  say("seen");
}

/** What the door hands out, for the case that stands on this page and in its address, and for no other. */
async function handOut() {
  const handed = await send(`${root.dataset.case}/shares`, {}), id = handed.case_id;
  const here = location.pathname.endsWith(`/${id}`) && document.querySelector("h1").textContent.includes(id);
  if (!id || !here) throw new KeyError("damaged");
  return handed;
}

async function pass() {
  const { keys } = await unlock(), handed = await handOut();
  await give(await ownShare(keys, handed), handed);
  wipe();
  say("passed");
}

async function give(share, handed) {
  await known(handed.instance, handed.recipients);
  await send(`${root.dataset.case}/passes`, { passes: await passOn(share, handed) });
}

async function open() {
  const { keys } = await unlock(), handed = await handOut();
  const share = await ownShare(keys, handed);
  let person, failed;
  try {
    person = await read(keys, share, handed);
  } catch (error) {
    failed = error;
  }
  if (handed.recipients.length && !(failed && failed.code === "other-talk")) await give(share, handed); // nor then passed on
  wipe();
  if (failed) throw failed;
  $("name").textContent = person.name || "–";
  $("contact").textContent = person.contact || "–";
  $("person").hidden = false;
  root.querySelector("[data-act=open]").hidden = true;
  say("read");
}

/** Nothing of a seed or a name comes back with the browser's Back. */
function wipe() {
  fresh = undefined;
  for (const name of ["paper", "name", "contact"]) if ($(name)) $(name).textContent = "";
  for (const name of ["paper-typed", "paper-check"]) if ($(name)) $(name).value = "";
}

async function check() {
  const { roster } = await send("/custody/key");
  if (!roster) return;
  const { state, agencies } = await compared(roster);
  if (state === "vouched") await remember(roster);
  if (state === "same" || state === "vouched") return;
  const loud = state === "new" ? "roster-new" : "roster-swapped";
  $(loud).hidden = false;
  $(loud).querySelector("[data-agencies]").textContent = agencies.join(", ");
}

const ACTS = { make, keep, another, vouch, seen, pass, open };
for (const button of root.querySelectorAll("button[data-act]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    say("touch");
    try {
      await ACTS[button.dataset.act]();
    } catch (error) {
      say(error instanceof KeyError ? error.code : "unable", error.detail);
    }
    button.disabled = false;
  });
}
for (const part of root.querySelectorAll("[data-with-script]")) part.hidden = false;
for (const part of root.querySelectorAll("[data-without-script]")) part.hidden = true;
addEventListener("pagehide", () => {
  wipe();
  if ($("person")) $("person").hidden = true;
});
check().catch(() => say("offline"));
