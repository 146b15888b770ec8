// Frames of this archive (/nhung) grow with their content. Put this script once into a page with such frames.
const ORIGIN = new URL(import.meta.url).origin;
const [LEAST, MOST] = [200, 5000]; // pixels
const PAUSE = 100; // milliseconds between two changes of one frame

const wanted = new WeakMap(); // frame → the height it asked for last, while it waits for its turn

function frames() {
  return [...document.querySelectorAll("iframe")].filter((frame) => frame.src.startsWith(`${ORIGIN}/`) && new URL(frame.src).pathname.includes("/nhung"));
}

// Only a frame of this archive may speak, only of its own height, and only in numbers.
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== ORIGIN || data?.type !== "height" || data.v !== 1 || !Number.isFinite(data.height)) return;
  const frame = frames().find((one) => one.contentWindow === source);
  if (!frame) return;
  const waits = wanted.has(frame);
  wanted.set(frame, Math.min(MOST, Math.max(LEAST, Math.ceil(data.height))));
  if (waits) return;
  setTimeout(() => {
    frame.style.height = `${wanted.get(frame)}px`;
    wanted.delete(frame);
  }, PAUSE);
});

// A frame that was ready before this script is asked again.
for (const frame of frames()) frame.contentWindow?.postMessage({ type: "height?", v: 1 }, "*"); // nothing secret
