// Proof of work for ALTCHA's challenge (version 2): the number below which PBKDF2 yields the wanted beginning. The
// browser computes it natively and off the page's own thread. Never holds a report up: "" is "send without".
// `tell` hears how many hundredths are done at most.
export async function solve(challenge, patience = 30000, tell = () => 0) {
  try {
    const { subtle } = crypto, { nonce, salt, cost, keyLength, keyPrefix, data } = challenge.parameters;
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const end = Date.now() + patience, how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
    const derive = async (counter) => {
      const secret = new Uint8Array([...bytes(nonce), counter >> 24, counter >> 16, counter >> 8, counter]);
      const key = await subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
      const bits = new Uint8Array(await subtle.deriveBits(how, key, keyLength * 8));
      return { counter, derivedKey: Array.from(bits, (b) => b.toString(16).padStart(2, "0")).join("") };
    };
    for (let next = 0; Date.now() < end; next += 8) {
      const tried = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((n) => derive(next + n)));
      const solution = tried.find((t) => t.derivedKey.startsWith(keyPrefix));
      if (solution) return btoa(JSON.stringify({ challenge, solution }));
      tell(Math.min(99, Math.floor((100 * (next + 8)) / ((data && data.of) || Infinity))));
    }
  } catch {}
  return "";
}
