// The page "Nhúng vào trang của bạn": code and preview follow the form, and the code can be copied.
const WAIT = 200; // milliseconds after the last change

const form = document.getElementById("chon");
let timer = 0;
let asked = null;

function dress() {
  const place = document.getElementById("ma");
  const element = place.querySelector("tim-kiem");
  if (element?.dataset.accent) element.style.setProperty("--tim-kiem-accent", element.dataset.accent);
  if (element?.dataset.radius) element.style.setProperty("--tim-kiem-radius", `${element.dataset.radius}px`);
  for (const label of form.querySelectorAll("[data-for]")) label.hidden = label.dataset.for !== form.dang.value;
  if (!navigator.clipboard) return;
  for (const code of place.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = place.dataset.button;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = place.dataset.done;
    });
    code.after(button);
  }
}

function address() {
  const url = new URL(form.action, location.href);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
  return url;
}

async function update() {
  asked?.abort();
  const mine = (asked = new AbortController());
  const url = address();
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("ma");
    if (!fresh) return;
    document.getElementById("ma").replaceWith(document.adoptNode(fresh));
    history.replaceState(null, "", url);
    dress();
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(update, WAIT);
});
dress();
