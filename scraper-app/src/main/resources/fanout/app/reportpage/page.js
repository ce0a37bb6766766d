// Sorts tables, finds rows, and opens what is folded before it is printed. Everything it shows is in the page already.
"use strict";
(() => {
  const FILTERED = 12;
  const collator = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  function key(row, column, numeric) {
    const cell = row.cells[column];
    const value = cell.dataset.v ?? cell.textContent;
    return numeric ? Number(value) : value.trim();
  }

  function sort(table, column, heading) {
    const body = table.tBodies[0];
    const numeric = heading.classList.contains("num") || heading.classList.contains("bar");
    const up = heading.ariaSort ? heading.ariaSort === "descending" : !numeric; // numbers: the largest first
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...body.rows].map((row) => [key(row, column, numeric), row]);
    rows.sort(([a], [b]) => (up ? 1 : -1) * (numeric ? a - b : collator.compare(a, b)));
    body.append(...rows.map(([, row]) => row));
  }

  function filter(table) {
    const name = table.caption.textContent;
    const input = make("input", {type: "search", placeholder: "Find in these rows", ariaLabel: `Find in: ${name}`});
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    table.parentElement.before(input);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const rows = table.tBodies[0].rows.length;
    if (rows < 2) continue;
    table.classList.add("live");
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = make("button", {type: "button", textContent: heading.textContent});
      button.addEventListener("click", () => sort(table, column, heading));
      heading.replaceChildren(button);
    });
    if (rows > FILTERED) filter(table);
  }

  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
})();
