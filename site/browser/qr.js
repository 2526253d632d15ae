// The receipt's QR code, drawn by the browser: what it holds stays on the phone.

import { correction, generate, mode } from "lean-qr";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 4; // modules, as ISO/IEC 18004 asks

/** An SVG of an ASCII text, dark on white whatever the colour scheme, or phones will not read it. */
export function draw(text) {
  const code = generate(text, { minCorrectionLevel: correction.M, modes: [mode.ascii] });
  const side = code.size + 2 * MARGIN;
  const svg = node("svg", { viewBox: `0 0 ${side} ${side}`, "shape-rendering": "crispEdges" });
  svg.append(node("path", { fill: "#fff", d: `M0 0h${side}v${side}H0z` }), node("path", { fill: "#000", d: dark(code) }));
  return svg;
}

/** One square for each dark module. */
function dark({ size, get }) {
  let path = "";
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) if (get(x, y)) path += `M${x + MARGIN} ${y + MARGIN}h1v1h-1z`;
  return path;
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
