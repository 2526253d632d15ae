// What the report form needs once somebody writes in it, as one file: on a slow line each file by itself costs a head of
// its own, and words that another one has said before. Built into site/assets/formulir.js; these are what to read.

export { begin } from "./periksa.js";
export { prepare } from "./tunda.js";
