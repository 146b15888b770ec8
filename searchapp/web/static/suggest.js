// Suggestions under the search box: an ARIA 1.2 combobox. The script never rewrites the box while somebody types.
const WAIT = 150; // milliseconds after the last key
import { recent } from "./saved.js";

const RECENT = 6; // searches of one's own under an empty box
const KINDS = ["document", "theme", "phrase", "title", "recent"]; // in the order of their names in the page

export function suggest() {
  for (const input of document.querySelectorAll("input[data-suggest]")) combobox(input);
}

function combobox(input) {
  const form = input.form;
  const list = document.createElement("div");
  list.id = `goi-y-${form.id || "tim"}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer = 0;
  let asked = 0;
  let active = -1;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (at) => {
    active = at;
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options()[at].id);
  };
  const show = (found) => {
    const names = input.dataset.suggestKinds.split("|");
    const rows = found.map((one, number) => [one.kind, row(one, `${list.id}-${number}`, input.value)]);
    list.replaceChildren(...KINDS.map((kind, at) => group(names[at], rows.filter(([own]) => own === kind))).filter(Boolean));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    point(-1);
  };
  const ask = async () => {
    const text = input.value;
    const mine = ++asked;
    if (!text.trim()) return show(recent().slice(0, RECENT).map((one) => ({ kind: "recent", text: one.title, url: one.url })));
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`);
      const told = answer.ok ? await answer.json() : { suggestions: [] };
      if (mine === asked && document.activeElement === input) show(told.suggestions); // a stale answer is dropped
    } catch {
      close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("click", () => input.value || ask());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the input method
    if (event.key === "ArrowDown" && !input.value && list.hidden) ask();
    const count = options().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count && !list.hidden) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      point(active < 0 && step < 0 ? count - 1 : active + step >= count ? -1 : Math.max(-1, active + step));
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      options()[active].click();
    } else if (event.key === "Escape") {
      if (!list.hidden) {
        event.preventDefault();
        close();
      }
    }
  });
  input.addEventListener("blur", () => setTimeout(close, WAIT));
  form.addEventListener("submit", () => {
    ++asked;
    clearTimeout(timer);
    close();
  });
}

// The suggestions of one kind under its name; the order of the answer is that of the kinds.
function group(name, rows) {
  if (!rows.length) return null;
  const item = document.createElement("div");
  item.setAttribute("role", "group");
  item.setAttribute("aria-label", name);
  const head = Object.assign(document.createElement("small"), { className: "kind", textContent: name, ariaHidden: "true" });
  item.append(head, ...rows.map(([, option]) => option));
  return item;
}

const plain = (letter) => letter.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

// The text with the part that was typed in bold, whatever its accents.
function marked(text, typed) {
  const letters = [...text.normalize("NFC")];
  const folded = letters.map(plain);
  const sought = [...typed.trim().normalize("NFC")].map(plain);
  const at = sought.length ? folded.findIndex((_, from) => sought.every((one, n) => folded[from + n] === one)) : -1;
  if (at < 0) return [text];
  const bold = Object.assign(document.createElement("b"), { textContent: letters.slice(at, at + sought.length).join("") });
  return [letters.slice(0, at).join(""), bold, letters.slice(at + sought.length).join("")];
}

function row(one, id, typed) {
  const item = document.createElement("div");
  item.id = id;
  item.setAttribute("role", "option");
  const count = document.createElement("small");
  count.textContent = one.count ? one.count.toLocaleString(document.documentElement.lang) : "";
  const said = document.createElement("div");
  said.append(...(one.kind === "recent" ? [one.text] : marked(one.text, typed)));
  if (one.note) said.append(Object.assign(document.createElement("small"), { textContent: one.note }));
  item.append(said, count);
  item.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps its focus until the click
  // No link inside: an option is one thing to a screen reader. Ctrl or the middle button opens another tab all the same.
  item.addEventListener("click", (event) => go(one.url, event.ctrlKey || event.metaKey));
  item.addEventListener("auxclick", (event) => event.button === 1 && go(one.url, true));
  return item;
}

function go(url, elsewhere) {
  if (elsewhere) open(url, "_blank", "noopener");
  else location.assign(url);
}
