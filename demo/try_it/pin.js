// The picture in hand is pinned, or what is pinned is let go; the button for that is beside it.
function pin(pinned) {
  props.value = { pinned, turn: Date.now() }; // that alone makes Gradio send it
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pin], [data-unpin]");
  if (button) pin("pin" in button.dataset);
});
