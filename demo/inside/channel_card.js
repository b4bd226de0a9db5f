element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  button.disabled = true;
  button.textContent = "Working…";
  trigger("click");
});
