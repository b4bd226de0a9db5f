// One channel of the mosaic is chosen.
element.addEventListener("click", (event) => {
  const chosen = event.target.closest("button");
  if (!chosen) return;
  for (const button of element.querySelectorAll("button"))
    button.setAttribute("aria-pressed", button === chosen);
  trigger("select", { index: Number(chosen.dataset.channel) });
});
