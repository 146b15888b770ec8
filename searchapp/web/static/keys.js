// "/" and Ctrl/⌘-K focus the search box; keys of an input method are left to it.
export function keys() {
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey;
    const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const box = document.querySelector("#tim input[name=q]");
    if (!box || !(slash || k)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
