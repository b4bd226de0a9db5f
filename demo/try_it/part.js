// The box on the picture: a square dragged with the pointer, or moved and scaled with keys.
const frame = () => element.querySelector(".frame");
const MOST = 150; // percent; a box that is wider or higher is not read
let start = null;
let timer = null;

// A finger drags a box only once it was asked to.
const choosing = () => element.classList.contains("choosing");
function choose(now) {
  element.classList.toggle("choosing", now);
  for (const button of element.querySelectorAll("[data-how]")) {
    const { how } = button.dataset;
    button.setAttribute("aria-pressed", String(how === (now ? "yours" : props.value.how)));
  }
  say("");
}

function say(words) {
  element.querySelector(".small").textContent = words;
}

function place(event) {
  const { left, top, width, height } = frame().getBoundingClientRect();
  return {
    x: Math.min(Math.max(event.clientX - left, 0), width),
    y: Math.min(Math.max(event.clientY - top, 0), height),
  };
}

function show(box) {
  for (const [side, percent] of Object.entries(box))
    element.querySelector(".box").style.setProperty(`--${side}`, `${percent}%`);
}

function showRead() {
  const { left, top, width, height } = props.value;
  show({ left, top, width, height });
}

function readPart(how, box = {}) {
  ask("part", { ...box, how });
}

// The square between two points, in percent of the picture's width and height.
function square(from, to) {
  const { width, height } = frame().getBoundingClientRect();
  const longest = (MOST / 100) * Math.min(width, height);
  const side = Math.min(longest, Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)));
  return {
    left: (100 * (to.x < from.x ? from.x - side : from.x)) / width,
    top: (100 * (to.y < from.y ? from.y - side : from.y)) / height,
    width: (100 * side) / width,
    height: (100 * side) / height,
  };
}

element.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.target.closest(".frame")) return;
  if (event.pointerType === "touch" && !choosing()) return; // a finger scrolls
  start = place(event);
  frame().setPointerCapture(event.pointerId);
});
element.addEventListener("pointermove", (event) => {
  if (start) show(square(start, place(event)));
});
element.addEventListener("pointerup", (event) => {
  if (!start) return;
  const box = square(start, place(event));
  start = null;
  choose(false);
  if (box.width > 3) return readPart("yours", box);
  showRead();
  if (box.width > 0.5) say("That box is too small; drag a larger one.");
});
element.addEventListener("pointercancel", () => {
  if (start) showRead();
  start = null;
});

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
element.addEventListener("keydown", (event) => {
  if (!event.target.closest(".frame") || event.altKey || event.ctrlKey || event.metaKey) return;
  const move = MOVES[event.key];
  const scaling = { "+": 1.1, "-": 1 / 1.1 }[event.key];
  if (!move && !scaling) return;
  event.preventDefault();
  let { left, top, width, height } = props.value;
  if (move) {
    left += 0.05 * width * move[0];
    top += 0.05 * height * move[1];
  } else {
    left -= ((scaling - 1) * width) / 2;
    top -= ((scaling - 1) * height) / 2;
    width *= scaling;
    height *= scaling;
    if (Math.max(width, height) > MOST) return;
  }
  const inside = (edge, length) => Math.min(Math.max(edge, -length / 2), 100 - length / 2);
  const box = { left: inside(left, width), top: inside(top, height), width, height };
  show(box);
  props.value = { ...props.value, ...box };
  clearTimeout(timer);
  timer = setTimeout(() => readPart("yours", box), 300);
});

watch("value", () => frame() && choose(false)); // of another picture none has been asked for

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.how === "yours") choose(!choosing());
  else if (button) readPart(button.dataset.how);
});
