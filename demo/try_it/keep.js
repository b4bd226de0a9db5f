// A press asks for the file; `kept.js` saves it when it comes.
element.addEventListener("click", (event) => {
  const kind = event.target.closest("button")?.dataset.kind;
  if (kind) props.value = { kind, turn: Date.now() }; // that alone makes Gradio send it
});
