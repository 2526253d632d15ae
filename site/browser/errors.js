// Why nothing was sealed.

/**
 * `code` is for the caller's own words: "unsupported" (this browser cannot), "keys" (the published keys are missing
 * or not what they claim), "report" (a field is not in its final form). The message is for the console and holds
 * nothing that was written.
 */
export class SealError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "SealError";
    this.code = code;
  }
}
