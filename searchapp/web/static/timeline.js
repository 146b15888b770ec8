// Dragging over the timeline, or Shift with an arrow key and Enter, narrows the results to those days;
// a click on a bar stays a link, and arrow keys walk from bar to bar.
import { show } from "./results.js";

const CLICK = 6; // pixels that a click may tremble

export function timeline() {
  addEventListener("pointerdown", (event) => {
    const svg = event.target.closest?.("#page .time svg");
    if (!svg || event.button || event.pointerType === "touch") return; // a finger scrolls
    const from = event.clientX;
    const band = document.createElementNS(svg.namespaceURI, "rect");
    band.setAttribute("class", "band");
    band.setAttribute("height", svg.getAttribute("height"));
    const move = (now) => {
      const [left, right] = span(svg, from, now.clientX);
      if (right - left < CLICK) return;
      band.setAttribute("x", left);
      band.setAttribute("width", right - left);
      svg.prepend(band);
    };
    const done = (now) => {
      removeEventListener("pointermove", move);
      band.remove();
      if (now.type === "pointerup") chosen(svg, ...span(svg, from, now.clientX));
    };
    event.preventDefault(); // no dragging of links
    addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, done, { once: true });
  });
  addEventListener("keydown", (event) => {
    const bar = event.target.closest?.("#page .time svg a");
    if (bar) walk(event, bar);
  });
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

// The bar where Shift was pressed first, while a span is being chosen.
let anchor = null;

function walk(event, bar) {
  const svg = bar.ownerSVGElement;
  const bars = [...svg.querySelectorAll("a")];
  const at = bars.indexOf(bar);
  if (event.key === "Enter" && anchor?.isConnected && anchor !== bar) {
    event.preventDefault();
    const ends = [bars.indexOf(anchor), at].sort((one, other) => one - other);
    anchor = null;
    return between(bars[ends[0]], bars[ends[1]]);
  }
  if (event.key === "Escape") anchor = null;
  else if (!(event.key in STEPS)) return;
  else {
    event.preventDefault();
    const next = bars[Math.max(0, Math.min(bars.length - 1, at + STEPS[event.key]))];
    anchor = event.shiftKey ? (anchor?.isConnected ? anchor : bar) : null;
    bars.forEach((one) => one.setAttribute("tabindex", one === next ? 0 : -1));
    next.focus();
    bar = next;
  }
  const ends = [bars.indexOf(anchor ?? bar), bars.indexOf(bar)];
  bars.forEach((one, n) => one.classList.toggle("held", !!anchor && n >= Math.min(...ends) && n <= Math.max(...ends)));
}

function span(svg, one, other) {
  const left = svg.getBoundingClientRect().left;
  return [Math.min(one, other) - left, Math.max(one, other) - left];
}

function chosen(svg, left, right) {
  if (right - left < CLICK) return;
  const start = svg.getBoundingClientRect().left;
  const inside = [...svg.querySelectorAll("a")].filter((bar) => {
    const box = bar.querySelector(".bar").getBoundingClientRect();
    return box.right - start > left && box.left - start < right;
  });
  if (!inside.length) return;
  svg.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
  between(inside[0], inside.at(-1));
}

function between(one, other) {
  const [first, last] = [one, other].map((bar) => new URL(bar.getAttribute("href"), location.href));
  first.searchParams.set("den", last.searchParams.get("den"));
  show(first, "push");
}
