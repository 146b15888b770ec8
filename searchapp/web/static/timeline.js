// Dragging over the timeline narrows the results to those days; a click on a bar stays a link.
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
  const [first, last] = [inside[0], inside.at(-1)].map((bar) => new URL(bar.getAttribute("href"), location.href));
  first.searchParams.set("den", last.searchParams.get("den"));
  show(first, "push");
}
