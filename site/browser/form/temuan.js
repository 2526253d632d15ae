// What may tell who wrote: the rules of the doors (functions/pii/words.json), and what is said of a finding. That comes
// with the pieces, in the page's language alone; the build leaves it out of the rules.

// By a way that leads to the same files from where the tests build this.
import { rules } from "../../../functions/pii/words.js";
import raw from "../../../functions/pii/words.json";
import model from "../../../functions/pii/tagger.json";

/** The rules for a page of these pieces, in its language: see words.js. */
export const rulesOf = (parts, lang) => rules({ ...raw, categories: categories(parts, lang) }, model);

/** What is said of each kind of finding, as words.js has it: `{ kind: { label: { [lang] }, advice, masked } }`. */
function categories(parts, lang) {
  const spoken = ({ category, ...said }) => [
    category,
    Object.fromEntries(Object.entries(said).map(([name, text]) => [name, { [lang]: text }])),
  ];
  return Object.fromEntries([...parts.querySelectorAll("[data-category]")].map(({ dataset }) => spoken(dataset)));
}
