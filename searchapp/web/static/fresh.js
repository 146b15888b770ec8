// New articles since the last look at a saved search: only this browser knows which articles it has shown.
import { keep, kept } from "./store.js";

const NEWEST = 50; // articles of a search that are remembered
const VISIT = 30 * 60 * 1000; // milliseconds; looking again within them is the same visit
const SAVED = "saved";

// On the results of a saved search: mark and count new articles, and remember the shown ones.
export async function fresh(place, url) {
  const one = kept(SAVED).find((other) => other.url === url);
  const ids = one && (await newest(url));
  if (!ids || !place.isConnected) return;
  const same = Date.now() - one.looked < VISIT;
  const before = same ? one.before : one.seen;
  const found = unseen(ids, before);
  const list = kept(SAVED).map((other) => (other.url === url ? { ...other, before, seen: ids, looked: same ? one.looked : Date.now() } : other));
  keep(SAVED, list, list.length);
  if (!found.length) return;
  place.append(` · ${place.dataset.new.replace("{n}", found.length)}`);
  for (const link of document.querySelectorAll(".hit h2 a")) {
    if (!found.some((id) => link.pathname.includes(`/bai/${id}/`))) continue;
    const mark = document.createElement("small");
    mark.className = "new";
    mark.textContent = place.dataset.mark;
    link.after(" ", mark);
  }
}

// On the page of saved searches: count each search's unseen articles, one question after the other.
export async function badges(page) {
  for (const one of kept(SAVED)) {
    const ids = Array.isArray(one.seen) && (await newest(one.url));
    const count = ids ? unseen(ids, one.seen).length : 0;
    const link = [...page.querySelectorAll("[data-list=saved] a")].find((other) => other.getAttribute("href") === one.url);
    if (!count || !link || link.parentElement.querySelector(".new")) continue;
    const mark = document.createElement("small");
    mark.className = "new";
    mark.textContent = page.dataset.new.replace("{n}", count);
    link.after(" ", mark);
  }
}

async function newest(url) {
  const asked = new URL(url, location.href);
  if (!asked.pathname.endsWith("/tim-kiem")) return null;
  asked.pathname += ".json";
  for (const [name, value] of Object.entries({ sap_xep: "moi-nhat", so: NEWEST, fields: "id" })) asked.searchParams.set(name, value);
  try {
    const answer = await fetch(asked);
    return answer.ok ? (await answer.json()).results.map((one) => one.id) : null;
  } catch {
    return null;
  }
}

// The tail of a full memory proves nothing: an article may stand there because a newer one was removed.
function unseen(ids, before) {
  if (!Array.isArray(before)) return [];
  const known = ids.map((id) => before.includes(id));
  const until = before.length < NEWEST ? ids.length : known.lastIndexOf(true) + 1;
  return ids.slice(0, until).filter((_, at) => !known[at]);
}
