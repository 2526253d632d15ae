// A name that is left later: sealed on the phone to the custodians of the case's instance. Loaded only then.

import { base64, fromBase64, hex, join, utf8 } from "../bytes.js";
import { sealTo } from "../hpke.js";
import { keyFor, verified } from "../keys.js";
import { fits, pad } from "../padding.js";
import { publishedFor } from "../published.js";
import { addressOf } from "../report.js";
import { CONTACT_BUCKET, sealIdentity } from "../seal.js";

const DIGITS = 32;
const hash = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))).slice(0, DIGITS);

/** What goes with the act of leaving a name, and what it says in clear: `{ clear, more }`. Its reporter signs the name and the
 * address by their hashes (functions/crypto/sign/name_answers.py). */
export async function sealName(person, { facts, keys }) {
  const instance = facts.bound[0], known = await publishedFor(instance, "/keys.json"), all = await verified(known);
  const roster = (known.rosters || []).find((each) => each.instance === instance);
  const more = await sealIdentity(person, keys, keyFor(all, "identity", instance), roster);
  const address = utf8(addressOf(person));
  if (address.length && fits(address, CONTACT_BUCKET)) {
    const to = keyFor(all, "courier", instance);
    more.contact = base64(await sealTo(to, `${facts.case_id}:contact`, pad(address, CONTACT_BUCKET)));
  }
  const name = join(fromBase64(more.identity_wrap_receipt), fromBase64(more.identity_sealed));
  return { clear: `left ${await hash(name)} ${await hash(fromBase64(more.contact || ""))}`, more };
}
