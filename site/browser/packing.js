// Words that would not fit the smallest size as they are, are deflated before they are padded; a mark inside the seal
// says which. The twin of functions/crypto/packing.py.

import { join } from "./bytes.js";
import { fits } from "./padding.js";

const MOST_BYTES = 2 ** 17;

/** Mark (1 byte) and bytes: as they are where they fit in `floor`, else deflated where that is shorter. */
export async function packed(plain, floor) {
  const stored = join(Uint8Array.of(0), plain);
  if (fits(stored, floor) || plain.length > MOST_BYTES) return stored;
  const deflated = join(Uint8Array.of(1), await deflate(plain));
  return deflated.length < stored.length ? deflated : stored;
}

// Not by way of a Blob, which a browser may put on its disk. A browser that cannot deflate sends a report all the same.
async function deflate(plain) {
  try {
    const { readable, writable } = new CompressionStream("deflate");
    const writer = writable.getWriter();
    const answer = new Response(readable).arrayBuffer();
    const [bytes] = await Promise.all([answer, writer.write(plain), writer.close()]);
    return new Uint8Array(bytes);
  } catch {
    return plain;
  }
}
