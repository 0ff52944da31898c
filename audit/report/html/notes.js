/* Notes in the margin: what is wrong, how sure, the repair; evidence and the story of the bytes on request. */

/** Findings that say the same of a row, in one note; quiet ones only if they were opened. */
function grouped(findings, opened) {
  const groups = new Map();
  for (const i of findings) {
    if (isQuiet(i) && !opened.has(i)) continue;
    const key = `${F.rule[i]} ${F.message[i]} ${F.repair[i]}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(i);
  }
  return [...groups.values()];
}

/** The name of each finding's note: a letter and a number that counts in the row. */
function tagsOf(groups) {
  const tags = new Map();
  const numbers = {};
  for (const group of groups) {
    const letter = letterOf(group[0]);
    numbers[letter] = (numbers[letter] || 0) + 1;
    for (const i of group) tags.set(i, letter + numbers[letter]);
  }
  return tags;
}

/** One note. */
function note(group, tags) {
  const i = group[0];
  const facts = [say(`severity.${severities[F.severity[i]]}`), say("script.sure", { percent: percent(i) })];
  if (F.repair[i] >= 0) facts.push(say(`repair.${repairKind(i)}`));
  if (group.length > 1) facts.push(say("script.more.same", { count: group.length }));
  const head = make(
    "summary",
    {},
    make("span", { class: `tag ${classOf(i)}` }, tags.get(i)),
    " ",
    ...changeOf(i),
    make("span", { class: "message" }, ...plain(messageOf(i))),
    make("small", {}, facts.join(" · ")),
  );
  const details = make("details", { "data-f": i }, head);
  details.addEventListener("toggle", () => details.open && unfold(details));
  return make("li", { class: `note s${F.severity[i]}`, "data-f": group.join(" ") }, details);
}

const percent = (i) => Math.min(Math.round(F.confidence[i] / 10), 99);

/** Damage and repair. */
function changeOf(i) {
  const repair = repairOf(i);
  if (repair === null) return [];
  const shown = repair === "" ? make("em", {}, say("script.delete")) : make("ins", {}, ...plain(visibleText(repair)));
  const damage = make("del", {}, ...plain(visibleText(shortened(damageOf(i)))));
  return [make("span", { class: "change" }, damage, " → ", shown)];
}

const shortened = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** Fills a note that was opened. */
function unfold(details) {
  const i = Number(details.dataset.f);
  details.querySelector(".known")?.remove();
  const [code, name] = ruleOf(i);
  const known = make("div", { class: "known" });
  known.append(
    make("p", {}, make("b", {}, `${code} ${name}`), ` · ${wordFor("kind", kindOf(i))}`),
    make("p", {}, `${say("script.place", { line: F.line[i], column: F.column[i] })}${bytesOf(i)}`),
  );
  const evidence = F.evidence[i] < 0 ? {} : data.evidence[F.evidence[i]];
  known.append(...story(evidence));
  if (F.evidence[i] === -2) known.append(make("p", {}, say("script.evidence.left.out")));
  const rest = Object.entries(evidence).filter(([key]) => !["before", "after", "originals"].includes(key) || !evidence.originals);
  if (rest.length) known.append(make("p", { class: "label" }, make("b", {}, say("script.evidence"))), listed(rest));
  known.append(make("p", { class: "mark" }, `${say("script.fingerprint")} ${F.mark[i]}`));
  details.append(known);
}

const bytesOf = (i) => (F.from[i] < 0 ? "" : ` · ${say("script.bytes", { first: F.from[i], last: F.to[i] })}`);

/** How bytes were paired, and what they may have been. */
function story(evidence) {
  if (!evidence.originals || !/^[0-9a-f ]+$/.test(evidence.before || "")) return [];
  const line = (key, hexes) =>
    make("div", {}, make("dt", {}, say(key)), make("dd", {}, ...paired(hexes.replace(/ /g, ""))));
  const originals = evidence.originals
    .filter((one) => one.probability >= 0.001)
    .map((one) => make("li", {}, ...plain(one.text), make("small", {}, ` ${(100 * one.probability).toFixed(1)}%`)));
  const nodes = [make("p", { class: "label" }, make("b", {}, say("script.byte.story")))];
  const bytes = make("dl", { class: "bytes" }, line("script.byte.before", evidence.before));
  if (evidence.after) bytes.append(line("script.byte.after", evidence.after));
  nodes.push(bytes);
  if (originals.length) nodes.push(make("p", { class: "label" }, make("b", {}, say("script.originals"))), make("ol", { class: "originals" }, ...originals));
  return nodes;
}

/** Bytes with the characters that they make in GBK, in the order in which a program reads them. */
function paired(hexes) {
  const reader = new TextDecoder("gb18030");
  const bytes = hexes.match(/../g).map((hex) => parseInt(hex, 16));
  const cells = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes[at] > 0x80 && at + 1 < bytes.length ? 2 : 1;
    const shown = reader.decode(new Uint8Array(bytes.slice(at, at + size)));
    const hex = hexes.slice(2 * at, 2 * (at + size)).replace(/../, "$& ").trim();
    cells.push(make("span", { class: "pair" }, make("b", {}, /\p{C}|\ufffd/u.test(shown) ? "·" : shown), make("code", {}, hex)));
    at += size;
  }
  return cells;
}

/** Evidence as a list of terms and values. */
function listed(pairs) {
  return make(
    "dl",
    { class: "evidence" },
    ...pairs.map(([key, value]) =>
      make("div", {}, make("dt", {}, wordFor("evidence", key)), make("dd", {}, ...valueOf(value)))),
  );
}

/** One value of the evidence; a place becomes a link. */
function valueOf(value) {
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== "object")) return [value.join("、") || "–"];
    return [make("ul", {}, ...value.map((one) => make("li", {}, ...valueOf(one))))];
  }
  if (value !== null && typeof value === "object") {
    if ("line" in value && "path" in value) return [placeLink(value)];
    return [listed(Object.entries(value))];
  }
  return plain(String(value ?? "–"));
}

/** A link to another place of the collection. */
function placeLink(place) {
  const words = place.entry ? [say("script.entry", { number: place.entry })] : [];
  words.push(place.end_line > place.line ? say("script.lines", { first: place.line, last: place.end_line }) : say("script.line", { line: place.line }));
  const link = make("a", { href: "#text" }, words.join(", "));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    goToLine(place.path, place.line);
  });
  return link;
}
