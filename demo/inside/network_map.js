// The map: one block is chosen, with the pointer, or with arrow keys and Enter.
let chosen = null;
const stops = () => [...element.querySelectorAll(".stop")];

function mark() {
  chosen ??= props.value.chosen;
  for (const stop of stops()) {
    const here = stop.dataset.block === chosen;
    stop.setAttribute("aria-pressed", here);
    stop.setAttribute("tabindex", here ? 0 : -1);
  }
}
mark();
watch("value", mark);

function choose(stop) {
  if (!stop) return;
  chosen = stop.dataset.block;
  mark();
  trigger("select", { index: chosen });
  const detail = { block: chosen, opened: props.value.chosen };
  element.dispatchEvent(new CustomEvent("place", { bubbles: true, detail }));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (matchMedia("(max-width: 600px)").matches)
    document.querySelector("#block")?.scrollIntoView({ behavior: still ? "auto" : "smooth" });
}

element.addEventListener("click", (event) => choose(event.target.closest(".stop")));

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -99, End: 99 };
element.addEventListener("keydown", (event) => {
  const stop = event.target.closest(".stop");
  if (!stop || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === " ") choose(stop);
  else if (event.key in STEPS) {
    const all = stops();
    const next = all.indexOf(stop) + STEPS[event.key];
    all[Math.min(Math.max(next, 0), all.length - 1)].focus();
  } else return;
  event.preventDefault();
});
