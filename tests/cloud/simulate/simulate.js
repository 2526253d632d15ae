// Judge calls by roles' policies: simulations as JSON on standard input, each one's result on standard output.
import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const results = [];
for (const simulation of JSON.parse(readFileSync(0, "utf8"))) {
  const response = await runSimulation(simulation, {});
  results.push(response.resultType === "error" ? JSON.stringify(response.errors) : response.overallResult);
}
process.stdout.write(JSON.stringify(results));
