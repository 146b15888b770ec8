// A citation in a text names its document on hover and focus, from the page's own list of documents.
export function cards() {
  const facts = new Map([...document.querySelectorAll("[data-facts] li")].map((row) => [row.querySelector("a").getAttribute("href"), row]));
  if (!facts.size) return;
  const card = document.createElement("div");
  card.id = "the";
  card.className = "hover";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.getElementById("main").append(card);
  let timer = 0;
  let at = null;

  const hide = () => {
    clearTimeout(timer);
    at?.removeAttribute("aria-describedby");
    at = null;
    card.hidden = true;
  };
  const show = (link) => {
    const row = facts.get(link.getAttribute("href"));
    if (!row) return;
    hide();
    at = link;
    card.replaceChildren(...[...row.childNodes].map((node) => plain(node)));
    link.setAttribute("aria-describedby", card.id);
    card.hidden = false;
    place(card, link);
  };
  const soon = (act, wait) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
  for (const link of document.querySelectorAll(".text a.cite")) {
    link.removeAttribute("title"); // the card says it
    link.addEventListener("mouseenter", () => soon(() => show(link), 250));
    link.addEventListener("mouseleave", () => soon(hide, 250));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
  }
  // The card stays while the pointer is on it, and goes with Escape (WCAG 1.4.13).
  card.addEventListener("mouseenter", () => clearTimeout(timer));
  card.addEventListener("mouseleave", () => soon(hide, 250));
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

// A tooltip holds no links of its own.
function plain(node) {
  if (node.nodeName !== "A") return node.cloneNode(true);
  const name = document.createElement("b");
  name.textContent = node.textContent;
  return name;
}

function place(card, link) {
  const box = link.getClientRects()[0];
  const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 8));
  const above = box.bottom + card.offsetHeight + 12 > innerHeight && box.top > card.offsetHeight + 12;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${(above ? box.top - card.offsetHeight - 6 : box.bottom + 6) + scrollY}px`;
}
