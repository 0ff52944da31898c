/* The text: parts with blocks of rows that are filled when they come near the screen. */
const ROWS = 12; // of a block, at most
const LETTERS = 1500; // of a block, more or less
const SHEAF = 400; // items of a block of blocks
const PARTS = 60; // sections of a block
const FOLD = 4; // so many rows without a finding are folded
const NEAR = "1500px";
const opened = new Set(); // quiet findings whose note was asked for
let visible = new Uint8Array(total).fill(1);
let matching = null; // rows that a search found, or null
let filtered = false;
let blockOf = new Map(); // row to block
const contents = new WeakMap(); // the items of a block that is still empty
const waiting = []; // blocks near the screen that are still empty
const SLICE = 8; // milliseconds of a frame that filling may take
const watcher = new IntersectionObserver(
  (entries) => {
    if (!waiting.length) requestAnimationFrame(pump);
    waiting.push(...entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target));
  },
  { rootMargin: NEAR },
);

/** Fills waiting blocks, those on the screen first, and leaves the rest of the frame to scrolling. */
function pump() {
  const end = performance.now() + SLICE;
  const far = (block) => Math.abs(block.getBoundingClientRect().top);
  if (waiting.length > 1) {
    const distances = new Map(waiting.map((block) => [block, far(block)]));
    waiting.sort((a, b) => distances.get(b) - distances.get(a));
  }
  while (waiting.length && performance.now() < end) {
    const block = waiting.pop();
    if (block.isConnected) fill(block);
  }
  if (waiting.length) requestAnimationFrame(pump);
}

/** Whether a row is shown for its own sake. */
function speaks(row) {
  if (matching) return matching.has(row);
  return findingsOf(row).some((i) => visible[i]);
}

/** What a run of rows is shown as: numbers of rows, and [first, past the last] of those that are folded. */
function itemsOf(first, last) {
  const items = [];
  const around = filtered ? 0 : 1;
  for (let row = first; row < last; ) {
    if (speaks(row)) {
      items.push(row++);
      continue;
    }
    let end = row;
    while (end < last && !speaks(end)) end++;
    const low = row === first ? row : Math.min(row + around, end);
    const high = end === last ? end : Math.max(end - around, low);
    const folded = high > low && (filtered || high - low >= FOLD);
    for (let inner = row; inner < end; inner++) {
      if (folded && inner === low) {
        items.push([low, high]);
        inner = high - 1;
      } else items.push(inner);
    }
    row = end;
  }
  return items;
}

/** Builds the parts anew, empty; the screen fills them. */
function build() {
  watcher.disconnect();
  blockOf = new Map();
  const only = $("entry").value;
  const shown = data.parts.filter((part, number) => only === "" || Number(only) === number);
  const parts = shown.map((part) => [part, itemsOf(...part.rows)]);
  const left = parts.filter(([, items]) => !(filtered && items.every(Array.isArray)));
  $("proof").replaceChildren(...sheaves(left));
}

/** Parts, as sections where they are few, else as blocks that will hold them. */
function sheaves(parts) {
  if (parts.length <= PARTS) return parts.map((pair) => section(...pair));
  const made = [];
  for (let from = 0; from < parts.length; from += PARTS) {
    const some = parts.slice(from, from + PARTS);
    const rows = some.flatMap(([part]) => Array.from({ length: part.rows[1] - part.rows[0] }, (_, n) => part.rows[0] + n));
    const node = block(rows, rows.length + 4 * some.length);
    contents.set(node, some);
    made.push(node);
  }
  return made;
}

/** One part with its heading. */
function section(part, items) {
  const head = make("header", {}, make("h3", { tabindex: "-1" }, ...headingOf(part)));
  if (data.documents.length > 1) head.append(make("p", {}, data.documents[part.document].path));
  if (part.grades) head.append(make("p", {}, part.grades));
  head.append(...(filtered ? [] : quietNote(part)));
  return make("section", { class: "part", id: part.id, lang: "" }, head, ...blocks(items));
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
  const rules = [...counts].map(([rule, count]) => say("script.quiet.rule", { rule: data.rules[rule][1], count: thousands(count) }));
  return [make("p", { class: "often" }, say("script.quiet", { rules: rules.join(say("script.comma")) }))];
}

