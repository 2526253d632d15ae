// What the portal's pages use of all this.

export { seal } from "./seal.js";
export { reopen, wait } from "./waiting.js";
