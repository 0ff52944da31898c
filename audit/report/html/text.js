/* The text: parts with blocks of rows that are filled when they come near the screen. */
const BLOCK = 24; // rows of a block
const FOLD = 4; // so many rows without a finding are folded
const NEAR = "1500px";
const opened = new Set(); // quiet findings whose note was asked for
let visible = new Uint8Array(total).fill(1);
let matching = null; // rows that a search found, or null
let filtered = false;
let blockOf = new Map(); // row to block
const watcher = new IntersectionObserver(
  (entries) => entries.forEach((entry) => entry.isIntersecting && fill(entry.target)),
  { rootMargin: NEAR },
);

/** Whether a row is shown for its own sake. */
function speaks(row) {
  if (matching) return matching.has(row);
  return findingsOf(row).some((i) => visible[i]);
}

/** Rows to show and runs to fold, as [first, past the last, folded]. */
function stretches(first, last) {
  const found = [];
  const add = (from, to, folded) => {
    const before = found[found.length - 1];
    if (before && before[2] === folded) before[1] = to;
    else found.push([from, to, folded]);
  };
  let row = first;
  while (row < last) {
    if (speaks(row)) {
      add(row, row + 1, false);
      row++;
      continue;
    }
    let end = row;
    while (end < last && !speaks(end)) end++;
    const around = filtered ? 0 : 1;
    const low = row === first ? row : Math.min(row + around, end);
    const high = end === last ? end : Math.max(end - around, low);
    const long = filtered || high - low >= FOLD || data.texts.slice(row, end).some((text) => typeof text === "number");
    if (!long) add(row, end, false);
    else {
      if (low > row) add(row, low, false);
      if (high > low) add(low, high, true);
      if (end > high) add(high, end, false);
    }
    row = end;
  }
  return found;
}

/** Builds the parts anew, empty; the screen fills them. */
function build() {
  watcher.disconnect();
  blockOf = new Map();
  const sections = data.parts.map((part, number) => section(part, number)).filter(Boolean);
  $("proof").replaceChildren(...sections);
}

/** One part with its heading. */
function section(part, number) {
  const only = $("entry").value;
  if (only !== "" && Number(only) !== number) return null;
  const runs = stretches(...part.rows);
  if (filtered && runs.every((run) => run[2])) return null;
  const head = make("header", {}, make("h3", { tabindex: "-1" }, ...headingOf(part)));
  if (data.documents.length > 1) head.append(make("p", {}, data.documents[part.document].path));
  if (part.grades) head.append(make("p", {}, part.grades));
  head.append(...(filtered ? [] : quietNote(part)));
  const node = make("section", { class: "part", id: part.id, lang: "" }, head);
  for (const run of runs) node.append(...(run[2] ? folds(...run) : blocks(run[0], run[1])));
  return node;
}

/** Number and title. */
function headingOf(part) {
  const words = part.entry ? [make("span", { class: "n" }, String(part.entry)), " "] : [];
  return [...words, part.title];
}

/** What is marked all over a part, told once. */
function quietNote(part) {
  const counts = new Map();
  for (let i = firstOf[part.rows[0]]; i < firstOf[part.rows[1]]; i++) {
    if (isQuiet(i) && visible[i]) counts.set(F.rule[i], (counts.get(F.rule[i]) || 0) + 1);
  }
  if (!counts.size) return [];
  const rules = [...counts].map(([rule, count]) => `${thousands(count)} × ${data.rules[rule][1]}`);
  return [make("p", { class: "often" }, say("script.quiet", { rules: rules.join(", ") }))];
}

/** Blocks for a run of rows. */
function blocks(first, last) {
  const made = [];
  for (let from = first; from < last; from += BLOCK) {
    const to = Math.min(from + BLOCK, last);
    const block = make("div", { class: "block", "data-from": from, "data-to": to });
    let height = 0;
    for (let row = from; row < to; row++) {
      blockOf.set(row, block);
      height += isLeftOut(row) ? 1 : Math.max(1, Math.ceil(data.texts[row].length / 40));
    }
    block.style.minHeight = `${height * 30}px`;
    watcher.observe(block);
    made.push(block);
  }
  return made;
}

/** What stands for rows without a finding: a button that shows them, or how many lines were left out. */
function folds(first, last) {
  const made = [];
  for (let row = first; row < last; row++) {
    if (isLeftOut(row)) {
      const count = data.texts[row];
      made.push(make("p", { class: "fold" }, say(count === 1 ? "script.left.out.one" : "script.left.out", { count: thousands(count) })));
      continue;
    }
    let end = row;
    while (end < last && !isLeftOut(end)) end++;
    const [from, to] = [row, end];
    const count = data.lines[to - 1] - data.lines[from] + 1;
    const button = make("button", { type: "button", class: "fold" }, say(`script.${filtered ? "hidden" : "fold"}${count === 1 ? ".one" : ""}`, { count: thousands(count) }));
    button.addEventListener("click", () => button.replaceWith(...blocks(from, to)));
    for (let inner = from; inner < to; inner++) blockOf.set(inner, button);
    made.push(button);
    row = end - 1;
  }
  return made;
}

/** Fills a block with its rows. */
function fill(block) {
  if (block.dataset.filled) return;
  block.dataset.filled = "yes";
  watcher.unobserve(block);
  const rows = [];
  for (let row = Number(block.dataset.from); row < Number(block.dataset.to); row++) rows.push(rowNode(row));
  block.append(...rows);
  block.style.minHeight = "";
  if (matching) highlight(block);
}

/** One row: number, marked text, notes. */
function rowNode(row) {
  if (isLeftOut(row)) return folds(row, row + 1)[0];
  const findings = findingsOf(row).filter((i) => visible[i] || opened.has(i));
  const groups = grouped(findings.filter((i) => F.row[i] === row), opened);
  const tags = tagsOf(groups);
  const { document: number } = data.parts[partOf(row)];
  const language = data.documents[number].language || undefined;
  const line = data.offsets[row] ? "" : String(data.lines[row]);
  const about = groups.filter((group) => isBlock(group[0]));
  const beside = groups.filter((group) => !isBlock(group[0]));
  const node = make("div", { class: "row", "data-row": row });
  if (about.length) node.append(make("ol", { class: "notes about" }, ...about.map((group) => note(group, tags))));
  node.append(make("span", { class: "no" }, line), make("p", { class: "line", lang: language }, ...marked(row, findings, tags)));
  if (beside.length) node.append(make("ol", { class: "notes" }, ...beside.map((group) => note(group, tags))));
  return node;
}

/** The node of a row, filled and unfolded if need be. */
function rowAt(row) {
  let holder = blockOf.get(row);
  if (holder?.tagName === "BUTTON") {
    holder.click();
    holder = blockOf.get(row);
  }
  if (!holder) return null;
  fill(holder);
  return holder.querySelector(`[data-row="${row}"]`);
}
