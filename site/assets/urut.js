// Sorts the barometer's ranking by a column and shows two agencies beside each other. Without it the table stands in
// the order that the page names.
const table = document.querySelector(".rank");
const body = table.tBodies[0];
const rows = [...body.rows];
const heads = [...table.tHead.rows[0].cells];
const key = (row, at) => (at ? Number(row.cells[at].dataset.n) : row.cells[0].textContent);

heads.forEach((head, at) => {
  const button = document.createElement("button");
  button.append(...head.childNodes);
  head.append(button);
  button.onclick = () => {
    // Days and names begin with the least, shares and counts with the most.
    const up = head.ariaSort ? head.ariaSort === "descending" : at < 2;
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    rows.sort((a, b) => (at ? key(a, at) - key(b, at) : key(a, 0).localeCompare(key(b, 0))) * (up ? 1 : -1));
    body.append(...rows);
  };
});

const pair = document.createElement("div");
pair.className = "pair";
const choices = [table.dataset.one, table.dataset.two].map((words) => {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.append(new Option(table.dataset.all, ""));
  [...rows].sort((a, b) => key(a, 0).localeCompare(key(b, 0))).forEach((row) => select.append(new Option(key(row, 0))));
  label.append(words, select);
  pair.append(label);
  return select;
});
pair.onchange = () => {
  const chosen = choices.map((each) => each.value).filter(Boolean);
  rows.forEach((row) => {
    row.hidden = chosen.length > 0 && !chosen.includes(key(row, 0));
  });
};
table.before(pair);
