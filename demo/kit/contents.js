// The list says which station is in sight.
const links = [...element.querySelectorAll("a")];
const number = (link) => new URLSearchParams(link.hash.slice(1)).get("station");

function mark() {
  if (!element.offsetParent) return;
  const panel = element.closest("[role=tabpanel]");
  const heads = [...panel.querySelectorAll("[data-station]")];
  const past = heads.filter((head) => head.getBoundingClientRect().top < innerHeight / 3);
  const here = (past.at(-1) ?? heads[0])?.dataset.station;
  for (const link of links) {
    if (number(link) === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
addEventListener("scroll", mark, { passive: true });
new IntersectionObserver(mark).observe(element); // when its tab is opened
mark();
