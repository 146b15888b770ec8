// Lists that stay in this browser. Where the browser keeps nothing (private windows), they are empty and nothing fails.
const PREFIX = "searchapp.";

export function kept(name) {
  try {
    const list = JSON.parse(localStorage.getItem(PREFIX + name));
    return Array.isArray(list) ? list.filter(sound) : [];
  } catch {
    return [];
  }
}

export function keep(name, list, limit) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(list.slice(0, limit)));
  } catch {
    // full or forbidden: the page works without
  }
}

// A list from a file or an older release may hold anything; a link must stay on this site.
export function sound(one) {
  if (typeof one?.title !== "string" || typeof one.url !== "string") return false;
  return one.url.length < 8000 && one.url.startsWith("/") && new URL(one.url, location.href).origin === location.origin;
}
