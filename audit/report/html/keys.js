/* Going from finding to finding and from entry to entry. */
let current = -1;
let goal = null; // what the page scrolls to
const SETTLE = 1000; // milliseconds after which it stays where it is
const CALM = 5; // frames without a move

/** Shows a finding: its row on the screen, its note open, everything else where it was. */
function goTo(i, { open = true } = {}) {
  if (!visible[i] || (matching && !matching.has(F.row[i]))) resetFilters();
  const note = noteOf(i);
  if (!note) return;
  document.querySelectorAll(".current").forEach((node) => node.classList.remove("current"));
  current = i;
  const row = note.closest(".row");
  row.querySelectorAll("[data-f]").forEach((node) => {
    if (node.dataset.f.split(" ").includes(String(i))) node.classList.add("current");
  });
  const details = note.querySelector("details");
  details.dataset.f = i;
  if (open) {
    details.open = true;
    unfold(details);
  }
  const target = row.querySelector(".line .current") || row;
  settleAt(target);
  details.querySelector("summary").focus({ preventScroll: true });
  history.replaceState(null, "", `#f-${F.mark[i]}@${documentOf(i)}:${F.start[i]}`);
  $("status").value = say("script.position", { number: thousands(i + 1), count: thousands(total) });
}

/** The note of a finding; a quiet one gets its own. */
function noteOf(i) {
  if (isQuiet(i) && !opened.has(i)) {
    opened.add(i);
    const old = rowAt(F.row[i]);
    if (old) old.replaceWith(rowNode(F.row[i]));
  }
  const row = rowAt(F.row[i]);
  return [...(row?.querySelectorAll(".note") || [])].find((node) => node.dataset.f.split(" ").includes(String(i)));
}

/** Scrolls to a node, and again until what lies around it has taken its place; a reader who scrolls ends it. */
function settleAt(node, where = "center") {
  const end = performance.now() + SETTLE;
  let still = 0;
  goal = node;
  const again = () => {
    if (goal !== node || !node.isConnected) return;
    const before = node.getBoundingClientRect().top;
    node.scrollIntoView({ block: where });
    const moved = Math.abs(node.getBoundingClientRect().top - before) > 1;
    still = moved || waiting.length ? 0 : still + 1;
    if (still < CALM && performance.now() < end) requestAnimationFrame(again);
  };
  again();
}

/** The next finding that is shown, quiet ones only where nothing else is asked for. */
function step(by) {
  const loud = !filtered;
  let i = current < 0 ? nearest(by) : current + by;
  while (i >= 0 && i < total && (!visible[i] || (loud && isQuiet(i)) || (matching && !matching.has(F.row[i])))) i += by;
  if (i >= 0 && i < total) goTo(i);
}

/** The first finding below the top of the screen, or the last above it. */
function nearest(by) {
  const rows = [...document.querySelectorAll(".row")].filter((node) => node.getBoundingClientRect().bottom > 0);
  const row = rows.length ? Number(rows[0].dataset.row) : 0;
  return by > 0 ? firstOf[row] : firstOf[row] - 1;
}

/** The next entry. */
function stepPart(by) {
  const parts = [...document.querySelectorAll(".part")];
  const below = parts.findIndex((node) => node.getBoundingClientRect().top > 80);
  const at = below < 0 ? parts.length : below;
  const over = parts[at - 1] && parts[at - 1].getBoundingClientRect().top < -80;
  const next = by > 0 ? at : at - (over ? 1 : 2);
  const part = parts[Math.min(Math.max(next, 0), parts.length - 1)];
  if (part) goToPart(part.id);
}

/** Shows a part, or the first of its document. */
function goToPart(id) {
  const [, document] = id.match(/^e(\d+)-/) || [];
  const known = data.parts.find((one) => one.id === id) || data.parts.find((one) => one.document === Number(document));
  if (!known) return;
  if (!rowAt(known.rows[0])) resetFilters();
  rowAt(known.rows[0]);
  const part = $(known.id);
  settleAt(part, "start");
  part.querySelector("h3").focus({ preventScroll: true });
  current = -1;
}

/** Shows a line of a document. */
function goToLine(path, line) {
  resetFilters();
  const number = data.documents.findIndex((one) => one.path === path);
  for (const part of data.parts) {
    if (part.document !== number) continue;
    for (let row = part.rows[0]; row < part.rows[1]; row++) {
      if (data.lines[row] === line || (isLeftOut(row) && data.lines[row] + data.texts[row] > line && data.lines[row] <= line)) {
        const node = rowAt(row);
        if (node) settleAt(node);
        return;
      }
    }
  }
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  J: () => stepPart(1),
  K: () => stepPart(-1),
  o: () => document.querySelector(".note.current summary")?.click(),
  "/": () => $("query").focus(),
  f: () => {
    if ($("choices").hidden) toggleChoices();
    document.querySelector("#kind-boxes input")?.focus();
  },
  "?": () => $("help").showModal(),
};

/** Single keys act where nothing is typed, unless they were switched off. */
function pressed(event) {
  const typing = event.target.matches("input:not([type=checkbox]):not([type=range]), select, textarea");
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("help").open || !$("shortcuts").checked) return;
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
