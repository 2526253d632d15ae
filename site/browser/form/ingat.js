// After "I have saved the code": one group is asked back, on this page alone, so that a wrong copy shows while the code can
// still be read. Nothing is counted, and nothing leaves the phone.

const MEANT = { O: "0", I: "1", L: "1" };

/** As functions/casework/receipt.py reads what people type. */
const plain = (typed) => typed.toUpperCase().replace(/[\s\-\u2013\u2014_.]/g, "").replace(/[OIL]/g, (sign) => MEANT[sign]);

/** `receiptView`: title and nodes of the page that shows the code; `kept` is called once it is known to be kept. */
export function askBack({ page, receipt, receiptView, kept }) {
  const groups = receipt.split("-");
  const nth = crypto.getRandomValues(new Uint32Array(1))[0] % groups.length;
  const { title, body } = page.copy("kept"), form = body.querySelector("form");
  const name = (root) => root.querySelectorAll("[data-part=group]").forEach((place) => (place.textContent = nth + 1));
  const showCode = (wrong) => {
    const [notYet] = receiptView.nodes;
    name(notYet);
    notYet.hidden = !wrong;
    page.show(receiptView.title, receiptView.nodes);
  };
  name(body);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (![groups[nth], groups.join("")].includes(plain(form.elements.answer.value))) return showCode(true);
    kept();
    const done = page.copy("fits");
    page.show(done.title, done.body.children);
  });
  body.querySelector("[data-part=again]").addEventListener("click", () => showCode(false));
  body.querySelector("[data-part=skip]").addEventListener("click", kept);
  page.show(title, body.children);
  form.elements.answer.focus();
}
