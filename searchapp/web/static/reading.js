// On an article: from one match to the next, and copying its citation, with the selected words as a quote.
export function reading() {
  steps(document.querySelector("[data-next]"));
  citation(document.querySelector("[data-copy]"));
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.ariaLabel = label;
  made.addEventListener("click", () => act(made));
  return made;
}

function steps(place) {
  const marks = document.querySelectorAll(".text mark");
  if (!place || !marks.length) return;
  let at = -1;
  const go = (step) => {
    marks[at]?.classList.remove("now");
    at = at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length;
    marks[at].classList.add("now");
    marks[at].scrollIntoView({ block: "center" });
  };
  place.append(" ", button("↑", place.dataset.previous, () => go(-1)), " ", button("↓", place.dataset.next, () => go(1)));
}

function citation(place) {
  if (!place || !navigator.clipboard) return;
  const { copy, copied } = place.dataset;
  const made = button(copy, null, async () => {
    const quote = String(getSelection()).trim();
    const fragment = quote ? "#:~:text=" + encodeURIComponent(quote.slice(0, 80)) : "";
    const lines = [quote && `“${quote}”`, place.textContent.trim(), location.origin + location.pathname + fragment];
    await navigator.clipboard.writeText(lines.filter(Boolean).join("\n"));
    made.textContent = copied;
    setTimeout(() => (made.textContent = copy), 1500);
  });
  made.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  place.after(made);
}
