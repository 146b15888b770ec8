// On an article: from one match to the next, copying its citation, and the selected words as a quote.
export function reading() {
  steps(document.querySelector("[data-next]"));
  contents(document.querySelector("[data-contents]"));
  citation(document.querySelector("[data-copy]"));
  placesInScan(document.querySelector("[data-scan]"));
}

// A click on a line of recognised text shows its place in the scan below the paragraph; another click hides it.
function placesInScan(text) {
  text?.addEventListener("click", async (event) => {
    const line = event.target.closest("[data-line]");
    if (!line || event.target.closest("a") || String(getSelection())) return;
    const paragraph = line.closest("p, h2, h3, .table");
    const shown = paragraph.nextElementSibling?.matches(".spot") && paragraph.nextElementSibling;
    if (shown) shown.remove();
    if (shown && shown.dataset.of === line.dataset.line) return;
    const found = await boxes();
    const [page, left, top, right, bottom] = found[line.dataset.line] ?? [];
    if (page) paragraph.after(await spot(text, line.dataset.line, page, left, top, right, bottom));
  });
}

let linesOfScan;
function boxes() {
  const address = document.querySelector('link[rel="alternate"][type="application/json"]').href;
  linesOfScan ??= fetch(address).then((answer) => answer.json()).then((found) => found.article.ocr.lines.map((one) => [one.page, ...one.box]));
  return linesOfScan;
}

const UNITS = 10000; // of a page's width and height
async function spot(text, number, page, left, top, right, bottom) {
  const picture = new Image();
  picture.src = `${text.dataset.scan}${page}.jpg`;
  await picture.decode().catch(() => {});
  const { naturalWidth: width, naturalHeight: height } = picture;
  const drawn = (name, facts) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [fact, value] of Object.entries(facts)) made.setAttribute(fact, value);
    return made;
  };
  const [x, y, across, down] = [(left * width) / UNITS, (top * height) / UNITS, ((right - left) * width) / UNITS, ((bottom - top) * height) / UNITS];
  const margin = Math.max(down, height / 60);
  const view = drawn("svg", { viewBox: `0 ${Math.max(0, y - margin)} ${width} ${down + 2 * margin}`, role: "img", "aria-label": text.dataset.spot });
  view.append(drawn("image", { href: picture.src, width, height }), drawn("rect", { x, y, width: across, height: down }));
  const whole = Object.assign(document.createElement("a"), { href: `${text.dataset.scan}${page}#d${number}`, textContent: text.dataset.spot });
  const caption = document.createElement("figcaption");
  caption.append(whole);
  const made = document.createElement("figure");
  made.className = "spot";
  made.dataset.of = number;
  if (width) made.append(view);
  made.append(caption);
  return made;
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.ariaLabel = label;
  made.addEventListener("click", () => act(made));
  return made;
}

const MAX_PLACES = 300; // ticks beside the text; more would be one bar

// From hit to hit by buttons and the keys n and N, with the number of hits and their places in the text.
function steps(place) {
  const marks = [...document.querySelectorAll(".text mark")];
  if (!place || !marks.length) return;
  const count = document.createElement("b");
  const ticks = places(marks, (chosen) => show(chosen));
  let at = -1;
  const show = (next) => {
    marks[at]?.classList.remove("now");
    ticks[at]?.classList.remove("now");
    at = (next + marks.length) % marks.length;
    marks[at].classList.add("now");
    ticks[at]?.classList.add("now");
    count.textContent = `${at + 1}/${marks.length}`;
    marks[at].tabIndex = -1; // Tab goes on from here
    marks[at].focus({ preventScroll: true });
    marks[at].scrollIntoView({ block: "center" });
  };
  const go = (step) => show(at < 0 ? (step > 0 ? first(marks) : marks.length - 1) : at + step);
  count.setAttribute("role", "status");
  place.append(" ", button("↑", place.dataset.previous, () => go(-1)), " ", button("↓", place.dataset.next, () => go(1)), " ", count);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "n" || event.key === "N") go(event.key === "n" ? 1 : -1);
  });
}

// The first hit of the opened provision, else of the text.
function first(marks) {
  const opened = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!opened) return 0;
  const found = marks.findIndex((mark) => opened.contains(mark) || opened.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING);
  return Math.max(0, found);
}

function places(marks, choose) {
  const bar = document.createElement("div");
  bar.className = "places";
  bar.ariaHidden = "true";
  if (marks.length > MAX_PLACES) return [];
  const ticks = marks.map((mark, number) => {
    const tick = document.createElement("button");
    tick.type = "button";
    tick.tabIndex = -1;
    tick.addEventListener("click", () => choose(number));
    return tick;
  });
  const set = () => {
    const all = document.documentElement.scrollHeight;
    marks.forEach((mark, number) => (ticks[number].style.top = `${((mark.getBoundingClientRect().top + scrollY) / all) * 100}%`));
  };
  bar.append(...ticks);
  document.body.append(bar);
  set();
  addEventListener("resize", set);
  return ticks;
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

// The address of this article without the query's words; the site's own address where it has one.
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

// The contents show the reader's place, close when a line is chosen, and stay closed until the reader opens them.
function contents(list) {
  if (!list) return;
  const here = list.querySelector("[data-here]");
  const links = new Map([...list.querySelectorAll('a[href^="#"]')].map((link) => [link.getAttribute("href").slice(1), link]));
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let now = null;
  const mark = () => {
    const edge = list.getBoundingClientRect().bottom + 40;
    const head = heads.findLast((each) => each.getBoundingClientRect().top <= edge) ?? null;
    if (head === now) return;
    links.get(now?.id)?.removeAttribute("aria-current");
    now = head;
    links.get(now?.id)?.setAttribute("aria-current", "location");
    here.textContent = now ? links.get(now.id).textContent : "";
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => ((waiting = false), mark()));
  }, { passive: true });
  list.addEventListener("click", (event) => event.target.closest("a") && (list.open = false));
  list.addEventListener("toggle", () => list.open && list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !list.open) return;
    list.open = false;
    list.querySelector("summary").focus();
  });
  mark();
}
