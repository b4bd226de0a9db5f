element.addEventListener("click", (event) => {
  if (!event.target.closest("button")) return;
  props.value = { ...props.value, climbing: true, done: 0 };
  trigger("click");
});
