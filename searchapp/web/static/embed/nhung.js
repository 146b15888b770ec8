// Inside of a frame: tells the page around it the height of the content. Any page that shows the frame may know it.
const PAUSE = 100; // milliseconds between two messages

let told = 0;
let timer = 0;

function tell() {
  timer = 0;
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height === told) return;
  told = height;
  parent.postMessage({ type: "height", v: 1, height }, "*");
}

function soon() {
  timer ||= setTimeout(tell, PAUSE);
}

if (parent !== window) {
  new ResizeObserver(soon).observe(document.body);
  // The page around the frame may ask for the height again; the frame ignores other messages.
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.type !== "height?" || data.v !== 1) return;
    told = 0;
    soon();
  });
}
