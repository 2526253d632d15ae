// What was typed, by the same checks as the server's (functions/casework/report.py).

const ORDER =
  "kind topic body district about_agency place happened_on about_officials subject contact identity_mode name".split(" ");
const REQUIRED = ["kind", "district", "body"]; // the topic is asked on the check page
const LIMITED = ["place", "subject", "body", "about_officials"];
const IN_ONE_LINE = ["subject", "name", "contact"];
const OLDEST_YEAR = 1990;

// As in functions/casework/formats/clean_text.py, but for joiners: where a script needs them is seen at the desk.
const UNSEEN = new RegExp(
  "[\\0-\\x08\\x0B-\\x1F\\x7F-\\x9F\\xAD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B\u200E\u200F\u202A-\u202E" +
    "\u2060-\u206F\u2800\u3164\\uD800-\\uDFFF\uFE00-\uFE0D\uFEFF\uFFA0\uFFF0-\uFFFB\u{13430}-\u{1343F}" +
    "\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]",
  "gu",
);

/** Text as kept: NFC, newlines as \n, no signs that nobody sees and no half symbols, no spaces at the ends. */
export const clean = (raw) => raw.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(UNSEEN, "").normalize("NFC").trim();

/** The day that was typed, as an ISO date; "" for what is none. */
function isoDay(typed) {
  const found = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(typed);
  const turned = found && [typed, found[3], found[2], found[1]];
  const [, day, month, year] = turned || /^(\d\d?)[-/](\d\d?)[-/](\d{4})$/.exec(typed) || [];
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day) && year >= OLDEST_YEAR;
  return real ? date.toISOString().slice(0, 10) : "";
}

function today() {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())).toISOString().slice(0, 10);
}

function isAddress(text) {
  const [local, host = "", more] = text.split("@");
  return Boolean(local) && host.replace(/^\.+|\.+$/g, "").includes(".") && more === undefined && !/\s/.test(text);
}

function isPhone(text) {
  const digits = text.replace(/[^\p{Nd}]/gu, "");
  return /^[\p{Nd}+\-(). ]*$/u.test(text) && [...digits].length >= 8 && [...digits].length <= 15;
}

/** What was typed, and what is wrong with it: `{ report, wrong: [{ field, code, facts }] }`, in the server's order. */
export function read(form) {
  const fields = form.elements;
  const report = Object.fromEntries(ORDER.map((name) => [name, clean(fields[name].value)]));
  report.district = report.district.replace(/^lain$/, ""); // where it is, is still to be chosen (daerah.js)
  const wrong = [];
  const fault = (field, code, facts) => wrong.push({ field, code, facts });
  const measure = (name) => {
    const limit = Number(fields[name].dataset.limit), length = [...report[name]].length;
    if (length > limit) fault(name, "too_long", { length, limit });
  };
  for (const name of REQUIRED) if (!report[name]) fault(name, "required");
  LIMITED.forEach(measure);
  readDay(report, fields.happened_on, fault);
  report.identity_mode = report.identity_mode || "anonim";
  const accused = fields.about_agency.selectedOptions[0];
  report.about_name = report.about_agency && accused ? clean(accused.textContent) : "";
  readIdentity(report, fault, measure);
  for (const name of IN_ONE_LINE) report[name] = report[name].replace(/\n/g, " ");
  return { report, wrong: wrong.sort((a, b) => ORDER.indexOf(a.field) - ORDER.indexOf(b.field)) };
}

function readDay(report, box, fault) {
  const typed = report.happened_on;
  report.happened_on = isoDay(typed);
  if (box.validity.badInput || (typed && !report.happened_on)) fault("happened_on", "bad_date");
  else if (report.happened_on > today()) fault("happened_on", "future");
}

function readIdentity({ identity_mode: mode, name, contact }, fault, measure) {
  measure("contact");
  if (mode === "anonim") {
    if (name) fault("name", "not_anonymous");
    if (contact && !isAddress(contact)) fault("contact", "email_wanted");
    return;
  }
  measure("name");
  if (!name && (mode === "terbuka" || !contact)) fault("name", "name_wanted");
  if (contact && !isAddress(contact) && !isPhone(contact)) fault("contact", "bad_contact");
}
