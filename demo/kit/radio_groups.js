// The radios of a group share a name, so that the tab key stops at it once and arrow keys choose.
// Gradio gives each radio a name of its own.
let groups = 0;
function name() {
  for (const group of document.querySelectorAll("fieldset:has(input[type=radio])")) {
    group.dataset.group ??= group.id || ++groups; // a radio that is renamed can lose its choice
    const wanted = `group-${group.dataset.group}`;
    for (const radio of group.querySelectorAll("input[type=radio]"))
      if (radio.name !== wanted) radio.name = wanted;
  }
}
let waits = null;
new MutationObserver(() => (waits ??= setTimeout(() => ((waits = null), name()), 200))).observe(
  document.body,
  { childList: true, subtree: true },
);
name();

// Past the head of the page and its tabs.
element.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  const panel = [...document.querySelectorAll("#rooms > [role=tabpanel]")].find((each) => each.offsetParent);
  panel.tabIndex = -1;
  panel.focus();
});
