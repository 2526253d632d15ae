/* Answers for the twin, at the first argument, on the rules and the model at the others: a line of JSON {text} in, a line {findings, masked, english, pleads, categories, micros} out. */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [, , twin, rules, model] = process.argv;
const { rules: ready } = await import(twin);
const words = ready(...[rules, model].map((path) => JSON.parse(readFileSync(path, "utf8"))));

for await (const line of createInterface({ input: process.stdin })) {
  const { text } = JSON.parse(line);
  const before = process.cpuUsage();
  const findings = words.find(text);
  const { user, system } = process.cpuUsage(before);
  const answer = {
    findings,
    masked: words.mask(text, findings),
    english: words.mask(text, findings, "en"),
    pleads: words.pleadsSecrecy(text),
    categories: { id: words.categories(), en: words.categories("en") },
    micros: user + system,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
