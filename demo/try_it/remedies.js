element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  for (const each of element.querySelectorAll("button"))
    each.setAttribute("aria-pressed", String(each === button));
  ask("remedy", { digit: props.value.digit, chosen: button.dataset.name });
});
