// Saved searches and recent ones: both only in this browser.
import { badges, fresh } from "./fresh.js";
import { keep, kept, sound } from "./store.js";

const SAVED = "saved";
const RECENT = "recent";
const LIMITS = { [SAVED]: 200, [RECENT]: 20 };

export const recent = () => kept(RECENT);

export function saved() {
  const page = document.getElementById("da-luu");
  if (page) return board(page);
  if (!document.getElementById("page")) return;
  remember();
  star();
  document.addEventListener("searchapp:shown", (event) => {
    if (!event.detail.typed) remember();
    star();
  });
}

// The address without its page number: the list saves the query.
function here() {
  const url = new URL(location.href);
  for (const name of ["trang", "sau"]) url.searchParams.delete(name);
  const chosen = [...document.querySelectorAll("#page .chosen .chip.on")].map((chip) => chip.dataset.label);
  const asked = document.querySelector("#tim input[name=q]").value.trim();
  return { title: asked, filters: chosen, url: url.pathname + url.search, at: new Date().toISOString().slice(0, 10) };
}

function put(name, one) {
  keep(name, [one, ...kept(name).filter((other) => other.url !== one.url)], LIMITS[name]);
}

function drop(name, url) {
  keep(name, kept(name).filter((one) => one.url !== url), LIMITS[name]);
}

function remember() {
  const one = here();
  const others = kept(RECENT).filter((other) => other.title.toLowerCase() !== one.title.toLowerCase());
  if (one.title) keep(RECENT, [one, ...others], LIMITS[RECENT]);
}

// The button beside the number of results.
function star() {
  const place = document.querySelector("[data-save]");
  const one = here();
  if (!place || !(one.title || one.filters.length)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  const tell = () => {
    const is = kept(SAVED).some((other) => other.url === one.url);
    button.textContent = is ? place.dataset.saved : place.dataset.save;
    button.setAttribute("aria-pressed", String(is));
  };
  button.addEventListener("click", () => {
    if (kept(SAVED).some((other) => other.url === one.url)) drop(SAVED, one.url);
    else put(SAVED, one);
    tell();
    fresh(place, one.url);
  });
  tell();
  place.replaceChildren(button);
  fresh(place, one.url);
}

// The page that lists both.
function board(page) {
  const lists = { [SAVED]: page.querySelector("[data-list=saved]"), [RECENT]: page.querySelector("[data-list=recent]") };
  const draw = () => {
    for (const [name, place] of Object.entries(lists)) {
      const all = kept(name);
      place.replaceChildren(...all.map((one) => row(page, name, one, draw)));
      place.closest("section").querySelector(".none").hidden = all.length > 0;
      for (const button of place.closest("section").querySelectorAll("[data-needs]")) button.disabled = !all.length;
    }
  };
  page.querySelector("[data-do=export]").addEventListener("click", () => download(page.dataset.file));
  page.querySelector("[data-do=import]").addEventListener("click", () => page.querySelector("input[type=file]").click());
  page.querySelector("input[type=file]").addEventListener("change", async (event) => {
    const told = page.querySelector("[role=status]");
    try {
      const found = JSON.parse(await event.target.files[0].text()).searches.filter(sound);
      for (const one of found.reverse()) put(SAVED, tidy(one));
      told.textContent = page.dataset.imported.replace("{n}", found.length);
    } catch {
      told.textContent = page.dataset.unreadable;
    }
    event.target.value = "";
    draw();
  });
  page.querySelector("[data-do=clear]").addEventListener("click", () => {
    keep(RECENT, [], 0);
    draw();
  });
  for (const section of page.querySelectorAll("section")) section.hidden = false;
  draw();
  badges(page);
}

function tidy({ title, url, filters, at }) {
  const words = Array.isArray(filters) ? filters.filter((one) => typeof one === "string") : [];
  return { title, url, filters: words, at: typeof at === "string" ? at.slice(0, 10) : "" };
}

// As official documents write a day: 05/9/2025, 15/02/2025.
function day(iso) {
  const [year, month, date] = iso.split("-");
  if (document.documentElement.lang !== "vi") return new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return [date, month > "02" ? Number(month) : month, year].join("/");
}

function row(page, name, one, draw) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = one.url;
  link.textContent = one.title || page.dataset.untitled;
  const about = document.createElement("small");
  about.textContent = [...tidy(one).filters, one.at && day(one.at)].filter(Boolean).join(" · ");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = page.dataset.remove;
  button.ariaLabel = `${page.dataset.remove}: ${link.textContent}`;
  button.addEventListener("click", () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    const at = next && next.querySelector("a").getAttribute("href");
    drop(name, one.url);
    draw();
    const same = [...page.querySelectorAll(`[data-list=${name}] li`)].find((row) => row.querySelector("a").getAttribute("href") === at);
    (same?.querySelector("button") ?? page.querySelector("h1")).focus();
  });
  item.append(link, about, button);
  return item;
}

function download(name) {
  const text = JSON.stringify({ version: 1, searches: kept(SAVED) }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
