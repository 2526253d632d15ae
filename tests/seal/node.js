// A line of JSON in, a line of JSON out.

import { createInterface } from "node:readline";
import { answer } from "./answers.js";

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
