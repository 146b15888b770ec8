// <tim-kiem>: this archive's search in any page. One file, nothing to build, nothing kept; see docs/embedding.md.
// It makes text nodes, never markup, and one constructed style sheet, so that it runs under the strictest CSP.

const HERE = new URL(/* @vite-ignore */ "../../", import.meta.url); // /embed/v1/tim-kiem.js: two steps up is where the site is mounted
const WAIT = 150; // milliseconds after the last key
const SPEAK = 400; // before the status is said, so that quick changes are said once
const SLOW = 3000; // until the reader is told to wait
const PATIENCE = 15000; // until a question is given up
const MODES = ["goi-y", "ket-qua", "danh-sach", "dialog"]; // suggestions, results, results alone, suggestions in a dialog (Ctrl-K)
const ROOM = 160; // pixels below the box that suggestions need, else they stand above it
const GAP = 4;
const SIZES = [10, 20, 50];
const LOCKS = { "van-ban": "van_ban", "chu-de": "chu_de", nguon: "nguon", tu: "tu", den: "den" };
const OPTIONS = 6; // titles under the box where filters are locked
const LEAN = { fields: "title,url,snippet,date,source,provision", facets: "none" };

const TEXTS = {
  vi: {
    search: "Tìm kiếm", go: "Tìm", placeholder: "Tìm nghị quyết, chỉ thị, bài viết…", suggestions: "Gợi ý", close: "Đóng",
    kinds: { document: "Văn bản", theme: "Chủ đề", phrase: "Cụm từ", title: "Bài viết" },
    list: "Kết quả", options: (n) => `${n} gợi ý`, none: "Không có bài nào khớp", undated: "Không rõ ngày", untitled: "Không có tiêu đề",
    found: (n, q) => `${n} kết quả${q && ` cho “${q}”`}`, more: "Xem thêm", all: "Mở trang tìm kiếm đầy đủ", means: "Có phải bạn tìm",
    wider: "Ít bài có các từ này gần nhau; danh sách gồm cả những bài có phần lớn các từ.",
    corrected: (q) => `Hiển thị kết quả cho “${q}”.`,
    slow: "Máy chủ trả lời chậm, xin đợi…", late: "Máy chủ chưa trả lời.", offline: "Máy đang không có mạng.",
    down: "Không nối được tới máy chủ tìm kiếm.", busy: "Máy chủ đang bận.", again: "Thử lại",
    api: "Thuộc tính api phải là một địa chỉ http hoặc https.",
  },
  en: {
    search: "Search", go: "Search", placeholder: "Search resolutions, directives, articles…", suggestions: "Suggestions", close: "Close",
    kinds: { document: "Documents", theme: "Themes", phrase: "Phrases", title: "Articles" },
    list: "Results", options: (n) => `${n} suggestion${n === 1 ? "" : "s"}`, none: "Nothing matches", undated: "Date unknown", untitled: "Untitled",
    found: (n, q, one) => `${n} result${one ? "" : "s"}${q && ` for “${q}”`}`, more: "More", all: "Open the full search", means: "Did you mean",
    wider: "Few articles have these words near each other; the list includes those with most of them.",
    corrected: (q) => `Showing results for “${q}”.`,
    slow: "The server is slow, please wait…", late: "The server has not answered.", offline: "You are offline.",
    down: "The search server cannot be reached.", busy: "The server is busy.", again: "Try again",
    api: "The attribute api must be an http or https address.",
  },
};

