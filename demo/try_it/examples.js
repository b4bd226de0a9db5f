element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) ask("example", Number(button.dataset.index));
});
