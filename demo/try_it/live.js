// The camera, read several times a second: once a frame is answered, the next one is sent, so that
// nothing piles up. It stops by itself when another tab is opened, and holds the picture when
// something is asked about it, which the next frame would undo.
const EVERY = 10; // ms between two looks whether the last frame was answered
const PATIENCE = 3000; // ms until another frame is sent though the last one has no answer
const SEARCH_EVERY = 40; // frames; in the others the hand is looked for where it was first of all
const MAP_EVERY = 8; // frames; the others get their answer alone, which takes a fraction of the time
const LONGEST = 480; // pixels of a frame that is sent
const bench = element.closest(".bench");
const video = element.querySelector("video");
const words = element.querySelector(".words");
const button = (what) => element.querySelector(`[data-do="${what}"]`);
const canvas = document.createElement("canvas");
let stream = null;
let timer = null;
let facing = "user";
let frames = 0; // that were sent since the camera was started
let sent = 0; // when the last of them was

function next() {
  if (document.hidden || !element.offsetParent) return stop();
  const waiting = bench.classList.contains("asking") && Date.now() - sent < PATIENCE;
  if (video.paused || waiting) return;
  const number = frames++;
  send(number % SEARCH_EVERY ? (number % MAP_EVERY ? "glimpse" : "next frame") : "camera");
}

function send(how) {
  if (!video.videoWidth) return;
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const frame = canvas.toDataURL("image/jpeg", 0.85);
  if (how !== "glimpse") props.value = frame;
  sent = Date.now();
  ask(how, frame);
}

function stop() {
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
    video.pause();
    send("next frame"); // what is asked about it now is answered with a map
  } else video.play().catch(() => {}); // held again before the first frame came
  button("hold").textContent = now ? "Resume" : "Freeze";
}

async function begin() {
  stop();
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing } });
    if (stream) return opened.getTracks().forEach((track) => track.stop()); // started twice
    stream = opened;
  } catch (error) {
    element.classList.remove("filmed");
    return sayNoCamera(words, error);
  }
  video.srcObject = stream;
  element.querySelector(".lens").classList.toggle("mirrored", facing === "user");
  hold(false);
  frames = 0;
  element.classList.add("filmed");
  button("start").hidden = true;
  button("stop").hidden = button("hold").hidden = false;
  const devices = await navigator.mediaDevices.enumerateDevices();
  button("turn").hidden = devices.filter((device) => device.kind === "videoinput").length < 2;
  timer = setInterval(next, EVERY);
}

element.addEventListener("click", (event) => {
  const what = event.target.closest("button")?.dataset.do;
  if (what === "stop") stop();
  if (what === "hold") hold(!video.paused);
  if (what === "turn") facing = facing === "user" ? "environment" : "user";
  if (what === "start" || what === "turn") begin();
});

const ASKS = ".findings :is(button, input, label), .part :is(button, .frame)"; // not: scrolls
document.addEventListener("pointerdown", (event) => {
  if (stream && !video.paused && event.target.closest(ASKS)) hold(true);
});
