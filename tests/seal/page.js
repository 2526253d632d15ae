// What the test asks through the browser's own tools; and what the page's rules were broken by.

import { answer } from "./answers.js";

globalThis.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective }) => violations.push(violatedDirective));
globalThis.answer = answer;
