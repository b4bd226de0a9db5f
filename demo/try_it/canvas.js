// The drawing canvas: strokes are kept as points, so that undo only leaves the last one out.
const EVERY = 300; // ms, at most one picture sent in this time while a stroke is drawn
// Of each finger of an outline: where it leaves the palm, its turn from upright in degrees, and its
// length; the canvas is 1 wide.
const THUMB = [0.35, 0.66, -52, 0.21];
const FINGERS = [
  [0.38, 0.5, -13, 0.27],
  [0.46, 0.48, -4, 0.3],
  [0.54, 0.48, 5, 0.28],
  [0.62, 0.51, 15, 0.22],
];
const FOLDED = 0.035; // length of a finger that is
const THUMB_OVER_PALM = [[0.36, 0.72], [0.4, 0.62], [0.5, 0.6], [0.53, 0.64], [0.43, 0.7]];
const canvas = element.querySelector("canvas");
const pen = canvas.getContext("2d");
const hint = element.querySelector(".hint");
let strokes = [];
let cleared = []; // what Undo brings back on empty paper
let tool = "pen";
let width = 14;
let current = null;
let lastSent = 0;
let timer = null;

function drawStroke({ outline, points, tool, width }) {
  if (outline) {
    wipe();
    outline.forEach(drawStroke);
    return;
  }
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

function wipe() {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
}

// Up a finger's left side, round its tip, and down its right side.
function finger([x, y, degrees, length]) {
  const turn = (degrees * Math.PI) / 180;
  const half = 0.0375;
  const at = (across, along) => [
    x + across * Math.cos(turn) + along * Math.sin(turn),
    y + across * Math.sin(turn) - along * Math.cos(turn),
  ];
  const tip = [6, 5, 4, 3, 2, 1, 0].map((step) => {
    const angle = (step * Math.PI) / 6;
    return at(half * Math.cos(angle), length + half * Math.sin(angle));
  });
  return [at(-half, 0), ...tip, at(half, 0)];
}

// A hand that shows a digit: one stroke on clean paper, so that undo brings back what was there.
function outlineOf(digit) {
  const spread = digit === FINGERS.length + 1;
  const fingers = FINGERS.map(([x, y, degrees, length], i) => [x, y, degrees, i < digit ? length : FOLDED]);
  const around = [
    [[0.4, 0.93], [0.36, 0.8]],
    ...(spread ? [THUMB, ...fingers] : fingers).map(finger),
    [[0.66, 0.66], [0.62, 0.8], [0.6, 0.93]],
  ].flat();
  const lines = spread ? [around] : [around, THUMB_OVER_PALM];
  const place = ([x, y]) => ({ x: x * canvas.width, y: y * canvas.height });
  return { outline: lines.map((line) => ({ points: line.map(place), tool: "pen", width })) };
}

function redraw() {
  wipe();
  strokes.forEach(drawStroke);
  const empty = strokes.length === 0;
  hint.classList.toggle("gone", !empty);
  element.querySelector("[data-do=clear]").disabled = empty;
  element.querySelector("[data-do=undo]").disabled = empty && !cleared.length;
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
  canvas.focus({ preventScroll: true }); // so that Ctrl+Z is heard
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
  current = null; // a stroke that is still being drawn ends here
  strokes = strokesLeft;
  if (!strokes.length) element.querySelector('[data-tool="pen"]').click(); // nothing to erase
  redraw();
  send();
}

function undo() {
  const last = strokes.length ? strokes.slice(0, -1) : cleared;
  if (!strokes.length) cleared = [];
  take(last);
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { tool: newTool, width: newWidth, do: what, outline } = button.dataset;
  if (what === "undo") undo();
  if (what === "clear") {
    cleared = strokes;
    take([]);
  }
  if (outline) take([...strokes, outlineOf(Number(outline))]);
  if (newTool) tool = newTool;
  if (newWidth) width = Number(newWidth);
  if (newTool || newWidth)
    for (const other of button.parentElement.children)
      other.setAttribute("aria-pressed", String(other === button));
});

element.addEventListener("keydown", (event) => {
  const button = element.querySelector("[data-do=undo]");
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !button.disabled) {
    event.preventDefault();
    undo();
  }
});

redraw();
