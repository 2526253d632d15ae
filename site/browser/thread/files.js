// What the thread's page loads with the first file: a form that seals files on the phone, and what shows a file that was
// opened here. Pictures are drawn, documents are saved by the browser, at the reader's wish.

import { hex, random } from "../bytes.js";
import { DOCUMENTS, ENDINGS } from "../clean.js";
import { fetched, sendAll, sentences } from "../form/foto.js";

const fresh = () => hex(random(16));
const MB_AT_MOST = 4;
const wordsAt = ({ kata }) => kata.replace("kata", "berkas");

/** A form for files, in `place`. `again` shows the case anew, with a sentence. */
export async function attach(place, { el, thread, receipt, told: at, again }) {
  const address = wordsAt(at), { says } = await sentences(address), [first] = thread.events;
  const box = el("input", { type: "file", id: "file", name: "file", accept: ["image/*", ...DOCUMENTS].join(","), multiple: true });
  const size = el("label", { className: "choice" }, el("input", { type: "checkbox", name: "keep_size", value: "yes" }), el("span", {}, says("file_size")));
  const told = el("div", { role: "status" });
  const hints = ["attach_photo", "attach_document"].map((name) => el("p", { className: "hint" }, says(name)));
  const form = el("form", { autocomplete: "off", noValidate: true }, hints, el("div", { className: "field" }, el("label", { htmlFor: "file" }, says("file_many")), box), size, el("button", { className: "btn quiet wide" }, says("file_send")), told);
  form.dataset.most = MB_AT_MOST;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const done = (stored) => stored && again(told.textContent);
    const named = !first || first.broken || Boolean(first.words.about_officials);
    const stored = await sendAll({ form, says: told, address, fresh, files: [...box.files], receipt, named, done, older: true });
    if (stored && !told.querySelector("button")) done(stored);
  });
  place.append(form);
}

/** Show file `n` in `place`: a picture is drawn, anything can be saved. */
export async function view(place, { el, thread, told: at }, n, file, name) {
  const { says } = await sentences(wordsAt(at));
  const ending = ENDINGS.get(file.type); // no other type is given to the browser
  const tell = (text) => place.replaceChildren(el("p", { className: "hint" }, `${name}. ${text}`));
  if (!ending) return tell(says("broken"));
  tell(says("opening_file"));
  const bytes = await fetched(thread, n, file);
  const blob = new Blob([bytes], { type: file.type });
  const link = el("a", { className: "btn quiet wide", href: URL.createObjectURL(blob), download: `berkas-${n}.${ending}` }, says("file_save"));
  const picture = file.type.startsWith("image/") && (await createImageBitmap(blob).catch(() => null));
  place.replaceChildren(picture ? shownAs(picture, el, name) : el("p", { className: "hint" }, name), link);
}

function shownAs(picture, el, name) {
  const canvas = el("canvas", { width: picture.width, height: picture.height, role: "img", ariaLabel: name, className: "photo" });
  canvas.setAttribute("aria-label", name);
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas;
}