// Sizes in px and em: a host may set any font-size on <html>. Colours follow the host's color-scheme.
const CSS = `
:host { display: block }
:host([hidden]) { display: none }
.root {
  all: initial; display: block; direction: ltr; unicode-bidi: isolate; text-align: left; color-scheme: inherit;
  --paper: var(--tim-kiem-paper, #fff); --ink: var(--tim-kiem-ink, #1d2126); --soft: var(--tim-kiem-soft, #565e68);
  --line: var(--tim-kiem-line, #8a8578); --accent: var(--tim-kiem-accent, #9f1d1d); --on-accent: var(--tim-kiem-on-accent, #fff);
  --link: var(--tim-kiem-link, #1f4b7a); --mark: var(--tim-kiem-mark, #ffe9a8); --radius: var(--tim-kiem-radius, 8px);
  font-family: var(--tim-kiem-font, inherit); font-size: var(--tim-kiem-size, 16px); line-height: 1.5; color: var(--ink); overflow-wrap: anywhere;
}
:host([giao-dien=sang]) .root { color-scheme: light }
:host([giao-dien=toi]) .root { color-scheme: dark }
@supports (color: light-dark(red, red)) {
  .root {
    --paper: var(--tim-kiem-paper, light-dark(#fff, #1c1f24)); --ink: var(--tim-kiem-ink, light-dark(#1d2126, #e8e6e1));
    --soft: var(--tim-kiem-soft, light-dark(#565e68, #a6acb4)); --line: var(--tim-kiem-line, light-dark(#8a8578, #767b83));
    --accent: var(--tim-kiem-accent, light-dark(#9f1d1d, #e88d86)); --on-accent: var(--tim-kiem-on-accent, light-dark(#fff, #17191c));
    --link: var(--tim-kiem-link, light-dark(#1f4b7a, #93bbea)); --mark: var(--tim-kiem-mark, light-dark(#ffe9a8, #4d3f12));
  }
}
@supports (color: light-dark(red, red)) and (color: oklch(from red l c h)) {
  .root { /* an accent chosen for a light page keeps 4.5:1 on a dark one: it is made lighter, what stands on it darker */
    --accent: light-dark(var(--tim-kiem-accent, #9f1d1d), oklch(from var(--tim-kiem-accent, #e88d86) max(l, .74) c h));
    --on-accent: light-dark(var(--tim-kiem-on-accent, #fff), oklch(from var(--tim-kiem-on-accent, #17191c) min(l, .22) c h));
    --link: light-dark(var(--tim-kiem-link, #1f4b7a), oklch(from var(--tim-kiem-link, #93bbea) max(l, .74) c h));
  }
}
*, ::before, ::after { box-sizing: border-box }
[hidden] { display: none !important }
.top { position: relative }
form { display: flex; margin: 0; background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius) }
form:focus-within { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent) }
input, button { font: inherit; color: inherit; margin: 0; min-height: 2.75em; border: 0 }
input { flex: 1; min-width: 0; padding: .5em .9em; background: none; outline: 0; appearance: none; border-radius: var(--radius) }
input::placeholder { color: var(--soft); opacity: 1 }
input::-webkit-search-cancel-button { filter: grayscale(1) }
button { cursor: pointer; padding: .4em 1.2em; font-weight: 600; background: var(--accent); color: var(--on-accent); border-radius: var(--radius) }
form button { border-radius: 0 calc(var(--radius) - 1px) calc(var(--radius) - 1px) 0 }
a { color: var(--link); text-decoration: none }
a:hover, .means { text-decoration: underline }
:is(a, button):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
form button:focus-visible { outline-color: var(--on-accent); outline-offset: -5px }
ul, ol, p { margin: 0; padding: 0; list-style: none }
[role=listbox] { position: absolute; z-index: var(--tim-kiem-z, 1000); inset: calc(100% + 4px) 0 auto; max-height: 60vh; overflow: auto; padding: .3em 0; background: var(--paper);
  border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 8px 24px rgb(0 0 0 / .2) }
@supports selector(:popover-open) { [role=listbox] { position: fixed; inset: auto; margin: 0; color: inherit } }
[role=group] > b { display: block; padding: .4em 1.05em .1em; color: var(--soft); font-size: .8125em; font-weight: 600 }
dialog { width: min(40em, 94vw); margin: 10vh auto auto; padding: 1em; border: 1px solid var(--line); border-radius: var(--radius); background: var(--paper); color: var(--ink) }
dialog::backdrop { background: rgb(0 0 0 / .45) }
dialog > button { margin-top: .8em }
[part=opener] { display: flex; gap: 1em; align-items: center; border: 1px solid var(--line); background: var(--paper); color: var(--soft); font-weight: 400 }
kbd { font: inherit; font-size: .8125em; padding: 0 .4em; border: 1px solid var(--line); border-radius: 4px }
[role=option] { display: flex; gap: .8em; padding: .45em .9em; cursor: pointer }
[role=option] > small { margin-left: auto; white-space: nowrap }
[role=option] span small { display: block }
[role=option]:hover, [aria-selected=true] { background: var(--mark) }
small, .meta, .said { color: var(--soft); font-size: .875em }
.body { background: var(--paper); border-radius: var(--radius) }
.body:not(:empty) { padding: .6em .9em }
.said { margin: .2em 0 }
li.hit { padding: .7em 0 }
li.hit + li.hit { border-top: 1px solid color-mix(in srgb, var(--line) 45%, transparent) }
.hit a { font-weight: 600 }
mark { background: var(--mark); color: inherit }
.means { background: none; color: var(--link); padding: 0; min-height: 0 }
.busy { opacity: .55 }
.foot { display: flex; flex-wrap: wrap; gap: .5em 1.2em; align-items: center; padding-top: .5em }
.hide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (prefers-reduced-motion: no-preference) { .body { transition: opacity .15s } }
@media (forced-colors: active) { form:focus-within, [aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px } button { border: 1px solid ButtonText } }
`;
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(CSS);

