// Where the operator counts queries: tells that a result was opened, a spelling taken, a draft meant; never by whom.
export function statistics() {
  const to = document.getElementById("page")?.dataset.count;
  if (!to) return;
  let draft = ""; // the address of a query that is still being typed, which the server has not counted
  let opened = "";
  const tell = (fields) => navigator.sendBeacon(to, new URLSearchParams(fields));
  const text = () => new URLSearchParams(location.search).get("q") ?? "";
  const meant = () => {
    if (draft === location.href) tell({ viec: "hoi", q: text(), rong: document.querySelector("#page .hits") ? "" : "1" });
    draft = "";
  };
  document.addEventListener("searchapp:shown", (event) => {
    if (event.detail.typed) draft = location.href;
    else meant();
  });
  const follow = (event) => {
    const link = event.target.closest?.("#page a[href]");
    if (!link || !text()) return;
    if (link.closest("[data-meant]")) tell({ viec: "sua", q: text(), thanh: link.textContent });
    if (!link.closest(".hits")) return;
    meant();
    if (opened !== location.href) tell({ viec: "mo", q: text() });
    opened = location.href;
  };
  document.addEventListener("click", follow, true);
  document.addEventListener("auxclick", follow, true);
}
