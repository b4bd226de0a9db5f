// The camera, read several times a second. Most frames are read in passing, two of them under way at
// a time; once in a while one takes the road of every picture, and the heat map is drawn anew. It
// stops by itself when another tab is opened, and holds the picture when something is asked about
// it, which the next frame would undo.
const EVERY = 10; // ms between two looks whether a frame can be sent
const PATIENCE = 3000; // ms until another frame is sent though the last one has no answer
const SEARCH_EVERY = 6000; // ms; in between the hand is looked for where it was first of all
const MAP_EVERY = 1200; // ms between two heat maps
const REST = 1000; // ms after a frame that was lost
const UNDER_WAY = 2; // frames: while one is read, the next is on its way
const LONGEST = 480; // pixels of a frame that is sent
const bench = element.closest(".bench");
const video = element.querySelector("video");
const words = element.querySelector(".words");
const hint = words.textContent;
const button = (what) => element.querySelector(`[data-do="${what}"]`);
const canvas = document.createElement("canvas");
let stream = null;
let timer = null;
let facing = "user";
let film = 0; // changes when what is still under way is not wanted any more
let frames = 0; // that were sent
let shown = 0; // the newest of them whose answer is shown
let underWay = 0;
let searched = 0; // when a frame was last searched all over
let mapped = 0; // when one last took the road of every picture

function next() {
  if (document.hidden || !element.offsetParent) return stop();
  const now = Date.now();
  const waiting = bench.classList.contains("asking") && now - mapped < PATIENCE;
  if (video.paused || waiting || !video.videoWidth) return;
  if (now - searched > SEARCH_EVERY) send("camera");
  else if (now - mapped > MAP_EVERY) send("next frame");
  else if (underWay < UNDER_WAY) glimpse();
}

function draw() {
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
}

function send(how) {
  if (!video.videoWidth) return;
  draw();
  const frame = (props.value = canvas.toDataURL("image/jpeg", 0.85));
  mapped = Date.now();
  if (how === "camera") searched = mapped;
  ask(how, how === "camera" ? frame : { frame, before: lastGlance()?.before });
}

async function glimpse() {
  const [mine, number] = [film, ++frames];
  underWay++;
  try {
    draw();
    const body = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const before = encodeURIComponent(JSON.stringify(lastGlance()?.before ?? null));
    const address = `${location.pathname.replace(/\/?$/, "/")}glimpse?before=${before}`;
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(address, { method: "POST", body, signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const said = await answer.json();
    if (mine !== film || number < shown) return;
    shown = number;
    sayAnswer(said.answer);
    showGlance(said.glance);
  } catch {
    await new Promise((done) => setTimeout(done, REST)); // whoever refused or lost it is busy
  } finally {
    underWay--;
  }
}

function stop() {
  film++;
  clearInterval(timer);
  stream?.getTracks().forEach((track) => track.stop());
  stream = video.srcObject = null;
  video.poster = props.value ?? ""; // what the answer beside it is of
  element.classList.toggle("filmed", Boolean(props.value));
  button("start").hidden = false;
  for (const what of ["stop", "turn", "hold"]) button(what).hidden = true;
}

function hold(now) {
  if (now) {
    film++;
    video.pause();
    send("next frame"); // what is asked about it now is answered with a map
  } else video.play().catch(() => {}); // held again before the first frame came
  button("hold").textContent = now ? "Resume" : "Freeze";
  element.querySelector(".mirror span").hidden = now;
}

async function begin() {
  stop();
  words.textContent = "Allow the camera where your browser asks for it.";
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing } });
    if (stream) return opened.getTracks().forEach((track) => track.stop()); // started twice
    stream = opened;
  } catch (error) {
    element.classList.remove("filmed");
    return sayNoCamera(words, error);
  }
  const mine = stream;
  for (const track of mine.getTracks())
    track.addEventListener("ended", () => {
      if (stream !== mine) return;
      stop(); // it was unplugged, or the browser took it away
      element.classList.remove("filmed");
      words.textContent = "The camera stopped. Connect or allow it again and start it, or upload a photo.";
    });
  words.textContent = hint;
  video.srcObject = stream;
  element.querySelector(".lens").classList.toggle("mirrored", facing === "user");
  hold(false);
  searched = 0;
  element.classList.add("filmed");
  button("start").hidden = true;
  button("stop").hidden = button("hold").hidden = false;
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (stream !== mine) return; // it was stopped meanwhile
  button("turn").hidden = devices.filter((device) => device.kind === "videoinput").length < 2;
  timer = setInterval(next, EVERY);
}

element.addEventListener("click", (event) => {
  const what = event.target.closest("button")?.dataset.do;
  if (what === "stop") {
    if (!video.paused) hold(true); // so that the map is of the frame that the answer is of
    stop();
  }
  if (what === "hold") hold(!video.paused);
  if (what === "turn") facing = facing === "user" ? "environment" : "user";
  if (what === "start" || what === "turn") begin();
});

bench.addEventListener("asked", ({ detail }) => {
  if (!detail.film) film++;
});

const ASKS = ".findings :is(button, input, label), .part :is(button, .frame)"; // not: scrolls
const KEYS = ["Enter", " ", "+", "-", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
for (const kind of ["pointerdown", "keydown"])
  document.addEventListener(kind, (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return; // the browser's own, such as its zoom
    if (event.key && !KEYS.includes(event.key)) return;
    if (stream && !video.paused && event.target.closest(ASKS)) hold(true);
  });
