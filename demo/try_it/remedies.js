element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const use = button.getAttribute("aria-pressed") !== "true"; // pressed again it is undone
  for (const each of element.querySelectorAll("button")) {
    each.setAttribute("aria-pressed", String(use && each === button));
    each.textContent = use && each === button ? "Undo" : "Use";
    each.ariaLabel = `${each.textContent}: ${each.dataset.name}`;
  }
  ask("remedy", { digit: props.value.digit, chosen: use ? button.dataset.name : "" });
});
