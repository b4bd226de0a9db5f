// A picture covered place by place: Play goes through the steps, the slider to any of them.
const EVERY = 900; // ms between two steps
const find = (what) => element.querySelector(what);
const still = matchMedia("(prefers-reduced-motion: reduce)");
let timer = null;
let step = 0;

function show(next) {
  const { frames } = props.value;
  step = Math.min(Math.max(next, 0), frames.length - 1);
  const { src, words, bars } = frames[step];
  find(".covered img").src = src;
  find(".status").textContent = words;
  find("input").value = step;
  find("input").setAttribute("aria-valuetext", words);
  find("[data-do=back]").disabled = step === 0;
  find("[data-do=on]").disabled = step === frames.length - 1;
  element.querySelectorAll(".place").forEach((place, k) => {
    place.hidden = k >= step;
    place.classList.toggle("latest", k === step - 1);
  });
  element.querySelectorAll(".bar").forEach((bar, digit) => {
    bar.classList.toggle("first", bars[digit].first);
    bar.querySelector(".fill").style.width = `${bars[digit].width}%`;
    bar.querySelector(".percent").textContent = bars[digit].percent;
  });
}

function pause() {
  clearInterval(timer);
  timer = null;
  find(".play").textContent = "Play";
}

function tick() {
  if (!element.offsetParent || step === props.value.frames.length - 1) return pause();
  show(step + 1);
}

function play() {
  if (still.matches) return;
  show(step === props.value.frames.length - 1 ? 0 : step);
  find(".play").textContent = "Pause";
  timer = setInterval(tick, EVERY);
}

function begin() {
  clearInterval(timer);
  timer = null;
  if (props.value?.frames?.length) show(props.value.frames.length - 1);
}

element.addEventListener("click", (event) => {
  const what = event.target.closest("button")?.dataset.do;
  if (what === "play") return timer ? pause() : play();
  if (what) pause(), show(step + (what === "on" ? 1 : -1));
});
element.addEventListener("input", (event) => {
  event.stopPropagation();
  pause();
  show(Number(event.target.value));
});
watch("value", begin);
begin();
