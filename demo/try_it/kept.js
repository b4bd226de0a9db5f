let saved = null;
new MutationObserver(() => {
  const link = element.querySelector("a");
  if (!link || props.value.turn === saved) return;
  saved = props.value.turn;
  link.click();
}).observe(element, { childList: true, subtree: true, attributes: true });
