// The drawing canvas: strokes are kept as points, so that undo only leaves the last one out.
const EVERY = 300; // ms, at most one picture sent in this time while a stroke is drawn
const canvas = element.querySelector("canvas");
const pen = canvas.getContext("2d");
const hint = element.querySelector(".hint");
let strokes = [];
let tool = "pen";
let width = 14;
let current = null;
let lastSent = 0;
let timer = null;

function drawStroke({ points, tool, width }) {
  pen.strokeStyle = pen.fillStyle = tool === "pen" ? "#1b1b1b" : "#ffffff";
  pen.lineWidth = tool === "pen" ? width : width * 2.5;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(points[0].x, points[0].y);
  for (let i = 1; i < points.length - 1; i++) {
    const middle = { x: (points[i].x + points[i + 1].x) / 2, y: (points[i].y + points[i + 1].y) / 2 };
    pen.quadraticCurveTo(points[i].x, points[i].y, middle.x, middle.y);
  }
  const last = points[points.length - 1];
  pen.lineTo(last.x + 0.01, last.y); // a dot is a very short line
  pen.stroke();
}

function redraw() {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  strokes.forEach(drawStroke);
  const empty = strokes.length === 0;
  hint.classList.toggle("gone", !empty);
  element.querySelectorAll("[data-do]").forEach((button) => (button.disabled = empty));
}

function send() {
  clearTimeout(timer);
  timer = null;
  lastSent = performance.now();
  props.value = strokes.length ? canvas.toDataURL("image/png") : "";
  ask("drawing", props.value);
}

function sendSoon() {
  timer ??= setTimeout(send, Math.max(0, EVERY - (performance.now() - lastSent)));
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) / box.width) * canvas.width,
    y: ((event.clientY - box.top) / box.height) * canvas.height,
  };
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || current !== null) return;
  event.preventDefault();
  if (tool === "eraser" && !strokes.length) return; // there is nothing on the paper
  canvas.setPointerCapture(event.pointerId);
  current = event.pointerId;
  strokes.push({ points: [place(event)], tool, width });
  redraw();
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== current) return;
  const steps = event.getCoalescedEvents?.() ?? [];
  strokes.at(-1).points.push(...(steps.length ? steps : [event]).map(place));
  redraw();
  sendSoon();
});

function lift(event) {
  if (event.pointerId !== current) return;
  current = null;
  send();
}
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);

function take(strokesLeft) {
  strokes = strokesLeft;
  if (!strokes.length) element.querySelector('[data-tool="pen"]').click(); // nothing to erase
  redraw();
  send();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { tool: newTool, width: newWidth, do: what } = button.dataset;
  if (what === "undo") take(strokes.slice(0, -1));
  if (what === "clear") take([]);
  if (newTool) tool = newTool;
  if (newWidth) width = Number(newWidth);
  if (newTool || newWidth)
    for (const other of button.parentElement.children)
      other.setAttribute("aria-pressed", String(other === button));
});

element.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && strokes.length) {
    event.preventDefault();
    take(strokes.slice(0, -1));
  }
});

redraw();
