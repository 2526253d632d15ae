// Photos after the words: made small on the phone (which drops all that is hidden in them), sent one by one, each with its
// progress. One that did not arrive is sent again by itself while the page is open, under the same key, so that none is
// stored twice. They never rest on the phone: the code, which opens the report, would have to rest beside them.
const LONGEST_PX = 1280, QUALITY = 0.6;
const UPLOAD_MS = 20 * 60000; // 5 MB on 2G
const PAUSES_MS = [3000, 6000, 15000, 30000, 60000];

/** A photo as a JPEG of at most so many pixels; what is none, or cannot be read, stays as it is: the server cleans it. */
export async function shrink(file) {
  if (!/^image\//.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return small && small.size < file.size ? small : file;
  } catch {
    return file;
  }
}

/** Post with progress (0 to 1); `{ ok, answer }`, or an error where nothing that we understand came back. */
function upload(address, body, progress) {
  return new Promise((done, failed) => {
    const ask = new XMLHttpRequest();
    ask.open("POST", address);
    ask.setRequestHeader("Accept", "application/json");
    Object.assign(ask, { responseType: "json", timeout: UPLOAD_MS });
    ask.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    ask.onload = () => (ask.response ? done({ status: ask.status, answer: ask.response }) : failed(new Error("no answer")));
    ask.onerror = ask.ontimeout = ask.onabort = () => failed(new Error("not reached"));
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

/** One file, tried again until it is stored or refused. `tell` is given a sentence's code. */
async function sendOne(form, file, key, { tell, bar, again }) {
  const body = new FormData(form);
  body.set("file", file, "-");
  body.set("file_key", key);
  for (let nth = 0; ; nth += 1) {
    try {
      tell("file_progress");
      bar.value = 0;
      const { status, answer } = await upload(form.getAttribute("action"), body, (part) => (bar.value = part));
      if (status < 500) return { ok: status < 400, answer };
    } catch {
      // the same way on as after an answer that says "later"
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

/** Send `files` one by one, and say how far it is. */
export async function sendAll({ form, says, page, fresh, files }) {
  const { file: box, keep_size: asTaken } = form.elements;
  const say = (text, how) => Object.assign(says, { textContent: text, className: `${how} after` });
  if (busy) return;
  if (!files.length) return say(page.says("required.file"), "why");
  busy = true;
  const faults = [], { bar, again } = shown(says, page), end = asking();
  let stored = 0;
  for (const [nth, file] of files.entries()) {
    const place = { nth: nth + 1, count: files.length };
    say(page.says("file_sending"), "hint");
    const small = asTaken.checked ? file : await shrink(file);
    const tell = (code) => say(page.says(code, place), "hint");
    if (small.size > form.dataset.most * 1048576) {
      faults.push(page.says("file_too_large"));
      continue;
    }
    const { ok, answer } = await sendOne(form, small, fresh(), { tell, bar, again });
    if (ok) stored += 1;
    else faults.push(((answer.errors || [])[0] || { message: answer.detail || answer.title }).message);
  }
  box.value = "";
  busy = false;
  end();
  bar.remove();
  again.remove();
  const kept = stored ? page.says(stored > 1 ? "files_stored" : "file_stored", { count: stored }) : "";
  say([...new Set(faults), kept].filter(Boolean).join(" "), faults.length ? "why" : "told");
}
