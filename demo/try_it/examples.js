// An example is shown in the frame for pictures; the one that is looked at has a border.
const bench = element.closest(".bench");

function mark(index) {
  for (const button of element.querySelectorAll("button"))
    button.setAttribute("aria-pressed", String(Number(button.dataset.index) === index));
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const tab = bench.querySelector(".segments [role=tab]");
  if (tab.ariaSelected !== "true") tab.click();
  ask("example", Number(button.dataset.index));
});

bench.addEventListener("asked", ({ detail: { how, what, about } }) => {
  if (how === "example") mark(what);
  else if (how === "opening" || how === "back") mark(0);
  else if (!about) mark(-1);
});
mark(0);
