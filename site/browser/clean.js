// A document made anew by a door that is not told whose it is: no code, no case, no look-up value go there. What comes back is
// sealed and signed on the phone like a photo. The twin of functions/cleaner/work.py.

import { hex, join, random, utf8 } from "./bytes.js";
import endings from "./endings.json";

const SALT = "lapor/2/clean", ITERATIONS = 2000, AT_ONCE = 8, BITS = 256, HOUR_MS = 3600000;

/** The ending of each type that a clean file has, from functions/casework/formats/attachments.py. It is built in, and so held
 * by the script's hash: whoever holds the portal must not have the phone save a page that runs. */
export const ENDINGS = new Map(Object.entries(endings));

/** The endings of what is no photo. */
export const DOCUMENTS = [...ENDINGS].filter(([type]) => !type.startsWith("image/")).map(([, ending]) => `.${ending}`);

/** Whether the phone cannot make a file anew by itself: by its name, which goes nowhere. Every other is taken for a photo. */
export const isDocument = ({ name }) => DOCUMENTS.some((ending) => name.toLowerCase().endsWith(ending));

let ahead = 0; // how many hours the door's clock is before this phone's

const bytesOf = (number) => Uint8Array.of(number >> 24, number >> 16, number >> 8, number);

const bare = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");

/** Whether a plain text holds the code of its own report, however it is written: the door would read it. A phone does not look
 * into other documents. */
export const holdsCode = async (file, receipt) => /\.txt$/i.test(file.name) && bare(await file.text()).includes(bare(receipt));

/** The effort by which the door takes a file with this hash: a number of ours, the hour, which is not sent, and a count under
 * which PBKDF2 yields a zero byte first. The browser computes it off the page's own thread. */
export async function worked(digest) {
  const { subtle } = crypto, nonce = random(16), hour = bytesOf(Math.floor(Date.now() / HOUR_MS) + ahead);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: utf8(SALT), iterations: ITERATIONS };
  const tries = async (count) => {
    const key = await subtle.importKey("raw", join(digest, nonce, hour, bytesOf(count)), "PBKDF2", false, ["deriveBits"]);
    return new Uint8Array(await subtle.deriveBits(how, key, BITS))[0];
  };
  for (let count = 0; ; count += AT_ONCE) {
    const found = await Promise.all(Array.from({ length: AT_ONCE }, (_, nth) => tries(count + nth)));
    if (found.includes(0)) return { nonce: hex(nonce), count: count + found.indexOf(0) };
  }
}

/**
 * What makes a file anew by the door, as often as it is asked until it has come back: `{ bytes, type, small }`, of a known type
 * and of at most `most` bytes. `post` posts a form to an address. Throws Error with `answer` for a file that is not taken, and
 * another where nothing came.
 */
export function cleaning(file, asTaken, most, post) {
  let work, made;
  return async (progress) => {
    if (made) return made;
    const bytes = new Uint8Array(await file.arrayBuffer()), form = new FormData();
    work = work || (await worked(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
    for (const [name, value] of Object.entries(work)) form.set(name, value);
    if (asTaken) form.set("keep_size", "yes");
    form.set("file", new Blob([bytes]), "-"); // neither its name nor its type
    const { status, type, answer, date } = await post("/api/clean", form, progress);
    if (status === 200) {
      const { length } = answer;
      // Else it is not the door that spoke, or it did badly: to be asked again, not to be sealed.
      if (!ENDINGS.has(type) || !length) throw new Error("not a file");
      if (length > most) throw Object.assign(new Error("too large"), { answer: { code: "file_too_large" } });
      return (made = { bytes: answer, type, small: "" });
    }
    if (answer.code === "no_work") {
      work = null; // it is spent or old: the next try makes its own, by the door's clock
      ahead = Math.round((date - Date.now()) / HOUR_MS) || 0;
    }
    throw Object.assign(new Error("not cleaned"), work && status < 500 ? { answer } : {});
  };
}
