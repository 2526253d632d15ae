// The service worker: the form and all it loads without a network, and what waits on the phone sent when there is one.
// Put before it at freezing: BASE (where this portal stands, "" at the root), CACHE (a name with its version), FILES
// (hashes by address), PAGES, the queue (assets/antre.js). Of doors nothing is kept: of /api/, /desk/, /custody/.
const PATIENCE_MS = 8000;
const DOORS = /^\/(api|desk|custody|dev)(\/|$)/;

const isKeys = (path) => path.startsWith(BASE + "/keys");
const tongue = (path) => (path.slice(BASE.length).match(/^\/(...?\/)?/) || ["/"])[0]; // a page of another portal's
const LOOSELY = { ignoreSearch: true, ignoreVary: true };

/** As it was kept; pages of the version before this one may still be open, and ask for its files. */
const kept = async (path) => (await (await caches.open(CACHE)).match(path, LOOSELY)) || caches.match(path, LOOSELY);

/** From the network, or, where that fails or takes too long, as it was kept. */
async function page(request, path) {
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const asked = fetch(request);
  asked.catch(() => 0);
  const first = await Promise.race([asked, late]).catch(() => 0);
  if (first && first.status < 500) {
    if (first.ok) await keep(path, first.clone()).catch(() => 0);
    return first;
  }
  return (await kept(path)) || first || asked;
}

/** Keys as they are now; a page that is here already stays as it came, with the files of its own version. */
async function keep(path, answer) {
  const cache = await caches.open(CACHE);
  if (isKeys(path) || !(await cache.match(path))) await cache.put(path, answer);
}

/** Of the pages those in the languages read here; of others each is kept once it is read. */
async function inTheirLanguage() {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const read = open.length ? open.map(({ url }) => tongue(new URL(url).pathname)) : ["/"];
  return PAGES.filter((path) => isKeys(path) || read.includes(tongue(path)));
}

const file = async (request, path) => (await kept(path)) || fetch(request);

/** Without a network the quick exit cannot lead anywhere, but it can leave nothing behind. Only from a page of ours, which
 * is seen until another comes: a Wi-Fi's own page may lead here as well, and let nothing through. */
async function leave() {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (open.some(({ visibilityState }) => visibilityState === "visible")) await antre.wipe().catch(() => 0);
  return Response.error();
}

/** Send what waits, and tell the open pages of it. */
async function flush() {
  const done = await antre.flush();
  if (!(done.sent + done.stuck)) return done;
  const pages = await clients.matchAll({ includeUncontrolled: true }); // a newer worker may have taken them over
  for (const client of pages) client.postMessage({ answers: done.answers });
  return done;
}

const held = ([path, integrity]) => new Request(path, { integrity });

addEventListener("install", (event) =>
  event.waitUntil(
    Promise.all([caches.open(CACHE), inTheirLanguage()])
      .then(([cache, pages]) => cache.addAll([...Object.entries(FILES).map(held), ...pages]))
      .then(() => skipWaiting()),
  ),
);

/** Of its own versions the last two stay; another portal's on this host are not its. */
const ours = (name) => name.replace(/-[^-]*$/, "") === CACHE.replace(/-[^-]*$/, "");

addEventListener("activate", (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(ours).slice(0, -2).map((name) => caches.delete(name))))
      .then(() => clients.claim()), // the quick exit tells the page's own worker
  ),
);

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname: path } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || DOORS.test(path)) return;
  if (path === "/keluar") return event.respondWith(navigator.onLine ? fetch(request).catch(leave) : leave());
  if (request.mode === "navigate") event.waitUntil(flush().catch(() => 0)); // at the opening of any page of ours
  if (path.startsWith("/assets/") || path in FILES) event.respondWith(file(request, path));
  else if (PAGES.includes(path)) event.respondWith(page(request, path));
});

/** By the quick exit of a page of ours: another site's cannot say it. */
addEventListener("message", (event) => event.data === "keluar" && event.waitUntil(antre.wipe().catch(() => 0)));

addEventListener("sync", (event) =>
  event.waitUntil(flush().then(({ left }) => (left ? Promise.reject(new Error("not all arrived")) : undefined))),
);
