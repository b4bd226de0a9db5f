// The table of all layers: searched, sorted and downloaded here, without asking the network.
const lines = () => [...element.querySelectorAll("tbody tr")];
const row = (line) => props.value.rows[line.cells[0].textContent - 1];

element.addEventListener("input", (event) => {
  const typed = event.target.value.toLowerCase().replace(/(\d)x(?=\d)/g, "$1×");
  const words = typed.split(/\s+/);
  let count = 0;
  for (const line of lines()) {
    const text = line.textContent.toLowerCase();
    line.hidden = !words.every((word) => text.includes(word));
    if (!line.hidden) count += 1;
  }
  const all = props.value.rows.length;
  element.querySelector("[aria-live]").textContent =
    count === all ? `${all} layers` : count ? `${count} of ${all} layers` : "no layer matches";
});

function sort(button) {
  const { key } = button.dataset;
  const head = button.closest("th");
  const numbers = typeof props.value.rows[0][key] === "number";
  const first = numbers && key !== "number" ? "descending" : "ascending";
  const other = { ascending: "descending", descending: "ascending" };
  const order = other[head.getAttribute("aria-sort")] ?? first;
  for (const each of head.parentNode.cells)
    each.setAttribute("aria-sort", each === head ? order : "none");
  const sign = order === "ascending" ? 1 : -1;
  const compare = (a, b) =>
    numbers ? a[key] - b[key] : a[key].localeCompare(b[key], "en", { numeric: true });
  element
    .querySelector("tbody")
    .append(...lines().sort((a, b) => sign * compare(row(a), row(b)) || row(a).number - row(b).number));
}

function download() {
  const keys = props.value.columns.map((column) => column.key);
  const cell = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const rows = props.value.rows.map((row) => keys.map((key) => cell(row[key])).join(","));
  const file = new Blob([[keys.join(","), ...rows].join("\r\n"), "\r\n"], { type: "text/csv" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${props.value.name}-layers.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // Safari fetches it later
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.do === "download") download();
  else sort(button);
});
