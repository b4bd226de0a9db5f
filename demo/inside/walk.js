// The walk: one step further or back, with the buttons or the arrow keys.
let step = 0;
const find = (what) => element.querySelector(what);

function show(next) {
  const { steps } = props.value;
  const forward = next >= step;
  step = Math.min(Math.max(next, 0), steps.length - 1);
  const { title, shape, words, src } = steps[step];
  const image = find(".stage-picture img");
  image.hidden = !src;
  if (src) image.src = src;
  image.alt = `${title}: what the picture has become`;
  find(".key").style.visibility = !src || step === 0 ? "hidden" : ""; // it keeps its place
  find(".logits").hidden = Boolean(src);
  find(".count").textContent = `Step ${step + 1} of ${steps.length}`;
  find("h3").textContent = title;
  find(".shape").textContent = shape;
  find(".words").textContent = words;
  find("[data-do=back]").disabled = step === 0;
  find("[data-do=on]").disabled = step === steps.length - 1;
  element.querySelectorAll("[data-step]").forEach((each, number) => {
    each.classList.toggle("here", number === step);
  });
  const scene = find(".scene");
  scene.classList.remove("onward", "backward");
  void scene.offsetWidth; // so that the motion begins anew
  scene.classList.add(forward ? "onward" : "backward");
  const here = find("[data-step].here");
  here.parentElement.scrollTo({ left: here.offsetLeft - here.parentElement.clientWidth / 2 });
}

function go(next) {
  show(next);
  element.dispatchEvent(new CustomEvent("place", { bubbles: true, detail: { step: `${step}` } }));
}

function begin() {
  if (props.value?.steps) show(step);
}
begin();
watch("value", begin);

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.step) go(Number(button.dataset.step));
  else go(step + (button.dataset.do === "on" ? 1 : -1));
});
// The keys work while the walk is in sight, unless they mean something where the focus is: on a tab
// that was pressed with the mouse they don't.
const MEANT = "input, textarea, select, canvas, [data-block]";
let pointed = !document.activeElement?.matches(":focus-visible"); // how the tab was opened
document.addEventListener("pointerdown", () => (pointed = true), true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Tab") pointed = false;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by || !props.value?.steps) return;
  const { top, bottom, height } = element.getBoundingClientRect();
  const inSight = height && top < innerHeight && bottom > 0;
  const taken = event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey;
  const elsewhere = event.target.closest(pointed ? MEANT : `${MEANT}, [role=tab]`);
  if (!inSight || taken || elsewhere) return;
  event.preventDefault();
  go(step + by);
});
