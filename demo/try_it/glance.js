// The answer at a glance, on the paper and on the video: whoever draws or films sees it there.
function show() {
  for (const place of document.querySelectorAll("[data-glance]"))
    place.replaceChildren(
      ...[...element.querySelectorAll(place.dataset.glance)].map((each) => each.cloneNode(true)),
    );
}
window.showGlance = (value) => {
  props.value = value;
};
window.lastGlance = () => props.value;

new MutationObserver(show).observe(element, {
  childList: true,
  subtree: true,
  attributes: true,
  characterData: true, // often the digit alone changes
});
