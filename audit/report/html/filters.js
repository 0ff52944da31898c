/* What is shown: by kind, severity, repair, entry and confidence. */
const MANY = 1000; // entries to choose from; of more the search finds one
const kindNames = Object.keys(data.letters);
const chosenKinds = () => new Set([...document.querySelectorAll("#kind-boxes input:checked")].map((box) => box.value));

/** A box for each kind that occurs. */
function kindBoxes() {
  const counts = {};
  for (let i = 0; i < total; i++) counts[kindOf(i)] = (counts[kindOf(i)] || 0) + 1;
  return kindNames.filter((kind) => counts[kind]).map((kind) => {
    const [letter, classes] = data.letters[kind];
    return make(
      "label",
      {},
      make("input", { type: "checkbox", value: kind, checked: true }),
      make("i", { class: `swatch ${classes}`, "aria-hidden": "true" }, letter),
      `${wordFor("kind", kind)} `,
      make("small", {}, thousands(counts[kind])),
    );
  });
}

/** The entries to choose from. */
function entryOptions() {
  if (data.parts.length > MANY) return [];
  return data.parts.map((part, number) => {
    const title = part.entry ? `${part.entry} ${part.title}` : part.title;
    return make("option", { value: number }, title.length > 40 ? `${title.slice(0, 39)}…` : title);
  });
}

/** Applies what the form says. */
function applyFilters() {
  const kinds = chosenKinds();
  const severity = Number($("severity").value);
  const least = Number($("confidence").value) * 10;
  const repair = $("repair").value;
  const only = $("entry").value === "" ? null : data.parts[Number($("entry").value)].rows;
  const query = $("query").value.trim();
  const all = kinds.size === document.querySelectorAll("#kind-boxes input").length;
  filtered = !(all && severity === 0 && least === 0 && repair === "" && query === "");
  let shown = 0;
  for (let i = 0; i < total; i++) {
    const fits = kinds.has(kindOf(i)) && F.severity[i] >= severity && F.confidence[i] >= least
      && (repair === "" || repairKind(i) === repair) && (!only || (F.row[i] >= only[0] && F.row[i] < only[1]));
    visible[i] = fits ? 1 : 0;
    shown += visible[i];
  }
  $("least").value = `${$("confidence").value}%`;
  search(query);
  build();
  tell(shown, query);
  highlightAll();
}

/** Says how much is shown. */
function tell(shown, query) {
  $("all-button").hidden = !filtered && $("entry").value === "";
  const words = shown === total
    ? say("script.shown.all", { total: thousands(total) })
    : say("script.shown", { count: thousands(shown), total: thousands(total) });
  const found = query ? say("script.found.lines", { count: thousands(matching.size) }) : "";
  $("status").value = found ? `${words}, ${found}` : words;
  const empty = filtered && !$("proof").children.length;
  if (empty) $("proof").append(make("p", { class: "nothing" }, say("script.nothing")));
}

/** Shows everything again. */
function resetFilters() {
  $("tools").reset();
  applyFilters();
}

/** Shows one kind only, and of it those with such a repair. */
function onlyKind(kind, repair = "") {
  $("tools").reset();
  $("repair").value = repair;
  for (const box of document.querySelectorAll("#kind-boxes input")) box.checked = box.value === kind;
  applyFilters();
}
