// At the head of an article or document: sharing, printing, how the text looks, reading it aloud.
export function acts() {
  const row = document.querySelector("[data-acts]");
  if (!row) return;
  const url = () => new URL(row.dataset.address, location.href).href;
  const doing = {
    share: () => navigator.share({ title: row.dataset.title, url: url() }).catch(() => {}),
    copy: async (button) => {
      await navigator.clipboard.writeText(url());
      told(button, row.dataset.done);
    },
    print: () => window.print(),
    larger: () => liked({ size: Math.min(3, size() + 1) }),
    smaller: () => liked({ size: Math.max(-1, size() - 1) }),
    wide: () => liked({ wide: !("wide" in document.documentElement.dataset) }),
    calm: () => liked({ calm: !("calm" in document.documentElement.dataset) }),
    speak: (button) => speak(button),
  };
  for (const [name, there] of [["share", navigator.share], ["copy", navigator.clipboard], ["speak", window.speechSynthesis]])
    if (!there) for (const button of row.querySelectorAll(`[data-do=${name}]`)) button.hidden = true;
  row.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) doing[button.dataset.do](button);
  });
  row.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    for (const menu of row.querySelectorAll("details[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  pressed();
}

function told(button, words) {
  const label = button.textContent;
  button.textContent = words;
  setTimeout(() => (button.textContent = label), 1500);
}

const size = () => Number(document.documentElement.dataset.size || 0);

// Keeps what the reader likes and shows the text so.
function liked(change) {
  const root = document.documentElement;
  const now = { size: size(), wide: "wide" in root.dataset, calm: "calm" in root.dataset, ...change };
  root.toggleAttribute("data-wide", now.wide);
  root.toggleAttribute("data-calm", now.calm);
  if (now.size) root.dataset.size = now.size;
  else delete root.dataset.size;
  try {
    localStorage.setItem("searchapp.reading", JSON.stringify(now));
  } catch {} // full, or forbidden: it holds for this page
  pressed();
}

function pressed() {
  for (const name of ["wide", "calm"])
    document.querySelector(`[data-do=${name}]`)?.setAttribute("aria-pressed", String(name in document.documentElement.dataset));
}

// Read aloud from sentence to sentence, the one that is heard marked.
function speak(button) {
  const voice = window.speechSynthesis;
  const label = (button.dataset.start ??= button.textContent);
  const stop = () => {
    voice.cancel();
    CSS.highlights?.delete("spoken");
    button.textContent = label;
    button.setAttribute("aria-pressed", "false");
  };
  if (button.getAttribute("aria-pressed") === "true") return stop();
  button.textContent = button.dataset.stop;
  button.setAttribute("aria-pressed", "true");
  const ranges = [...document.querySelectorAll(".text p, .text h2, .text h3, .text td")].flatMap(sentences);
  const next = () => {
    const range = ranges.shift();
    if (!range || button.getAttribute("aria-pressed") !== "true") return stop();
    if (window.Highlight) CSS.highlights.set("spoken", new Highlight(range));
    const place = range.getBoundingClientRect();
    if (place.bottom > innerHeight || place.top < 0) range.startContainer.parentElement.scrollIntoView({ block: "center" });
    const said = new SpeechSynthesisUtterance(String(range));
    said.lang = "vi-VN";
    said.voice = voice.getVoices().find((one) => one.lang.replace("_", "-") === "vi-VN") ?? null;
    said.addEventListener("end", next);
    said.addEventListener("error", stop);
    voice.speak(said);
  };
  addEventListener("pagehide", stop, { once: true });
  next();
}

// The sentences of a paragraph as ranges of its text.
function sentences(block) {
  const nodes = [];
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let from = 0; walker.nextNode(); from += walker.currentNode.length) nodes.push([walker.currentNode, from]);
  const text = block.textContent;
  const pieces = window.Intl?.Segmenter
    ? [...new Intl.Segmenter("vi", { granularity: "sentence" }).segment(text)].map((one) => [one.index, one.segment.length])
    : [[0, text.length]];
  const place = (at) => nodes.findLast(([, from]) => from <= at);
  return pieces.filter(([at, length]) => text.slice(at, at + length).trim()).map(([at, length]) => {
    const range = document.createRange();
    const [first, before] = place(at);
    const [last, start] = place(at + length - 1);
    range.setStart(first, at - before);
    range.setEnd(last, at + length - start);
    return range;
  });
}
