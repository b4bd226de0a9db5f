// The address says what is on show, so that it can be shared: #tab=inside&block=conv4_block3.
// A link is opened by pressing what a visitor would press, one thing after the other. A visitor's
// own picture has no name, so it is never part of an address.
const TABS = {
  // of each tab: what of it an address can say, and what is there once it can be chosen
  "try-it": { says: ["stage", "digit"], ready: "#heat img" },
  inside: { says: ["block", "step", "adds-to"], ready: "#map [data-block]" },
  trust: { says: ["why", "why-not", "station"], ready: "#between img" },
  "why-residual": { says: ["station"] },
  scores: { says: ["station"] },
};
const PATIENCE = 60_000; // ms, as the network may be waking or busy
const FIND = {
  tab: (name) => `#rooms > .tab-wrapper [data-tab-id="${name}"]`,
  example: (name) => `#examples [data-name="${name.replaceAll("_", " ")}"]`,
  block: (name) => `#map [data-block="${name}"]`,
  step: (number) => `.walk [data-step="${number}"]`,
  station: (number) => `[data-station="${number}"]`,
};
const where = (key, value) => (FIND[key] ?? ((x) => `#${key} input[value="${x}"]`))(CSS.escape(value));
const shows = () => document.querySelector("#heat img")?.src;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const read = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const settled = () => document.querySelector(".bench:not(.asking)");
const AS_OPENED = { stage: "sharp", digit: "-1", step: "0", "adds-to": "-1" };
let state = {};
let turn = 0; // of the link that is being opened; 0 once it is

function write(news, step) {
  if (turn) return;
  Object.assign(state, news);
  const tab = state.tab ?? "try-it";
  const said = ["tab", "example", ...TABS[tab].says].filter(
    (key) => state[key] !== undefined && state[key] !== AS_OPENED[key],
  );
  const address = new URLSearchParams(said.map((key) => [key, state[key]]));
  const hash = `#${address}`;
  if (hash !== (location.hash || "#"))
    history[step ? "pushState" : "replaceState"](null, "", location.pathname + location.search + hash);
}

async function until(found) {
  const [mine, end] = [turn, Date.now() + PATIENCE];
  while (Date.now() < end) {
    const here = found();
    if (here) return here;
    await pause(80);
    if (turn !== mine) await new Promise(() => {}); // overtaken: this link presses nothing more
  }
  return null;
}

const visible = (selector) =>
  until(() => [...document.querySelectorAll(selector)].find((each) => each.getClientRects().length));

async function press(key, value) {
  const target = await visible(where(key, value));
  const before = shows();
  if (!target || target.checked || target.ariaSelected === "true" || target.ariaPressed === "true")
    return;
  target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  if (key === "example") await until(settled);
  if (key === "stage" || key === "digit") await until(() => shows() !== before);
}

async function scrollTo(place) {
  const head = await visible(place);
  if (!head) return;
  head.querySelector('.fold[aria-expanded="false"]')?.click();
  const panel = head.closest("[role=tabpanel]");
  const bring = () => head.scrollIntoView();
  const follow = new ResizeObserver(bring); // charts above it come later
  const leave = () => follow.disconnect();
  follow.observe(panel);
  for (const kind of ["wheel", "touchstart", "keydown", "mousedown"])
    addEventListener(kind, leave, { once: true, capture: true });
  setTimeout(leave, 8_000);
  bring();
  head.tabIndex = -1;
  head.focus({ preventScroll: true }); // so that the tab key goes on from there
}

// Whether there is what a link asks for; what is not there is no longer asked for.
function there(key, wanted) {
  const found = document.querySelector(where(key, wanted[key]));
  if (!found) wanted[key] = undefined;
  return found;
}

async function open(away, back) {
  turn = ++open.count;
  const wanted = { tab: undefined, ...read() }; // an empty address stays empty
  if (!TABS[wanted.tab]) wanted.tab = undefined;
  const tab = wanted.tab ?? "try-it";
  const { says, ready } = TABS[tab];
  if (back) for (const key of says) wanted[key] ??= state[key] && AS_OPENED[key];
  // A picture is changed where the examples are; the other tabs take it over when they are opened.
  if (wanted.example && wanted.example !== state.example) {
    await visible(".chip.ready"); // or the press is lost, as nobody listens yet
    await press("tab", "try-it");
    await visible("#examples [data-name]"); // an old link may name one that is gone
    if (there("example", wanted)) await press("example", wanted.example);
  } else if (!wanted.example && state.example) {
    await press("tab", "try-it");
    ask("back");
    for (const [key, value] of Object.entries(AS_OPENED)) wanted[key] ??= state[key] && value;
    state.example = undefined;
    await until(settled);
  }
  await press("tab", tab);
  const choices = says.filter((key) => key !== "station" && wanted[key] !== undefined);
  if (choices.length && ready) await visible(ready);
  for (const key of choices) if (there(key, wanted)) await press(key, wanted[key]);
  state = { ...state, ...wanted };
  turn = 0;
  write(); // without what is not there
  if (wanted.station) scrollTo(where("station", wanted.station));
  else if (away && wanted.step) scrollTo(".walk");
  else if (away && wanted.block) scrollTo("#block");
}
open.count = 0;

addEventListener("popstate", () => open(false, true));
document.addEventListener("place", ({ detail: { opened, ...news } }) => {
  if (opened) AS_OPENED.block = opened;
  write(news, !news.step);
});
document.addEventListener("click", (event) => {
  if (event.isTrusted) turn = 0; // whoever presses something has other plans
  const link = event.target.closest('a[href^="#tab="]');
  const tab = event.target.closest("#rooms > .tab-wrapper [data-tab-id]");
  const example = event.target.closest("#examples [data-name]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const wanted = new URLSearchParams(link.hash.slice(1));
    if (state.example && !wanted.has("example")) wanted.set("example", state.example); // it stays
    if (`#${wanted}` !== location.hash)
      history.pushState(null, "", `${location.pathname}${location.search}#${wanted}`);
    const rooms = document.querySelector("#rooms");
    const away = !rooms.contains(link); // at the foot of the page, where what it opens is out of sight
    if (away) rooms.scrollIntoView();
    open(away);
  } else if (tab) write({ tab: tab.dataset.tabId, station: undefined }, true);
  else if (example) write({ example: example.dataset.name.replaceAll(" ", "_") }, true);
});
document.addEventListener("change", ({ target }) => {
  const key = target.type === "radio" && target.closest("fieldset")?.id;
  if (Object.values(TABS).some(({ says }) => says.includes(key))) write({ [key]: target.value });
});

// What a visitor brings takes the example's place.
const own = () => write({ example: undefined });
document.addEventListener("change", ({ target }) => target.type === "file" && own());
document.addEventListener("drop", ({ target }) => target.closest?.("#picture") && own(), true);
document.addEventListener("asked", ({ detail: { how, what } }) => how === "upload" && !what && own(), true);
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("#picture button, .segments [role=tab]");
  if (pressed && pressed.ariaLabel !== "Fullscreen") own();
});

if (location.hash) open(true);
