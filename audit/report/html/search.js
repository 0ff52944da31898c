/* Full-text search: the text as it stands, the text without what may safely go, and what the findings say. */
let needle = "";
const cleanRows = new Map();

/** A row without its safe deletions, so that 鄉鎮 is found where 鄉(xiāng)鎮 stands. */
function cleanRow(row) {
  if (!cleanRows.has(row)) {
    let text = data.texts[row];
    const spans = findingsOf(row).filter((i) => F.safe[i] && repairOf(i) === "" && !isBlock(i)).map((i) => spanIn(i, row));
    for (const [start, end] of spans.sort((a, b) => b[0] - a[0])) text = text.slice(0, start) + text.slice(end);
    cleanRows.set(row, text.toLowerCase());
  }
  return cleanRows.get(row);
}

/** Whether a finding says the needle. */
function says(i) {
  const [code, name, kind] = ruleOf(i);
  return [code, name, kind, wordFor("kind", kind), messageOf(i), repairOf(i) ?? "", F.mark[i]].some((words) => words.toLowerCase().includes(needle));
}

/** Finds the rows; `matching` is null without a query. */
function search(query) {
  needle = query.toLowerCase();
  matching = null;
  if (!needle) return;
  matching = new Set();
  const told = data.messages.map((message) => message.toLowerCase().includes(needle));
  for (let row = 0; row < data.texts.length; row++) {
    if (isLeftOut(row)) continue;
    if (data.texts[row].toLowerCase().includes(needle) || cleanRow(row).includes(needle)) matching.add(row);
  }
  for (let i = 0; i < total; i++) if (visible[i] && (told[F.message[i]] || says(i))) matching.add(F.row[i]);
}

/** Marks the needle in a block without touching its nodes. */
function highlight(block) {
  if (!needle || !window.Highlight) return;
  const found = CSS.highlights.get("needle") || new Highlight();
  for (const line of block.querySelectorAll(".line")) for (const range of ranges(line)) found.add(range);
  CSS.highlights.set("needle", found);
}

function highlightAll() {
  window.CSS?.highlights?.delete("needle");
  for (const block of document.querySelectorAll(".block")) highlight(block);
}

/** Where the needle stands in a line: once in all its text, once without what may safely go. */
function ranges(line) {
  const every = [];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) every.push(walker.currentNode);
  const written = every.filter((node) => !node.parentElement.closest("ins, sup"));
  const kept = written.filter((node) => !node.parentElement.closest("del.safe"));
  return [...within(written), ...(kept.length < written.length ? within(kept) : [])];
}

function within(nodes) {
  const text = nodes.map((node) => node.data.toLowerCase()).join("");
  const found = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    const range = document.createRange();
    range.setStart(...nodeAt(nodes, at));
    range.setEnd(...nodeAt(nodes, at + needle.length - 1, 1));
    found.push(range);
  }
  return found;
}

/** Node and offset of the code unit at an offset of the joined text. */
function nodeAt(nodes, offset, more = 0) {
  for (const node of nodes) {
    if (offset < node.data.length) return [node, offset + more];
    offset -= node.data.length;
  }
  const last = nodes[nodes.length - 1];
  return [last, last.data.length];
}
