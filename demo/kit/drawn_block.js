// The panel of whichever part of the block is pointed at, focused or touched.
function show(event) {
  const part = event.target.closest("[data-part]");
  if (!part) return;
  element.querySelectorAll("[data-part]").forEach((each) => each.classList.toggle("shown", each === part));
  element.querySelectorAll("[data-shows]").forEach((each) => {
    each.hidden = each.dataset.shows !== part.dataset.part;
  });
}
for (const kind of ["mouseover", "focusin", "click"]) element.addEventListener(kind, show);
