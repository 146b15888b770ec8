// On an article: from one match to the next, copying its citation, and the selected words as a quote.
export function reading() {
  steps(document.querySelector("[data-next]"));
  citation(document.querySelector("[data-copy]"));
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.ariaLabel = label;
  made.addEventListener("click", () => act(made));
  return made;
}

function steps(place) {
  const marks = document.querySelectorAll(".text mark");
  if (!place || !marks.length) return;
  let at = -1;
  const go = (step) => {
    marks[at]?.classList.remove("now");
    at = at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length;
    marks[at].classList.add("now");
    marks[at].scrollIntoView({ block: "center" });
  };
  place.append(" ", button("↑", place.dataset.previous, () => go(-1)), " ", button("↓", place.dataset.next, () => go(1)));
}

function citation(place) {
  if (!place || !navigator.clipboard) return;
  const { copy, copied, share, print, selected } = place.dataset;
  const copier = (label, text) =>
    button(label, null, async (made) => {
      await navigator.clipboard.writeText(text());
      made.textContent = copied;
      setTimeout(() => (made.textContent = label), 1500);
    });
  for (const form of place.querySelectorAll("[data-form]")) form.append(copier(copy, () => form.querySelector("p, pre").textContent.trim()));
  const acts = document.createElement("p");
  acts.className = "acts";
  acts.append(copier(share, () => address("")), " ", button(print, null, () => window.print()));
  place.append(acts);
  selection(copier(selected, () => quotation(place.querySelector("p").textContent.trim())));
}

// The address of this article without the words that led here, and where it has a name of its own, under that.
function address(fragment) {
  const named = document.querySelector("link[rel=canonical]").getAttribute("href");
  return new URL(named, location.href).href + fragment;
}

// A button at the foot of the window while words of the text are selected.
function selection(made) {
  made.className = "pick";
  made.hidden = true;
  made.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  document.getElementById("main").append(made);
  document.addEventListener("selectionchange", () => (made.hidden = !chosen() && document.activeElement !== made));
}

function chosen() {
  const now = getSelection();
  const text = document.querySelector(".text");
  return now.rangeCount && text.contains(now.anchorNode) && text.contains(now.focusNode) ? String(now).trim() : "";
}

const WHOLE = 60; // characters up to which a text fragment holds all of a quote
const EDGE = 5; // words at either end of a longer one

function quotation(cited) {
  const quote = chosen();
  const encoded = (words) => encodeURIComponent(words).replaceAll("-", "%2D"); // a hyphen has a meaning there
  const words = quote.split(/\s+/);
  const short = quote.length <= WHOLE && !quote.includes("\n");
  const ends = short ? [words.join(" ")] : [words.slice(0, EDGE).join(" "), words.slice(-EDGE).join(" ")];
  return `“${quote.replace(/\s*\n\s*/g, "\n")}”\n${cited}\n${address("#:~:text=" + ends.map(encoded).join(","))}`;
}
