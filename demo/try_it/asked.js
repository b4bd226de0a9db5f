// What the visitor did last, whatever it was, is the one request that counts. While the answer on
// show belongs to another, it is dimmed; beside a frame that is empty again, it is gone at once.
const SLOW = 300; // ms until an answer that is no longer the picture's is dimmed
const SLOW_LIVE = 3000; // the same while frames or strokes follow one another
const SILENT = 4000; // ms without a place in the queue or a sign of work
const bench = element.closest(".bench");
const whole = document.querySelector("#asked"); // Gradio writes the place in the queue into it
const words = element.querySelector(".reading");
const FILM = ["camera", "next frame"];
const LIVE = [...FILM, "drawing"];
const ABOUT = ["digit", "truth", "part", "remedy"]; // the picture in hand
const EXAMPLES = ["opening", "back", "example"];
const SOURCES = ["upload", ...LIVE];
const WORDS = {
  opening: "Reading the example…",
  back: "Reading the example…",
  example: "Reading the example…",
  digit: "Looking for what speaks for that digit…",
  truth: "Changing the picture in several ways…",
};
let answered = { how: "", turn: 0 };
let asked = answered;
let timer = null;
let later = null; // what is asked about a frame that has not been read yet
let nudged = 0; // the turn for which it was made to listen again
let brought = false; // whether the visitor has put in any picture yet

function say() {
  const place = /queue: (\d+)\/(\d+)/.exec(whole.textContent);
  const waiting = place && Number(place[2]) > 1;
  const sentence = waiting
    ? `Waiting for the network: number ${place[1]} of ${place[2]} in the queue.`
    : (WORDS[asked.how] ?? "Reading your picture…");
  if (words.textContent !== sentence) words.textContent = sentence; // or it would be seen for ever
}

function dim() {
  bench.classList.add("busy");
  words.hidden = false;
  say();
}

function settle() {
  clearTimeout(timer);
  timer = null;
  bench.classList.remove("asking", "busy", "cleared");
  words.hidden = true;
  if (later) ask(...later);
}

window.ask = (how, what = null) => {
  if (how === "picture tab") {
    if (EXAMPLES.includes(asked.how)) return; // it was opened for one, or one is still on show
    how = "upload";
  }
  const brings = SOURCES.includes(how);
  if (brings && !what && !brought) return; // an empty frame leaves the example that opened the page
  brought = how !== "back" && (brought || brings || how === "example");
  const filming = LIVE.includes(asked.how) && bench.classList.contains("asking");
  later = ABOUT.includes(how) && filming ? [how, what] : null;
  if (later) return;
  const live = LIVE.includes(how) && LIVE.includes(asked.how) && what;
  asked = { how, what, turn: Date.now() + Math.random() };
  bench.classList.add("asking");
  bench.classList.toggle("cleared", brings && !what);
  timer ??= setTimeout(dim, live ? SLOW_LIVE : SLOW);
  props.value = asked; // that alone makes Gradio send it
  const detail = { how, what, film: FILM.includes(how), about: ABOUT.includes(how) };
  bench.dispatchEvent(new CustomEvent("asked", { detail }));
};

// A request that the server did not take, as its queue is full, is answered by no turn.
function giveUp() {
  later = null;
  settle();
  bench.classList.toggle("cleared", SOURCES.includes(asked.how)); // the answer is of another picture
  words.textContent = "That was not read; try again.";
  words.hidden = false;
}

new MutationObserver(() => {
  if (whole.querySelector(".error")) bench.classList.contains("asking") && giveUp();
  else if (!words.hidden) say();
}).observe(whole, {
  childList: true,
  subtree: true,
  characterData: true,
});

const turn = document.querySelector("#turn");
new MutationObserver(() => {
  const latest = Number(turn.querySelector("[data-turn]")?.dataset.turn);
  if (latest === asked.turn) settle();
  else if (timer) {
    clearTimeout(timer);
    timer = setTimeout(dim, SLOW_LIVE);
  }
}).observe(turn, { childList: true, subtree: true, attributes: true });

// Gradio's stream ends with each answer, and the answer to what is asked at that very moment reaches
// nobody. Any other event makes it listen again, and then it hears what it missed.
setInterval(() => {
  const silent = bench.classList.contains("asking") && !/queue|processing/.test(whole.textContent);
  if (!silent || nudged === asked.turn || Date.now() - asked.turn < SILENT) return;
  nudged = asked.turn;
  trigger("submit");
}, SILENT);

setTimeout(() => asked.turn || ask("opening"));
