// A cell of the matrix is pressed: the page shows hands of that kind.
element.addEventListener("click", (event) => {
  const cell = event.target.closest("button");
  if (!cell) return;
  for (const each of element.querySelectorAll("button"))
    each.setAttribute("aria-pressed", String(each === cell));
  const { digit, read } = cell.dataset;
  trigger("select", { index: [Number(digit), Number(read)] });
});
