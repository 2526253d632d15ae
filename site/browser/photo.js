// A photo made anew on the phone: drawn on a canvas, and encoded from its pixels alone. Nothing that the camera wrote beside
// them gets along. It fails closed: what cannot be made anew here is never sent as it is by this way.

import { base64, join } from "./bytes.js";

const LONGEST_PX = 1280, QUALITY = 0.6;
const TAKEN_PIXELS = 16e6, TAKEN_QUALITY = 0.85; // as the cleaning of the server (functions/sanitize/photos.py)
const SMALL = [[160, 0.35], [112, 0.3], [80, 0.25]], SMALL_BYTES = 1200; // its event stays as small as that of a document
const KNOWN = [200, 40, 90, 255], NOISE = 12, COARSE_PX = 8, UNLIKE = 24;

/** `code`: "no_picture" for what no browser draws, "canvas" where this one gives back other pixels than were drawn. */
const refused = (code) => Object.assign(new Error(code), { code });

function drawn(picture, width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) });
  const pen = canvas.getContext("2d");
  if (!pen) throw refused("canvas");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;

/** Tor Browser and others answer with a blank or noisy picture, so that no page knows a phone by its drawing. */
function check() {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  if (!pen) throw refused("canvas");
  canvas.width = canvas.height = COARSE_PX;
  pen.fillStyle = `rgb(${KNOWN.slice(0, 3)})`;
  pen.fillRect(0, 0, COARSE_PX, COARSE_PX);
  if (pixels(canvas).some((value, nth) => Math.abs(value - KNOWN[nth % 4]) > NOISE)) throw refused("canvas");
}

/** Whether a JPEG shows what was drawn, coarsely. */
async function alike(canvas, jpeg) {
  const again = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" })).catch(() => null);
  if (!again || again.width !== canvas.width || again.height !== canvas.height) return false;
  const [one, two] = [canvas, again].map((picture) => pixels(drawn(picture, COARSE_PX, COARSE_PX)));
  return one.reduce((sum, value, nth) => sum + Math.abs(value - two[nth]), 0) / one.length <= UNLIKE;
}

/** A JPEG without what some browsers write beside the pixels: every APP segment but JFIF's, and comments. */
function bare(bytes) {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3], mark = bytes[at + 1];
    if (mark <= 0xe0 || (mark > 0xef && mark !== 0xfe)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[at] !== 0xff) throw refused("canvas");
  return join(...kept, bytes.subarray(at));
}

async function encoded(canvas, quality) {
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (!blob || blob.type !== "image/jpeg") throw refused("canvas");
  return bare(new Uint8Array(await blob.arrayBuffer()));
}

async function smaller(picture) {
  for (const [side, quality] of SMALL) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const bytes = await encoded(drawn(picture, picture.width * scale, picture.height * scale), quality);
    if (bytes.length <= SMALL_BYTES) return base64(bytes);
  }
  return "";
}

/** A photo as `{ bytes, type, small }`: a JPEG, and a preview in base64. `asTaken` keeps its size. Throws an Error with `code`. */
export async function remade(file, asTaken) {
  if (!globalThis.createImageBitmap) throw refused("canvas");
  check();
  const picture = await createImageBitmap(file).catch(() => {
    throw refused("no_picture");
  });
  const { width, height } = picture;
  const most = asTaken ? Math.sqrt(TAKEN_PIXELS / (width * height)) : LONGEST_PX / Math.max(width, height);
  const canvas = drawn(picture, width * Math.min(1, most), height * Math.min(1, most));
  picture.close();
  const bytes = await encoded(canvas, asTaken ? TAKEN_QUALITY : QUALITY);
  if (!(await alike(canvas, bytes))) throw refused("canvas");
  return { bytes, type: "image/jpeg", small: await smaller(canvas) };
}
