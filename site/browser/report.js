// What of a report is sealed and what is hashed, in the bytes that Python makes of it. The twin of
// functions/casework/report.py (`Report.words`, `Report.content`) and of Python's `json.dumps`.

import { utf8 } from "./bytes.js";
import { SealError } from "./errors.js";

const FIELDS = [
  "kind",
  "topic",
  "district",
  "about_agency",
  "place",
  "happened_on",
  "subject",
  "body",
  "about_officials",
  "identity_mode",
  "name",
  "contact",
  "about_name",
];
const REQUIRED = ["kind", "topic", "district", "body", "identity_mode"];
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
const NOT_ASCII = /[\x7F-\uFFFF]/g;

/**
 * The report's fields, all of them texts, none but these. Throws SealError "report" where one cannot be sealed as it
 * stands: the same rules that intake has for what it can no longer read once it is sealed.
 */
export function checked(report) {
  const known = {};
  for (const field of FIELDS) {
    const text = report[field] === undefined ? "" : report[field];
    if (typeof text !== "string" || LONE_SURROGATE.test(text)) throw new SealError("report", `${field} is not text`);
    if (!text && REQUIRED.includes(field)) throw new SealError("report", `${field} is missing`);
    known[field] = text;
  }
  const { identity_mode: mode, name, contact } = known;
  // Anonim has no name, rahasia a name or a contact, terbuka a name.
  const fit = { __proto__: null, anonim: !name, rahasia: name || contact, terbuka: name };
  if (!fit[mode]) throw new SealError("report", "identity_mode does not fit");
  if (known.happened_on && !/^\d{4}-\d\d-\d\d$/.test(known.happened_on))
    throw new SealError("report", "happened_on is not a date");
  return known;
}

/** The bytes under the seal: the writer's name only where officers may know it; whom it accuses, by code and by name. */
export function words(report) {
  const { body, subject, place, happened_on, about_officials, about_agency, about_name, name } = report;
  const sealed = { body, subject, place, happened_on, about_officials, about_agency, about_name };
  if (report.identity_mode === "terbuka") sealed.name = name;
  return json(sealed);
}

/** The bytes of who wrote, for the custodians of mode rahasia. */
export const identity = ({ name, contact }) => json({ name, contact });

/** Where notices can go: the contact where it is an e-mail address, "" for a phone number and for none. */
export function addressOf({ contact }) {
  const [, host] = /^[^@\s]+@([^@\s]+)$/.exec(contact) || ["", ""];
  return host.replace(/^\.+|\.+$/g, "").includes(".") ? contact : "";
}

/** The bytes of everything that was typed, for the fingerprint: keys in order, other than ASCII escaped. */
export function content(report) {
  const { identity_mode: mode, about_name: read, ...typed } = report;
  const all = { ...typed, mode };
  const sorted = Object.fromEntries(Object.keys(all).sort().map((key) => [key, all[key]]));
  return json(sorted, (text) =>
    text.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

// Python sets a space after each comma and colon.
function json(texts, escape = (text) => text) {
  const pairs = Object.entries(texts).map(([key, text]) => `"${key}": ${escape(JSON.stringify(text))}`);
  return utf8(`{${pairs.join(", ")}}`);
}
