// The roster as this browser checks it: that it is what its id says, and whether it is the one last seen here. The twin of
// functions/casework/consent/roster.py.

import { fromBase64, hex, join, utf8 } from "../bytes.js";
import { KeyError } from "./passkey.js";
import { fingerprintOf } from "./seed.js";

const SEEN = "lapor.roster";

/** The text that is hashed and signed. */
export function textOf({ instance, previous, next_x: next, members }) {
  const each = members.map((m) => `${m.x}:${m.agency}:${m.key_id}:${m.public}:${m.vouch}`);
  return utf8(["lapor/2/roster", instance, previous, `${next}`, ...each].join("\0"));
}

/** Whether its id is the hash of its text. */
export const isWhole = async (roster) =>
  hex(new Uint8Array(await crypto.subtle.digest("SHA-256", textOf(roster))).subarray(0, 8)) === roster.id;

/** What a custodian signs to vouch for a roster. */
export const vouchText = (roster) => join(utf8("lapor/2/vouch\0"), textOf(roster));

const printOf = ({ public: text, vouch }) => fingerprintOf(fromBase64(text), fromBase64(vouch));

/**
 * What changed since this browser last saw the roster: `{ state, agencies }`. "new": none was seen here; "same"; "vouched":
 * it follows from the one last seen, and two of its members signed; "swapped": another stands there, which nobody of the
 * one last seen vouched for; "damaged".
 */
export async function compared(roster) {
  const key = `${SEEN}.${roster.instance}`, before = JSON.parse(localStorage.getItem(key) || "null");
  if (!(await isWhole(roster))) return { state: "damaged", agencies: [] };
  if (!before) return { state: "new", agencies: [] };
  if (before.id === roster.id) return { state: "same", agencies: [] };
  const prints = await Promise.all(roster.members.map(printOf));
  const agencies = roster.members.filter((m, at) => before.prints[m.agency] !== prints[at]).map((m) => m.agency);
  const follows = roster.previous === before.id && (await placesKept(roster, before));
  return { state: follows && (await vouchers(roster, before)) >= 2 ? "vouched" : "swapped", agencies };
}

/** How many people of the roster before signed this one: by key, since a door can write one place as 1 and as "1". */
async function vouchers(roster, before) {
  const text = vouchText(roster), able = new Set();
  for (const { x, signature } of roster.vouched) {
    if (!Number.isInteger(x) || !before.vouch[x]) continue;
    const key = await crypto.subtle.importKey("raw", fromBase64(before.vouch[x]), "Ed25519", false, ["verify"]);
    if (await crypto.subtle.verify("Ed25519", key, fromBase64(signature), text)) able.add(before.vouch[x]);
  }
  return able.size;
}

/** Whether nobody got another person's place, as `check_vouched` of functions/crypto/sign/vouches.py looks at it. */
async function placesKept({ members, next_x: next }, before) {
  if (!Number.isInteger(next) || new Set(members.map(({ x }) => x)).size !== members.length) return false;
  if (before.next && next < before.next) return false;
  const seen = before.next || Math.max(...Object.keys(before.vouch).map(Number)) + 1;
  for (const member of members) {
    const { x, vouch } = member;
    if (!Number.isInteger(x) || x < 1 || x >= next) return false;
    if (x < seen && (before.vouch[x] !== vouch || before.keys[x] !== (await keyIdOf(member)))) return false;
  }
  return true;
}

/** Remember a roster as seen, once somebody looked at it. */
export async function remember(roster) {
  const prints = {}, vouch = {}, keys = {};
  for (const member of roster.members) {
    prints[member.agency] = await printOf(member);
    vouch[member.x] = member.vouch;
    keys[member.x] = await keyIdOf(member);
  }
  localStorage.setItem(`${SEEN}.${roster.instance}`, JSON.stringify({ id: roster.id, next: roster.next_x, prints, vouch, keys }));
}

const keyIdOf = async ({ public: text }) =>
  hex(new Uint8Array(await crypto.subtle.digest("SHA-256", fromBase64(text))).subarray(0, 16));

/**
 * Throw KeyError unless each of these keys is one that this browser saw in the roster: a door that is taken over could
 * name its own. "unseen": the roster was never looked at in this browser.
 */
export async function known(instance, members) {
  const seen = JSON.parse(localStorage.getItem(`${SEEN}.${instance}`) || "null");
  if (!seen) throw new KeyError("unseen");
  for (const member of members) if (seen.keys[member.x] !== (await keyIdOf(member))) throw new KeyError("swapped");
}
