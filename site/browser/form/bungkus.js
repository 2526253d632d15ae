// A sealed report as it is posted (functions/intake/packed.py): its clear fields as JSON, its envelopes as they are. In
// base64 they weigh a third more.
const ENVELOPES = ["wrap_receipt", "wrap_desk", "subject", "words"];
const OF_THE_NAMED = ["identity_wrap_receipt", "identity_wrap_custody", "identity_sealed", "contact"];
const OF_THE_SPLIT = ["identity_wrap_talk", "identity_shares"];

/** What to post, `{ body, headers }`, of what `seal` gave as `body` and what goes with it. */
export async function packed(fields) {
  const report = { ...fields, lengths: {} }, parts = [];
  for (const name of [...ENVELOPES, ...OF_THE_NAMED, ...OF_THE_SPLIT].filter((known) => fields[known])) {
    const bytes = Uint8Array.from(atob(fields[name]), (symbol) => symbol.charCodeAt(0));
    delete report[name];
    report.lengths[name] = bytes.length;
    parts.push(bytes);
  }
  const form = new FormData();
  form.append("report", JSON.stringify(report));
  form.append("envelopes", new Blob(parts), "-");
  // As bytes, since browsers do not show what a form's blob holds: whoever looks is to see all that leaves.
  const made = new Response(form);
  return { headers: { "Content-Type": made.headers.get("Content-Type") }, body: await made.arrayBuffer() };
}
