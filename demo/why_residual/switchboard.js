// A press on a switch, or on the one that puts all on again, goes to the page.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-block]");
  if (button) trigger("select", { index: button.dataset.block });
});
