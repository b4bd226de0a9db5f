element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  props.value = { ...props.value, chosen: button.dataset.name };
  trigger("input");
});
