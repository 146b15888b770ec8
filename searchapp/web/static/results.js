// Result pages change in place: the URL is the state, stale answers are dropped, "back" works.
let asked = null;

let draft = false; // the newest step of the history is a query that is still being typed
const PAUSE = 400; // milliseconds without a key before a query is tried

export function live() {
  const page = document.getElementById("page");
  if (!page) return;
  const id = page.dataset.form ?? "tim"; // whose fields the facets are
  const within = page.contains(document.getElementById(id)); // then it is a new one after each change
  let typing = 0;
  document.addEventListener("submit", (event) => {
    if (event.target.id !== id) return;
    event.preventDefault();
    clearTimeout(typing);
    commit(address(event.target));
    if (location.hash === "#loc") location.hash = "main"; // closes the sheet of a phone
  });
  document.addEventListener("input", (event) => {
    if (within || event.target.form?.id !== id || event.target.name !== "q") return;
    clearTimeout(typing);
    typing = setTimeout(() => attempt(event.target.form), PAUSE);
  });
  document.addEventListener("change", (event) => {
    if (event.target.form?.id !== id || !event.target.matches("aside input[type=checkbox]")) return;
    if (event.target.checked) narrow(event.target);
    show(address(event.target.form), "push", event.target);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#page a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href, location.href);
    if (url.origin !== location.origin || url.pathname !== location.pathname || url.search === location.search) return;
    event.preventDefault();
    show(url, "push", link);
  });
  addEventListener("popstate", () => show(new URL(location.href), ""));
  finders();
}

// While somebody types, one step of the history follows the words; "back" leads to the page before.
function attempt(form) {
  const url = address(form);
  if (form.q.value.trim().length < 2 || url.pathname + url.search === shown) return;
  show(url, draft ? "replace" : "push", form.q);
}

function commit(url) {
  if (url.pathname + url.search !== shown) return show(url, draft ? "replace" : "push");
  asked?.abort();
  draft = false;
  told(false);
  top();
}

// A month replaces its year, and a year replaces its months: together they would mean the year.
function narrow(box) {
  const row = box.closest("li");
  for (const inner of row.querySelectorAll(":scope ul input")) inner.checked = false;
  for (let up = row.parentElement.closest("li"); up; up = up.parentElement.closest("li")) up.querySelector("input").checked = false;
}

// The form's fields without the empty ones, so that URLs stay short enough to be read.
function address(form) {
  const url = new URL(form.action, location.href);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
  return url;
}

// Fetch a result page and put it in the place of this one. step: "push" or "replace" in the history, "" for neither.
export async function show(url, step, from) {
  if (url.pathname + url.search === shown && !step) return;
  asked?.abort();
  const mine = (asked = new AbortController());
  const typed = from?.name === "q";
  const page = document.getElementById("page");
  page.setAttribute("aria-busy", "true");
  let fresh;
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html", ...(typed && { "X-Draft": "1" }) } });
    if (answer.redirected) url = new URL(answer.url);
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (error) {
    if (error.name === "AbortError") return;
    page.removeAttribute("aria-busy");
    if (!navigator.onLine) say(page.dataset.offline, true); // the page stays as it is
    else if (!typed) location.assign(url);
    return;
  }
  if (mine.signal.aborted) return;
  const next = fresh.getElementById("page");
  if (typed && !next?.querySelector(".hits")) return page.removeAttribute("aria-busy"); // half a word: wait for the rest
  if (!next) return location.assign(url);
  swap(page, next, fresh, from);
  const address = url.pathname + url.search;
  if (step === "push" && location.hash === "#loc") history.replaceState(null, "", address + "#loc"); // one step back closes the sheet
  else if (step === "push") history.pushState(null, "", address);
  else if (step === "replace") history.replaceState(null, "", address);
  shown = address;
  draft = typed;
  told(typed);
}

// An event for other scripts on the page; typed: nobody has pressed Enter yet.
function told(typed) {
  document.dispatchEvent(new CustomEvent("searchapp:shown", { detail: { typed } }));
}

let shown = location.pathname + location.search;

function swap(page, next, fresh, from) {
  const field = from?.matches("input") ? [from.name, from.value] : null;
  const open = [...page.querySelectorAll("aside fieldset:has(details[open])")].map((set) => set.dataset.facet);
  for (const part of ["aside", "main"]) page.querySelector(part).replaceChildren(...next.querySelector(part).childNodes);
  page.removeAttribute("aria-busy");
  document.title = fresh.title;
  say(page.querySelector("h1").textContent);
  if (!page.dataset.form) refill(...[document, fresh].map((one) => one.getElementById("tim")));
  for (const name of open) page.querySelector(`[data-facet="${name}"] details`)?.setAttribute("open", "");
  finders();
  const same = field && [...page.querySelectorAll("aside input")].find((one) => one.name === field[0] && one.value === field[1]);
  if (same) same.focus({ preventScroll: true });
  else if (from?.name !== "q") top();
}

// The search box above the page holds the query of the page.
function refill(box, other) {
  if (document.activeElement !== box.q) box.q.value = other.q.value;
  box.querySelectorAll("[type=hidden]").forEach((field) => field.remove());
  box.append(...other.querySelectorAll("[type=hidden]"));
}

function top() {
  document.querySelector("#page h1").focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: "instant" });
}

// One polite sentence for screen readers, after a pause so that quick changes are said once.
let saying = 0;
function say(text, seen = false) {
  clearTimeout(saying);
  document.getElementById("status").classList.toggle("hide", !seen);
  saying = setTimeout(() => (document.getElementById("status").textContent = text), 300);
}

// A long list of values gets a box that narrows it, with or without diacritics.
function finders() {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  for (const details of document.querySelectorAll("aside fieldset details")) {
    const rows = [...details.querySelectorAll("li:not(.of)")];
    if (rows.length < 8 || details.querySelector(".find")) continue;
    const find = document.createElement("input");
    find.type = "search";
    find.className = "find";
    find.placeholder = find.ariaLabel = details.closest("aside").dataset.find;
    find.addEventListener("input", () => {
      for (const row of rows) row.hidden = !plain(row.textContent).includes(plain(find.value));
      for (const heading of details.querySelectorAll("li.of")) heading.hidden = find.value !== "";
    });
    details.querySelector("summary").after(find);
  }
}
