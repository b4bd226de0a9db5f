// The arithmetic of one cell of the first convolution, for the place that is pointed at.
const COLOURS = 3;
let pixels = null; // of the picture, 0..1
let chosen = 0;
let cell = [16, 16];
let strongest = 1; // product of the chosen filter, of a pixel, in the whole picture
const find = (name) => element.querySelector(`canvas.${name}`);
const style = (name) => getComputedStyle(element).getPropertyValue(name).trim();
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function paint(canvas, side, colour) {
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  for (let at = 0; at < side * side; at += 1) image.data.set([...colour(at), 255], 4 * at);
  context.putImageData(image, 0, 0);
}

const grey = (value, most) => 127.5 + (127.5 * value) / most;
const largest = (values) => Math.max(...values.map(Math.abs), 1e-9);
function paintKernel(canvas, kernel, side) {
  const most = largest(kernel);
  paint(canvas, side, (at) => [0, 1, 2].map((c) => grey(kernel[COLOURS * at + c], most)));
}

function patchAt(row, column) {
  const { side, stride, padding } = props.value;
  const width = Math.sqrt(pixels.length / COLOURS);
  const found = [];
  for (let r = 0; r < side; r += 1)
    for (let c = 0; c < side; c += 1) {
      const [y, x] = [stride * row - padding + r, stride * column - padding + c];
      const inside = y >= 0 && x >= 0 && y < width && x < width;
      for (let k = 0; k < COLOURS; k += 1)
        found.push(inside ? pixels[COLOURS * (width * y + x) + k] : 0);
    }
  return found;
}

const products = (patch, kernel) => patch.map((value, at) => value * kernel[at]);
const total = (values) => values.reduce((sum, value) => sum + value, 0);
const rounded = (value) => Math.round(100 * value) / 100;
const text = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
const byPixel = (each) =>
  Array.from({ length: each.length / COLOURS }, (_, at) =>
    total(each.slice(COLOURS * at, COLOURS * (at + 1))),
  );

function showCell() {
  const { kernels, biases, side, stride, padding } = props.value;
  const kernel = kernels[chosen];
  const patch = patchAt(...cell);
  const each = products(patch, kernel);
  const pixelwise = byPixel(each);
  const [above, below, paper] = ["--speaks-for", "--speaks-against", "--speaks-nothing"].map((name) =>
    rgb(style(name) || "#969696"),
  );
  paint(find("patch"), side, (at) => [0, 1, 2].map((c) => 255 * patch[COLOURS * at + c]));
  paint(find("products"), side, (at) => {
    const share = Math.abs(pixelwise[at]) / strongest;
    const full = pixelwise[at] > 0 ? above : below;
    return paper.map((start, c) => start + share * (full[c] - start));
  });
  const context = find("picture").getContext("2d");
  const scale = find("picture").width / Math.sqrt(pixels.length / COLOURS);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, 0, find("picture").width, find("picture").height);
  context.lineWidth = 2;
  context.strokeStyle = "white";
  const [y, x] = cell.map((at) => scale * (stride * at - padding));
  context.strokeRect(x, y, scale * side, scale * side);
  const [sum, bias] = [total(each), biases[chosen]].map(rounded); // so that what is said adds up
  element.querySelector(".sum").textContent =
    `Filter ${chosen}, row ${cell[0]}, column ${cell[1]}: ${each.length} products add up to ` +
    `${text(sum)}; with the bias, ${text(bias)}, that is ${text(sum + bias)}, and ReLU ` +
    `${sum + bias > 0 ? "lets it pass." : "makes it zero."}`;
}

function showFilter() {
  const { kernels, biases, side, cells } = props.value;
  element.querySelectorAll(".filters button").forEach((button, number) =>
    button.setAttribute("aria-pressed", number === chosen),
  );
  paintKernel(find("kernel"), kernels[chosen], side);
  const all = Array.from({ length: cells * cells }, (_, at) =>
    products(patchAt(Math.floor(at / cells), at % cells), kernels[chosen]),
  );
  const answers = all.map((each) => Math.max(0, biases[chosen] + total(each)));
  const most = largest(answers);
  strongest = largest(all.map((each) => largest(byPixel(each))));
  paint(find("output"), cells, (at) => Array(COLOURS).fill((255 * answers[at]) / most));
  showCell();
}

const picture = new Image();
picture.addEventListener("load", () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  pixels = [...data].filter((_, at) => at % 4 < COLOURS).map((value) => value / 255);
  element.querySelectorAll(".filters canvas").forEach((canvas, number) =>
    paintKernel(canvas, props.value.kernels[number], props.value.side),
  );
  showFilter();
});

function begin() {
  if (props.value?.src) picture.src = props.value.src;
}
begin();
watch("value", begin);

function point(event) {
  const canvas = event.target.closest("canvas.picture, canvas.output");
  if (!canvas || !pixels) return;
  const box = canvas.getBoundingClientRect();
  const share = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
  cell = share.map((at) => Math.min(Math.max(Math.floor(at * props.value.cells), 0), props.value.cells - 1));
  showCell();
}
element.addEventListener("pointermove", point);
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-filter]");
  if (button && pixels) {
    chosen = Number(button.dataset.filter);
    showFilter();
  } else point(event);
});
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
element.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const taken = event.altKey || event.ctrlKey || event.metaKey;
  if (!step || taken || !event.target.closest("canvas.picture") || !pixels) return;
  event.preventDefault();
  cell = cell.map((at, k) => Math.min(Math.max(at + step[k], 0), props.value.cells - 1));
  showCell();
});
