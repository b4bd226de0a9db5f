// The card under a head is folded away, or opened again.
const button = element.querySelector(".fold");
button.addEventListener("click", () => {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", open);
  element.closest(".station").classList.toggle("folded", !open);
});
