// Bytes and the texts that stand for them.

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export const utf8 = (text) => encoder.encode(text);

/** All parts one after the other. */
export function join(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Texts joined by a zero byte, as every associated data and HPKE info is. */
export const fields = (...texts) => utf8(texts.join("\0"));

/** Lower-case hexadecimal. */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Bytes of an even number of hexadecimal digits. */
export const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

/** Base64 with padding. */
export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Bytes of a base64 text; throws for anything else. */
export const fromBase64 = (text) => Uint8Array.from(atob(text), (symbol) => symbol.charCodeAt(0));

/** Fresh random bytes. */
export const random = (count) => crypto.getRandomValues(new Uint8Array(count));
