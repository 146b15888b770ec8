// On an article: from one match to the next, and copying its citation or a quote with it.
export function reading() {
  const english = document.documentElement.lang === "en";
  const say = (vi, en) => (english ? en : vi);
  const button = (text, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", () => act(made));
    return made;
  };
  steps(document.querySelector("[data-marks]"), button, say);
  citation(document.querySelector("[data-citation]"), button, say);
}

function steps(place, button, say) {
  const marks = [...document.querySelectorAll(".text mark")];
  if (!place || !marks.length) return;
  let at = -1;
  const go = (step) => {
    marks[at]?.classList.remove("now");
    at = (at + step + marks.length) % marks.length;
    marks[at].classList.add("now");
    marks[at].scrollIntoView({ block: "center" });
  };
  place.append(" ", button("↑", say("Chỗ khớp trước", "Previous match"), () => go(at < 0 ? 0 : -1)));
  place.append(" ", button("↓", say("Chỗ khớp sau", "Next match"), () => go(1)));
}

function citation(place, button, say) {
  if (!place || !navigator.clipboard) return;
  const copy = async (made) => {
    const quote = String(getSelection()).trim();
    const link = location.origin + location.pathname + (quote ? "#:~:text=" + encodeURIComponent(quote.slice(0, 80)) : "");
    await navigator.clipboard.writeText([quote && `“${quote}”`, place.textContent.trim(), link].filter(Boolean).join("\n"));
    const before = made.textContent;
    made.textContent = say("Đã chép", "Copied");
    setTimeout(() => (made.textContent = before), 1500);
  };
  const made = button(say("Chép trích dẫn", "Copy citation"), "", copy);
  made.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  place.after(made);
}
