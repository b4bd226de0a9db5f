// The answer is read out when it changes, at most once a second: a film changes its percentages with
// every frame.
const AT_MOST = 1000; // ms between two times that something is read out
const bench = element.closest(".bench");
const spoken = bench.querySelector(".spoken");
const text = (selector) => element.querySelector(selector)?.textContent.trim() ?? "";
let heard = ""; // the word that was read out last
let last = 0; // when that was
let timer = null;

function speak() {
  timer = null;
  const word = text(".word");
  if (word === heard) return;
  heard = word;
  last = Date.now();
  spoken.textContent = [text(".example"), word, text(".sentence")].filter(Boolean).join(", ");
}

bench.addEventListener("asked", ({ detail }) => {
  if (!detail.film) heard = spoken.textContent = "";
});
new MutationObserver(() => {
  timer ??= setTimeout(speak, Math.max(100, last + AT_MOST - Date.now()));
}).observe(element, { childList: true, subtree: true, characterData: true });

// What is read of a frame in passing is said without Gradio.
window.sayAnswer = (value) => {
  props.value = value;
};
