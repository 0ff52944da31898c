/* A row of text with its damage marked and the repair beside it. */
const NAMED = /<U\+[0-9A-F]{4,6}>|\\x[0-9a-f]{2}/g;

/** Text whose odd characters, told by name, are set apart from what the author wrote. */
function plain(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(NAMED)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    nodes.push(make("span", { class: "named" }, found[0]));
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

const visibleText = (text) => text.replace(/\n/g, "⏎").replace(/^ +$/, (blanks) => "␣".repeat(blanks.length));

/** Whether a repair stands inside another one that is as safe, so that it need not be shown as well. */
function covered(i, spans, others) {
  const [start, end] = spans.get(i);
  return others.some((j) => {
    if (j === i || F.repair[j] < 0 || F.safe[j] < F.safe[i]) return false;
    const [from, to] = spans.get(j);
    return from <= start && end <= to && (to - from > end - start || j < i);
  });
}

/** The marked text of a row; `tags` names the note of each finding that has one. */
function marked(row, findings, tags) {
  const text = data.texts[row];
  const inline = findings.filter((i) => !isBlock(i));
  const spans = new Map(inline.map((i) => [i, spanIn(i, row)]));
  const edges = [...new Set([0, text.length, ...[...spans.values()].flat()])].sort((a, b) => a - b);
  const starting = [...inline].sort((i, j) => spans.get(i)[0] - spans.get(j)[0]);
  const nodes = [];
  let active = [];
  let next = 0;
  for (let number = 0; number < edges.length; number++) {
    const at = edges[number];
    const ending = active.filter((i) => spans.get(i)[1] === at);
    active = active.filter((i) => spans.get(i)[1] > at);
    while (next < starting.length && spans.get(starting[next])[0] <= at) {
      const i = starting[next++];
      (spans.get(i)[1] > at ? active : ending).push(i);
    }
    for (const i of ending) nodes.push(...closing(i, row, tags, spans, inline));
    if (number + 1 < edges.length) nodes.push(...segment(text.slice(at, edges[number + 1]), active));
  }
  return nodes;
}

/** A stretch of text under the same findings. */
function segment(text, active) {
  if (!active.length) return plain(text);
  const top = active.reduce((best, i) => (F.severity[i] > F.severity[best] ? i : best));
  const repaired = active.filter((i) => F.repair[i] >= 0);
  const safe = repaired.some((i) => F.safe[i]);
  const classes = `f ${classOf(top)} s${F.severity[top]}${active.every(isQuiet) ? " quiet" : ""}`;
  const about = { class: safe ? `${classes} safe` : classes, "data-f": active.join(" ") };
  const node = make(repaired.length ? "del" : "mark", about, ...plain(text));
  return [node];
}

/** What stands behind a mark: the repair, and the name of its note. */
function closing(i, row, tags, spans, inline) {
  if (row !== F.row[i] + F.rows[i]) return [];
  const nodes = [];
  const empty = spans.get(i)[0] === spans.get(i)[1];
  const repair = repairOf(i);
  if (empty) nodes.push(make("mark", { class: `f caret ${classOf(i)} s${F.severity[i]}`, "data-f": i }, "‸"));
  if (repair && !covered(i, spans, inline)) {
    const classes = `${F.safe[i] ? "safe" : "suggested"}${isQuiet(i) ? " quiet" : ""}`;
    nodes.push(make("ins", { class: classes, "data-f": i }, ...plain(visibleText(repair))));
  }
  if (tags.has(i)) nodes.push(make("sup", { class: `tag ${classOf(i)}`, "data-f": i }, tags.get(i)));
  return nodes;
}
