// How a reader likes texts to look, before anything is drawn, so that nothing jumps.
try {
  const liked = JSON.parse(localStorage.getItem("searchapp.reading") || "{}");
  const root = document.documentElement;
  if (liked.size) root.dataset.size = liked.size;
  if (liked.wide) root.dataset.wide = "";
  if (liked.calm) root.dataset.calm = "";
} catch {}
