// The queue of reports that wait on this phone for a network, for the pages and for the service worker alike. An entry is
// sealed whole (site/browser/waiting.js): nothing in it can be read here, by whoever holds the phone either. It leaves
// the queue only when an answer tells the token inside it, of which the phone knows the hash; what a network of its own
// mind answers in the server's place (a hotel's sign-in page) does not.
self.antre = (() => {
  const ADDRESS = "/api/reports", NAME = "antrean", ENTRIES = "kiriman", KEYS = "kunci", VERSION = 1;
  const PATIENCE_MS = 90000, KEY_PATIENCE_MS = 10000;
  const COME_AGAIN = [408, 425, 429];
  const QUIET = { cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" };

  /** The database, whichever version of the portal made it. Only what is to be kept makes it: what is still under way
   * after everything was wiped off must not bring it back. */
  const open = (make) =>
    new Promise((done, failed) => {
      const asked = indexedDB.open(NAME);
      asked.onupgradeneeded = () => {
        if (!make) return asked.transaction.abort();
        asked.result.createObjectStore(ENTRIES, { keyPath: "mark" });
        asked.result.createObjectStore(KEYS);
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => failed(asked.error);
    });

  /** One transaction: `work` is given the store and returns a request; done once it rests on the phone. `empty` where
   * there is no database, which is made only where nothing stands for it. */
  async function within(store, mode, work, empty) {
    const make = empty === undefined;
    const db = await open(make).catch((error) => {
      if (make || error.name !== "AbortError") throw error;
    });
    if (!db) return empty;
    try {
      return await new Promise((done, failed) => {
        const all = db.transaction(store, mode, { durability: "strict" });
        const asked = work(all.objectStore(store));
        all.oncomplete = () => done(asked.result);
        all.onerror = all.onabort = () => failed(all.error || asked.error);
      });
    } finally {
      db.close();
    }
  }

  const all = () => within(ENTRIES, "readonly", (store) => store.getAll(), []);
  /** Throws where the phone is full, among others. */
  const put = (entry) => within(ENTRIES, "readwrite", (store) => store.put({ v: VERSION, stuck: "", ...entry }));
  /** Only what is still there: it may have been wiped off meanwhile. */
  const stick = (mark, stuck) =>
    within(ENTRIES, "readwrite", (store) => {
      const found = store.get(mark);
      found.onsuccess = () => found.result && store.put({ ...found.result, stuck });
      return found;
    }, 0);
  const remove = (mark) => within(ENTRIES, "readwrite", (store) => store.delete(mark), 0);

  async function asked(address, how = {}, patience = PATIENCE_MS) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), patience);
    try {
      const headers = { Accept: "application/json" };
      const reply = await fetch(address, { ...QUIET, ...how, headers, signal: stop.signal });
      return { status: reply.status, ok: reply.ok, answer: await reply.json() };
    } finally {
      clearTimeout(timer);
    }
  }

  /** The intake's key, the latest known where it cannot be asked. Throws where none is known. */
  async function key() {
    const reply = await asked(`${ADDRESS}/waiting-key`, {}, KEY_PATIENCE_MS).catch(() => ({}));
    const { key_id: id, public: bytes } = (reply.ok && reply.answer) || {};
    if (!id || !bytes) {
      const known = await within(KEYS, "readonly", (store) => store.get("intake"), 0);
      if (known) return known;
      throw new Error("no key to seal to");
    }
    const found = { key_id: id, public: bytes };
    await within(KEYS, "readwrite", (store) => store.put(found, "intake")).catch(() => 0);
    return found;
  }

  async function isOurs(opened, mark) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(String(opened)));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("") === mark;
  }

  /**
   * Send one: `{ answer }` once it is acknowledged, `{ stuck, answer }` where it will not be taken as it is, `{}` where it
   * did not arrive, or nobody knows. Changes nothing on the phone.
   */
  async function send({ envelope, mark }, { lang = "id", proof = {} } = {}) {
    const form = new FormData();
    form.append("sealed", "waiting");
    for (const name in proof) form.append(name, proof[name]);
    form.append("envelope", new Blob([envelope]), "-");
    const reply = await asked(`${ADDRESS}?lang=${lang}`, { method: "POST", body: form }).catch(() => ({}));
    const { status, ok, answer } = reply;
    if (ok && answer && (await isOurs(answer.opened, mark))) return { answer };
    const refused = status >= 400 && status < 500 && !COME_AGAIN.includes(status);
    return refused && answer && typeof answer.code === "string" ? { stuck: answer.code, answer } : {};
  }

  /** Not two at a time where the browser can see to that; the server takes the same report once in any case. */
  const alone = (work) => (navigator.locks ? navigator.locks.request(NAME, work) : work());

  /** Send one and keep the queue in step. */
  const deliver = (entry, how) =>
    alone(async () => {
      const result = await send(entry, how);
      if (result.stuck) await stick(entry.mark, result.stuck);
      else if (result.answer) await remove(entry.mark);
      return result;
    });

  /** Send what waits, one after the other, until one does not arrive: `{ sent, left, stuck }` in numbers, `answers` by mark. */
  async function flush(how = {}) {
    const waiting = (await all()).filter(({ stuck }) => !stuck);
    const answers = {};
    let sent = 0;
    for (const entry of waiting) {
      const { answer, stuck } = await deliver(entry, how);
      if (!answer) break;
      if (stuck) continue;
      sent += 1;
      answers[entry.mark] = answer;
    }
    const rest = await all();
    const stuck = rest.filter((entry) => entry.stuck).length;
    return { sent, left: rest.length - stuck, stuck, answers };
  }

  /** Take everything of the portal's off this phone: queue, pages, worker. Throws where the queue would stay. */
  async function wipe() {
    for (const store of [ENTRIES, KEYS]) await within(store, "readwrite", (kept) => kept.clear(), 0);
    await new Promise((done) => {
      const asked = indexedDB.deleteDatabase(NAME); // blocked where another page is open: empty it is by now
      asked.onsuccess = asked.onerror = asked.onblocked = done;
    });
    if (self.caches) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    const workers = self.registration ? [self.registration] : await registrations();
    await Promise.all(workers.map((worker) => worker.unregister()));
  }

  const registrations = () => (navigator.serviceWorker ? navigator.serviceWorker.getRegistrations() : []);

  return { all, put, remove, key, send, deliver, flush, wipe };
})();