/** Blocks of items, empty, as high as they will be more or less; of many items blocks that will hold blocks. */
function blocks(items) {
  const [most, letters] = items.length > SHEAF ? [SHEAF, Infinity] : [ROWS, LETTERS];
  const made = [];
  for (let from = 0; from < items.length; ) {
    let to = from;
    let size = 0;
    let lines = 0;
    while (to < items.length && to - from < most && size < letters) {
      const length = lengthOf(items[to++]);
      size += length;
      lines += Math.max(1, Math.ceil(length / 40));
    }
    made.push(block(items.slice(from, to), lines));
    from = to;
  }
  return made;
}

/** One block. */
function block(items, lines) {
  const node = make("div", { class: "block" });
  node.style.minHeight = `${lines * 34}px`;
  contents.set(node, items);
  for (const item of items) {
    const [first, last] = Array.isArray(item) ? item : [item, item + 1];
    for (let row = first; row < last; row++) blockOf.set(row, node);
  }
  watcher.observe(node);
  return node;
}

const lengthOf = (item) => (Array.isArray(item) || isLeftOut(item) ? 0 : data.texts[item].length);

/** What stands for rows without a finding: a button that shows them, or how many lines were left out. */
function fold([first, last]) {
  let count = 0;
  for (let row = first; row < last; row++) count += isLeftOut(row) ? data.texts[row] : data.offsets[row] ? 0 : 1;
  const here = Array.from({ length: last - first }, (_, n) => first + n).filter((row) => !isLeftOut(row));
  const kind = filtered ? "hidden" : here.length ? "fold" : "left.out";
  const words = say(`script.${kind}${count === 1 ? ".one" : ""}`, { count: thousands(count) });
  if (!here.length) return make("p", { class: "fold" }, words);
  const button = make("button", { type: "button", class: "fold", "data-first": first, "data-last": last }, words);
  button.addEventListener("click", () => unfoldRows(button, first, last));
  return button;
}

/** Shows what was folded, in blocks of its own. */
function unfoldRows(button, first, last) {
  const rows = Array.from({ length: last - first }, (_, n) => first + n);
  button.replaceWith(...blocks(rows));
}

/** Fills a block with its blocks or its rows. */
function fill(block) {
  const items = contents.get(block);
  if (!items) return;
  contents.delete(block);
  watcher.unobserve(block);
  block.style.minHeight = "";
  if (Array.isArray(items[0]) && typeof items[0][0] === "object") {
    block.append(...items.map((pair) => section(...pair)));
    return;
  }
  if (items.length > ROWS) {
    block.append(...blocks(items));
    return;
  }
  block.append(...items.map((item) => (Array.isArray(item) ? fold(item) : rowNode(item))));
  if (matching) highlight(block);
}

/** Whether a finding is marked even where it was not asked for: without it the text could hardly be read. */
const fades = (i) => isQuiet(i) && F.safe[i] && repairOf(i) === "";

/** One row: number, marked text, notes. */
function rowNode(row) {
  if (isLeftOut(row)) return fold([row, row + 1]);
  const findings = findingsOf(row).filter((i) => visible[i] || opened.has(i) || fades(i));
  const noted = findings.filter((i) => F.row[i] === row && (visible[i] || opened.has(i)));
  const groups = grouped(noted, opened);
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
  const block = blockOf.get(row);
  if (!block) return null;
  fill(block);
  const found = block.querySelector(`:scope > [data-row="${row}"]`);
  if (found) return found;
  for (const button of block.querySelectorAll(":scope > button.fold")) {
    if (Number(button.dataset.first) <= row && row < Number(button.dataset.last)) button.click();
  }
  return blockOf.get(row) === block ? null : rowAt(row);
}
