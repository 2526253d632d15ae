// A report that cannot be sent now. Its code is shown first, and written down, since it never rests on the phone; then the
// report, sealed whole, goes into the queue (antre.js); then it is tried again until the server has it.
import "../../../site/assets/antre.js"; // by the same way from where the tests build this
import { picture } from "./gambar.js";

const PAUSES_MS = [5000, 10000, 20000, 60000, 300000];

/** After the form was first used: keep it for the next time without a network, and say what still waits. */
export async function prepare({ told, form }) {
  const base = form.dataset.base || ""; // where the portal stands, among several on one host
  document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: base + "/manifest.webmanifest" }));
  if (navigator.serviceWorker) {
    const script = self.trustedTypes
      ? trustedTypes.createPolicy("pekerja", { createScriptURL: () => base + "/sw.js" }).createScriptURL("")
      : base + "/sw.js";
    navigator.serviceWorker.register(script, { updateViaCache: "none" }).catch(() => 0);
  }
  await self.antre.key().catch(() => 0);
  await self.antre.flush({ lang: document.documentElement.lang }).catch(() => 0);
  if (!(await self.antre.all()).length) return;
  const note = document.createElement("p"), link = document.createElement("a");
  Object.assign(link, { href: told.antrean, textContent: told.waiting });
  note.className = "note";
  note.append(link);
  form.before(note);
}

/** Shows the code, and what comes after; resolves to true once it is shown. Throws where it cannot be sealed or kept. */
export async function hold(tools) {
  const { page, home, load, report, key, keysFor, offerPaper } = tools;
  const { wait } = await load("segelJs");
  await self.antre.all(); // to know that this phone can keep anything
  const seal = async () =>
    wait({ report, keys: await keysFor(), submissionKey: key, waitingKey: await self.antre.key() });
  const made = await seal();
  const { title, body } = page.copy("hold");
  const part = (name) => [body, page.main].map((place) => place.querySelector(`[data-part=${name}]`)).find(Boolean);
  const shown = page.copy("receipt").body, groups = made.receipt.split("-");
  part("code").append(shown.querySelector(".receipt"));
  body.querySelectorAll(".code span").forEach((group, nth) => (group.textContent = groups[nth]));
  offerPaper(body, made.receipt, () => 0, home, picture(part, load, `${home}lacak/#${made.receipt}`));
  const state = { ...tools, part, seal, made, leaving: asking() };
  part("store").addEventListener("click", () => store(state));
  part("back").addEventListener("click", () => history.back());
  part("now").addEventListener("click", () => now(state));
  part("send").addEventListener("click", () => attempt(state));
  page.show(title, body.children);
  return true;
}

/** Closing the page asks first. Going back to the words is no loss, and does not. Returns what ends it. */
function asking() {
  const ask = (event) => {
    event.preventDefault();
    event.returnValue = "";
  };
  const end = () => removeEventListener("beforeunload", ask);
  addEventListener("beforeunload", ask);
  addEventListener("popstate", end, { once: true });
  document.querySelector(".leave").addEventListener("click", end);
  return end;
}

/** Into the queue. Where the phone is full nothing is lost: the words are shown, and can be sent or copied. */
async function store(state) {
  const { page, part, made, report, home, guard, plain, done } = state;
  if (state.saved) return;
  page.tell([]);
  try {
    await self.antre.put(made.entry);
  } catch {
    page.tell([{ message: page.says("full") }]);
    part("full").hidden = false;
    part("words").value = [report.subject, report.body, report.place, report.about_officials].filter(Boolean).join("\n\n");
    return;
  }
  state.leaving();
  done();
  plain();
  state.saved = guard(page, null, home);
  state.saved();
  history.replaceState("receipt", "");
  const { title } = page.copy("held");
  for (const gone of ["before", "storing"]) part(gone).remove();
  part("after").hidden = false;
  page.show(title, [...page.main.children].slice(1));
  registration().then((worker) => worker && worker.sync && worker.sync.register("antrean")).catch(() => 0);
  addEventListener("online", () => attempt(state));
  document.querySelector(".leave").addEventListener("click", () => (state.over = true)); // nothing is kept anew after it
  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener("message", ({ data }) => elsewhere(state, data));
  attempt(state);
}

/** The service worker, or another page by it, has sent something: it may have been this one. */
function elsewhere(state, { answers = {} }) {
  const answer = answers[state.made.entry.mark];
  if (answer && !state.over) over(state, answer);
}

function over(state, answer) {
  const { made, report, saved, arrived } = state;
  state.over = true;
  clearTimeout(state.timer);
  arrived(made, answer, report, saved);
}

const registration = async () => navigator.serviceWorker && navigator.serviceWorker.getRegistration();

/** Without the queue, from where the phone was full. */
async function now(state) {
  const { page, made, lang, report, arrived, prove, leaving } = state;
  if (state.busy) return;
  state.busy = true;
  page.tell([]);
  const { answer, stuck } = await self.antre.send(made.entry, { lang, proof: await prove(made) });
  state.busy = false;
  if (answer && !stuck) {
    leaving();
    return arrived(made, answer, report);
  }
  page.tell([{ message: page.says("unreached") }]);
}

async function attempt(state, nth = 0) {
  const { page, part, lang, prove } = state;
  const says = (text) => state.over || (part("says").textContent = text);
  if (state.busy || state.over) return;
  state.busy = true;
  clearTimeout(state.timer);
  says(page.says("sending"));
  try {
    const proof = navigator.onLine ? await prove(state.made) : {};
    let result = await self.antre.deliver(state.made.entry, { lang, proof });
    if (result.stuck === "keys_changed") result = await anew(state, lang, proof);
    const { stuck, answer } = result;
    if (state.over) return;
    if (answer && !stuck) return over(state, answer);
    says(stuck ? answer.detail || answer.title : page.says("no_network"));
    if (!stuck) state.timer = setTimeout(() => attempt(state, nth + 1), PAUSES_MS[Math.min(nth, PAUSES_MS.length - 1)]);
  } catch {
    says(page.says("no_network"));
  } finally {
    state.busy = false;
  }
}

/** Keys have changed: sealed anew to today's, the same report with the same code. The new one rests before the old goes. */
async function anew(state, lang, proof) {
  const old = state.made.entry.mark;
  state.forget();
  const made = await state.seal();
  if (state.over) return {};
  await self.antre.put(made.entry);
  await self.antre.remove(old);
  state.made = made;
  return self.antre.deliver(made.entry, { lang, proof });
}
