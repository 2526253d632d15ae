/* Receipts in a text: the twin of functions/casework/understanding/receipts.py, for codes without a typing error. */

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZOI"; // of a receipt; O is 32 and stands for 0, I is 33 and stands for 1

/** Where receipts stand in a folded text, by their check symbols: 25 signs, whatever stands between them, whose five
 * groups are right for their place. Where one is mistyped, the desk masks it on reading. */
export function* receipts(rule, folded) {
  const at = [], values = [];
  folded.replace(/[\p{L}\d\ufffd]/gu, (c, i) => {
    at.push(i);
    // 95 leaves a symbol's five bits, and 64 of what no receipt has (-1), which nothing cancels.
    values.push(SYMBOLS.indexOf(c.normalize("NFKD")[0].toUpperCase().replace("L", "1")) & 95);
  });
  // A group with its check symbol comes to nothing if its place began it.
  const wrong = (end, n) =>
    values.slice(end - 5, end).reduce((sum, value) => (sum << 1) ^ (sum & 16 && 37) ^ value, n);
  for (let i = 0; i + 25 <= at.length; i += 1) {
    if ([1, 2, 3, 4, 5].some((n) => wrong(i + n * 5, n))) continue;
    yield { rule, start: at[i], end: at[i + 24] + 1 };
  }
}
