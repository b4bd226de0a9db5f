// Gradio's own camera and clipboard say nothing when the browser keeps them back.
const SENTENCES = {
  "Capture from camera": "The browser gives this page no camera: allow it in the address bar, or upload a picture.",
  "Paste from clipboard": "The browser does not let this page read the clipboard: save the picture and upload it.",
};
const words = () => element.querySelector("p");
let asked = null;
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("#picture button");
  if (!pressed) return;
  asked = pressed.ariaLabel ?? asked; // the camera's second button has no label
  words().textContent = "";
});
window.addEventListener("unhandledrejection", (event) => {
  if (!SENTENCES[asked]) return;
  words().textContent = SENTENCES[asked];
  event.preventDefault();
});
