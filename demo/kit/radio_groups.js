// The radios of a group share a name, so that the tab key stops at it once and arrow keys choose.
// Gradio gives each radio a name of its own.
function name() {
  document.querySelectorAll("fieldset:has(input[type=radio])").forEach((group, number) => {
    for (const radio of group.querySelectorAll("input[type=radio]"))
      radio.name = `group-${group.id || number}`;
  });
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