class Failure extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

let count = 0; // ids need only be different inside of one shadow tree; labels outside may name them

class TimKiem extends HTMLElement {
  static observedAttributes = ["api", "placeholder", "label", "mode", "lang", "q", "so", "sap-xep", ...Object.keys(LOCKS)];

  #shadow = this.attachShadow({ mode: "open" });
  #spot = new CSSStyleSheet(); // where the list stands: a host's CSP may forbid inline styles
  #parts = null; // the elements that change
  #life = null; // ends when the element leaves the page
  #asking = null; // the question under way
  #typing = 0;
  #speaking = 0;
  #active = -1; // the option pointed at
  #repeat = null; // the step of "try again"
  #planned = false;

  get q() { return this.#parts ? this.#parts.input.value : this.getAttribute("q") ?? ""; }
  set q(text) { this.setAttribute("q", text); }

  get mode() { return MODES.includes(this.getAttribute("mode")) ? this.getAttribute("mode") : MODES[0]; }
  set mode(name) { this.setAttribute("mode", name); }

  get #suggesting() { return this.mode === "goi-y" || this.mode === "dialog"; }

  get #options() { return [...this.#parts.list.querySelectorAll("[role=option]")]; }

  focus(options) {
    const { dialog, opener, input } = this.#parts ?? {};
    (dialog && !dialog.open ? opener : input)?.focus(options);
  }

  // Show the dialog of mode="dialog", or hide it.
  open() {
    const { dialog, input } = this.#parts ?? {};
    if (!dialog || dialog.open) return;
    dialog.showModal();
    input.focus();
    input.select();
    this.#fire("open", {});
  }

  close() {
    this.#parts?.dialog?.close();
  }

  // Search for a text as if the visitor had typed and sent it.
  search(text = this.q) {
    if (!this.#parts) return this.setAttribute("q", text);
    this.#parts.input.value = text;
    this.#go();
  }

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    if (!this.#parts) this.#build();
    this.#upgrade();
    this.#dress();
    addEventListener("online", () => this.#repeat?.(), { signal });
    addEventListener("keydown", (event) => this.#shortcut(event), { signal });
    for (const kind of ["scroll", "resize"]) addEventListener(kind, () => this.#place(), { signal, capture: true, passive: true });
    const parsed = document.readyState !== "loading"; // else the fallback's own fields may still be to come
    if (parsed) this.#takeOver();
    else document.addEventListener("DOMContentLoaded", () => this.#takeOver(), { signal });
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#stop();
    clearTimeout(this.#speaking);
    this.#close();
  }

  attributeChangedCallback(name, _, after) {
    if (!this.isConnected || !this.#parts) return;
    if (name === "q") this.#parts.input.value = after ?? "";
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => { // several attributes changed together are one change
      this.#planned = false;
      if (!this.isConnected) return;
      this.#stop();
      this.#dress();
      this.#show();
    });
  }

  // Properties that a framework set before this script arrived.
  #upgrade() {
    for (const name of ["q", "mode", ...Object.keys(REFLECTED)]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  #shortcut(event) {
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key?.toLowerCase() === "k";
    if (!asked || event.defaultPrevented || this.mode !== "dialog") return;
    event.preventDefault(); // only the first dialog of a page opens
    this.open();
  }

  // Words typed before this script arrived stay; fields leave a form of the host.
  #takeOver() {
    const fields = [...this.querySelectorAll("input, button, select, textarea")];
    const first = fields.find((one) => one.matches("input:not([type=hidden])"));
    const { input } = this.#parts;
    if (!input.value) input.value = this.getAttribute("q") ?? first?.value ?? "";
    if (!this.hasAttribute("placeholder") && first?.placeholder) input.placeholder = first.placeholder;
    if (first && first === document.activeElement) input.focus();
    for (const field of fields) if (field.form && !this.contains(field.form)) field.setAttribute("form", "");
    this.#show();
  }

  #build() {
    const id = `tim-kiem-${++count}`;
    const input = make("input", { type: "search", id, part: "input", maxlength: 512, autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search" });
    const label = make("label", { class: "hide", for: id });
    const button = make("button", { part: "button" });
    const list = make("div", { id: `${id}-list`, role: "listbox", part: "list", hidden: "", popover: "manual" });
    const form = make("form", { role: "search", part: "form" }, label, input, button);
    const body = make("div", { class: "body", part: "results" });
    const status = make("p", { class: "hide", role: "status" });
    const top = make("div", { class: "top" }, form, list);
    const root = make("div", { class: "root", part: "root", dir: "ltr" }, top, body, status);
    this.#parts = { root, top, form, label, input, button, list, body, status };
    this.#shadow.adoptedStyleSheets = [SHEET, this.#spot];
    this.#shadow.append(root);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go();
    });
    input.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#typed(), WAIT);
    });
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps its focus until the click
    // Single letters are typed text: the host's shortcuts see only this element and would take them for commands.
    for (const kind of ["keydown", "keypress", "keyup"]) root.addEventListener(kind, (event) => {
      if (event.target === input && event.key.length === 1 && !event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
  }

  // The box in a dialog behind a button, or as it was.
  #frame() {
    const { root, top, body, dialog, opener } = this.#parts;
    if ((this.mode === "dialog") === Boolean(dialog)) return;
    if (dialog) {
      dialog.replaceWith(top, body);
      opener.remove();
      this.#parts.dialog = this.#parts.opener = this.#parts.closer = null;
      return;
    }
    const fresh = { opener: make("button", { type: "button", part: "opener", "aria-haspopup": "dialog" }), closer: make("button", { type: "button", part: "button" }) };
    fresh.dialog = make("dialog", { part: "dialog" }, top, body, fresh.closer);
    Object.assign(this.#parts, fresh);
    root.prepend(fresh.opener, fresh.dialog);
    fresh.opener.addEventListener("click", () => this.open());
    fresh.closer.addEventListener("click", () => this.close());
    fresh.dialog.addEventListener("click", (event) => event.target === fresh.dialog && this.close());
    fresh.dialog.addEventListener("close", () => this.#close());
  }

  // Words, roles and visible parts, from the attributes.
  #dress() {
    this.#frame();
    const { root, form, label, input, button, list, body, dialog, opener, closer } = this.#parts;
    const says = this.#says;
    root.lang = this.#lang;
    if (dialog) {
      dialog.ariaLabel = this.getAttribute("label") || says.search;
      closer.textContent = says.close;
      opener.replaceChildren(this.getAttribute("placeholder") ?? says.search, make("kbd", {}, /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ K" : "Ctrl K"));
    }
    label.textContent = says.search;
    form.ariaLabel = this.getAttribute("label") || says.search;
    form.hidden = this.mode === "danh-sach";
    button.textContent = says.go;
    input.placeholder = this.getAttribute("placeholder") ?? says.placeholder;
    list.ariaLabel = says.suggestions;
    body.replaceChildren();
    this.#close();
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(combobox)) {
      if (this.#suggesting) input.setAttribute(name, value);
      else input.removeAttribute(name);
    }
  }

  get #lang() {
    const asked = this.getAttribute("lang") || this.closest("[lang]")?.lang || "vi";
    return asked.toLowerCase().startsWith("en") ? "en" : "vi";
  }

  get #says() { return TEXTS[this.#lang]; }

  get #size() {
    const wanted = Number.parseInt(this.getAttribute("so"), 10);
    return wanted > 0 ? Math.min(wanted, 50) : SIZES[0];
  }

  get #locked() { return Object.keys(LOCKS).some((name) => this.getAttribute(name)); }

  // An address of the server; throws a Failure where `api` is none.
  #address(path, q, more = {}) {
    let url;
    try {
      url = new URL(this.getAttribute("api") || HERE, HERE);
    } catch {
      throw new Failure(this.#says.api);
    }
    if (!/^https?:$/.test(url.protocol)) throw new Failure(this.#says.api);
    url = new URL(url.origin + url.pathname.replace(/\/*$/, "/") + path);
    if (q) url.searchParams.append("q", q);
    for (const [name, parameter] of Object.entries(LOCKS)) {
      for (const value of (this.getAttribute(name) ?? "").split("|")) if (value.trim()) url.searchParams.append(parameter, value.trim());
    }
    for (const [name, value] of Object.entries({ sap_xep: this.getAttribute("sap-xep"), lang: this.#lang === "en" && "en", ...more })) {
      if (value) url.searchParams.append(name, value);
    }
    return url;
  }

  // The server's answer, null when nobody waits for it any more. Throws a Failure with words for the reader.
  async #ask(url) {
    this.#asking?.abort();
    const mine = (this.#asking = new AbortController());
    const says = this.#says;
    const slow = setTimeout(() => this.#notice(says.slow), SLOW);
    let late = false;
    const end = setTimeout(() => {
      late = true;
      mine.abort();
    }, PATIENCE);
    try {
      const answer = await fetch(url, { signal: mine.signal, credentials: "omit", headers: { Accept: "application/json" } });
      const told = await answer.json().catch((error) => (mine.signal.aborted ? Promise.reject(error) : {}));
      if (mine !== this.#asking) return null;
      this.#parts.body.querySelector("[part=notice]")?.remove();
      if (!answer.ok || told.ok !== true) throw new Failure(told.error || (answer.status === 429 ? says.busy : says.down), answer.status);
      return told;
    } catch (error) {
      if (mine !== this.#asking) return null;
      if (error instanceof Failure) throw error;
      throw new Failure(late ? says.late : navigator.onLine === false ? says.offline : says.down);
    } finally {
      clearTimeout(slow);
      clearTimeout(end);
    }
  }

  #stop() {
    clearTimeout(this.#typing);
    this.#asking?.abort();
    this.#asking = this.#repeat = null;
  }

  #fire(name, detail) {
    return this.dispatchEvent(new CustomEvent(`tim-kiem:${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  // Run a step; show a failure with a way to try again.
  async #try(step) {
    this.#repeat = null;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#repeat = () => this.#try(step);
      this.#close();
      this.#fire("error", { message: error.message, status: error.status });
      this.#notice(error.message, error.status !== 400 && this.#repeat);
    }
  }

  #notice(text, again) {
    const { body } = this.#parts;
    body.classList.remove("busy");
    body.querySelector("[part=notice]")?.remove();
    const notice = make("p", { class: "said", part: "notice" }, text);
    if (again) {
      const button = make("button", { type: "button", part: "button" }, this.#says.again);
      button.addEventListener("click", () => again());
      notice.append(" ", button);
    }
    body.prepend(notice);
    this.#speak(text);
  }

  #speak(text) {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => (this.#parts.status.textContent = text), SPEAK);
  }

  // Show results before the first key, where the element has any.
  #show() {
    if (this.mode === "danh-sach" || (this.mode === "ket-qua" && this.q.trim())) this.#try(() => this.#results());
  }

  #typed() {
    if (this.mode === "ket-qua") this.#try(() => this.#results());
    else this.#try(() => this.#suggest());
  }

  // Enter or the button: results in place, else the server's own page.
  #go() {
    this.#stop();
    this.#close();
    if (!this.#suggesting) return this.#try(() => this.#results());
    this.#try(async () => {
      const url = this.#address("tim-kiem", this.q.trim()).href;
      if (this.#fire("search", { q: this.q.trim(), url })) location.assign(url);
    });
  }

  async #suggest() {
    const q = this.q.trim();
    if (!q) {
      this.#stop();
      return this.#close();
    }
    const url = this.#locked ? this.#address("api/v1/search", q, LEAN) : this.#address("api/v1/suggest", this.q);
    const told = await this.#ask(url);
    if (!told) return;
    this.#parts.body.replaceChildren();
    const rows = told.suggestions ?? told.results.slice(0, OPTIONS).map((one) => ({ kind: "title", text: one.title, url: one.url, date: one.date }));
    const groups = grouped(rows);
    let at = 0;
    const parts = [...groups].map(([kind, some]) => [kind, some.map((one) => this.#option(one, at++)).filter(Boolean)]);
    const options = parts.flatMap(([, some]) => some);
    if (this.#shadow.activeElement !== this.#parts.input) return;
    this.#parts.list.replaceChildren(...parts.filter(([, some]) => some.length).map(([kind, some]) => this.#group(kind, some)));
    this.#offer(options.length > 0);
    this.#parts.input.setAttribute("aria-expanded", String(options.length > 0));
    this.#point(-1);
    this.#speak(options.length ? this.#says.options(options.length) : "");
  }

  // Options of one kind under its name; a kind that a newer server sends has none.
  #group(kind, options) {
    const name = this.#says.kinds[kind] ?? "";
    const group = make("div", { role: "group", part: "group" }, name ? make("b", { "aria-hidden": "true" }, name) : "", ...options);
    if (name) group.ariaLabel = name;
    return group;
  }

  // The list stands in the top layer, where no box of the host cuts it off.
  #offer(shown) {
    const { list } = this.#parts;
    list.hidden = !shown;
    if (!list.showPopover) return;
    const open = list.matches(":popover-open");
    if (shown && !open) list.showPopover();
    if (!shown && open) list.hidePopover();
    this.#place();
  }

  #place() {
    const { list, form } = this.#parts;
    if (list.hidden || !list.showPopover) return;
    const { top, bottom, left, width } = form.getBoundingClientRect();
    const below = innerHeight - bottom - 2 * GAP;
    const above = top - 2 * GAP;
    const over = below < ROOM && above > below;
    const edge = over ? `bottom: ${innerHeight - top + GAP}px` : `top: ${bottom + GAP}px`;
    this.#spot.replaceSync(`[role=listbox] { ${edge}; left: ${left}px; width: ${width}px; max-height: ${Math.max(80, Math.min(over ? above : below, innerHeight * 0.6))}px }`);
  }

  #option(one, at) {
    const aside = one.count ? one.count.toLocaleString(this.#lang) : one.date ? when(one.date, this.#lang) : "";
    const url = this.#followable(one.url);
    if (!url) return null;
    const option = make("div", { role: "option", part: "option", id: `${this.#parts.list.id}-${at}`, "aria-selected": "false" });
    const said = make("span", {}, one.text);
    if (one.note) said.append(make("small", {}, one.note));
    option.append(said, make("small", {}, aside));
    // No link inside: screen readers do not announce it. The option behaves like a link all the same.
    const follow = (event) => {
      if (event.button > 1 || !this.#fire("select", { kind: one.kind, text: one.text, url })) return;
      if (event.button === 1 || event.ctrlKey || event.metaKey) open(url, "_blank", "noopener");
      else location.assign(url);
    };
    option.addEventListener("click", follow);
    option.addEventListener("auxclick", follow);
    return option;
  }

  // The server's address in full; "" where nobody may follow it.
  #followable(address) {
    try {
      const url = new URL(address, this.#address(""));
      return /^https?:$/.test(url.protocol) ? url.href : "";
    } catch {
      return "";
    }
  }

  // A link to the server's pages that tells the host when it is followed; null where the address is none.
  #link(address, text, kind, part) {
    const url = this.#followable(address);
    if (!url) return null;
    const link = make("a", { href: url, part }, text || this.#says.untitled);
    link.addEventListener("click", (event) => {
      if (!this.#fire("select", { kind, text, url: link.href })) event.preventDefault();
    });
    return link;
  }

  async #results() {
    const { body } = this.#parts;
    const q = this.q.trim();
    if (!q && this.mode === "ket-qua") {
      this.#stop();
      body.classList.remove("busy");
      return body.replaceChildren();
    }
    body.classList.add("busy");
    const size = SIZES.find((one) => one >= this.#size);
    const told = await this.#ask(this.#address("api/v1/search", q, { ...LEAN, so: size === SIZES[0] ? "" : size }));
    if (!told) return;
    body.classList.remove("busy");
    const all = this.#link(this.#address("tim-kiem", q).href, this.#says.all, "all", "all");
    const foot = make("p", { class: "foot" }, all);
    const list = make("ol", { part: "hits", role: "list" }, ...this.#hits(told.results.slice(0, this.#size), q));
    list.ariaLabel = this.#says.list;
    body.replaceChildren(...this.#summary(told, q), list, foot);
    this.#more(told, list, foot, q);
    this.#fire("search", { q, total: told.total, url: all.href });
  }

  // The number of results, the reading of the words, and the documents that they name.
  #summary(told, q) {
    const says = this.#says;
    const head = told.total ? says.found(told.total.toLocaleString(this.#lang), q, told.total === 1) : says.none;
    this.#speak(head);
    const lines = [make("p", { class: "said", part: "summary" }, head)];
    for (const { code, values, text } of told.query.interpreted) {
      const own = { wider: says.wider, corrected: says.corrected(values[1]), folded: "", also: "" }[code];
      const line = own ?? text; // an archive of before tells no text
      if (line) lines.push(make("p", { class: "said" }, line));
    }
    for (const one of told.query.did_you_mean) {
      const button = make("button", { type: "button", class: "means" }, one.q);
      button.addEventListener("click", () => this.search(one.q));
      lines.push(make("p", { class: "said" }, `${says.means}: `, button));
    }
    for (const one of told.documents) {
      const link = this.#link(one.url, [...new Set([one.number, one.title])].filter(Boolean).join(": "), "document", "document");
      if (link) lines.push(make("p", {}, link));
    }
    return this.mode === "danh-sach" && !q ? lines.slice(told.total ? 1 : 0) : lines;
  }

  #hits(results, q) {
    return results.map((one) => {
      const link = this.#link(one.provision?.url ?? one.url, one.title, "article", "title"); // opens at the provision
      if (!link) return "";
      if (q) link.search = new URLSearchParams([...new URL(link.href).searchParams, ["q", q]]);
      const date = one.date ? make("time", { datetime: one.date }, when(one.date, this.#lang)) : this.#says.undated;
      const meta = make("p", { class: "meta", part: "meta" }, date, one.source ? ` · ${one.source}` : "");
      const snippet = one.snippet.map((piece) => (piece.marked ? make("mark", { part: "mark" }, piece.text) : piece.text));
      return make("li", { class: "hit", part: "hit" }, link, meta, make("p", { part: "snippet" }, ...snippet));
    });
  }

  // "More" goes on after a whole page of the server.
  #more(told, list, foot, q) {
    if (!told.next_url || !SIZES.includes(this.#size)) return;
    const button = make("button", { type: "button", part: "button" }, this.#says.more);
    foot.prepend(button);
    button.addEventListener("click", () => this.#try(async () => {
      const next = await this.#ask(new URL(told.next_url, this.#address("")));
      if (!next) return;
      const fresh = this.#hits(next.results, q);
      list.append(...fresh);
      button.remove();
      this.#more(next, list, foot, q);
      list.children[list.children.length - fresh.length]?.querySelector("a").focus();
    }));
  }

  #key(event) {
    if (event.isComposing || !this.#suggesting) return; // the keys belong to the input method
    const { input, list } = this.#parts;
    const options = list.hidden ? 0 : this.#options.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options) {
      event.preventDefault();
      const at = this.#active + step;
      this.#point(at < -1 ? options - 1 : at >= options ? -1 : at);
    } else if (step === 1 && input.value.trim()) {
      event.preventDefault();
      this.#typed();
    } else if (event.key === "Enter" && this.#active >= 0) {
      event.preventDefault();
      this.#options[this.#active].click();
    } else if (event.key === "Escape" && options) {
      event.preventDefault();
      event.stopPropagation(); // a dialog of the host stays open
      this.#close();
    } else if (event.key === "Escape" && this.#parts.dialog?.open) {
      event.preventDefault(); // a search box would only clear itself
      this.close();
    }
  }

  #point(at) {
    const { input } = this.#parts;
    const options = this.#options;
    this.#active = at;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  #close() {
    const { input } = this.#parts;
    this.#offer(false);
    this.#active = -1;
    if (input.hasAttribute("aria-expanded")) input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

// An element with attributes and children; text stays text.
function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// "2021-09-15" as the reader writes it, as exact as known.
function when(iso, lang) {
  const parts = iso.split("-");
  // As official documents write a day: 05/9/2025, 15/02/2025.
  if (lang === "vi") return parts.map((part, n) => (n === 1 && part > "02" ? Number(part) : part)).reverse().join("/");
  const named = { year: "numeric", ...(parts[1] && { month: "long" }), ...(parts[2] && { day: "numeric" }), timeZone: "UTC" };
  return new Intl.DateTimeFormat("en-GB", named).format(new Date(iso));
}

// Properties that are attributes, for frameworks that set properties.
const REFLECTED = { api: "api", placeholder: "placeholder", label: "label", so: "so", sapXep: "sap-xep", giaoDien: "giao-dien" };
for (const [name, attribute] of Object.entries(REFLECTED)) {
  Object.defineProperty(TimKiem.prototype, name, {
    configurable: true,
    enumerable: true,
    get() { return this.getAttribute(attribute) ?? ""; },
    set(value) { value == null ? this.removeAttribute(attribute) : this.setAttribute(attribute, value); },
  });
}

function grouped(rows) {
  const groups = new Map();
  for (const one of rows) groups.set(one.kind, [...(groups.get(one.kind) ?? []), one]);
  return groups;
}

// Two servers may both bring this file; the first defines the element, and each element has its own `api`.
if (!customElements.get("tim-kiem")) customElements.define("tim-kiem", TimKiem);
