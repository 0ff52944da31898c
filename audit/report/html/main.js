/* The page comes to life. */

/** The finding that an address names: by fingerprint, and by document and place where texts share one. */
function named(name) {
  const [, mark, document, start] = name.match(/^f-([0-9a-f]+(?:-\d+)?)(?:@(\d+):(\d+))?$/) || [];
  for (let i = F.mark.indexOf(mark); i >= 0; i = F.mark.indexOf(mark, i + 1)) {
    if (document === undefined || (F.start[i] === Number(start) && documentOf(i) === Number(document))) return i;
  }
  return F.mark.indexOf(mark);
}

/** Follows the address: a finding, an entry, a section. */
function follow() {
  const name = location.hash.slice(1);
  if (name.startsWith("f-")) {
    const i = named(name);
    if (i >= 0) goTo(i);
  } else if (/^e\d+-\d+$/.test(name)) goToPart(name);
}

/** The finding nearest to where a strip was clicked, one that stands out if there is one. */
function atStrip(event, link) {
  const part = data.parts.find((one) => one.id === link.dataset.target);
  const box = link.querySelector("svg").getBoundingClientRect();
  if (!part || event.clientX < box.left || event.clientX > box.right) return null;
  const wanted = part.start + ((event.clientX - box.left) / box.width) * data.longest;
  let best = null;
  let least = Infinity;
  for (let i = firstOf[part.rows[0]]; i < firstOf[part.rows[1]]; i++) {
    if (isBlock(i)) continue;
    const far = Math.abs(F.start[i] - wanted) + (isQuiet(i) ? data.longest / 100 : 0);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

/** Links of the page go through the text that is not yet there. */
function clicked(event) {
  const mark = event.target.closest("#proof [data-f]");
  if (mark && !event.target.closest("summary, .known")) {
    const numbers = mark.dataset.f.split(" ").map(Number);
    goTo(numbers.reduce((best, i) => (F.severity[i] > F.severity[best] ? i : best)));
    return;
  }
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  if (link.dataset.kind) onlyKind(link.dataset.kind, link.dataset.repair);
  if (link.dataset.target && event.detail) {
    const i = atStrip(event, link);
    if (i !== null) {
      event.preventDefault();
      goTo(i);
      return;
    }
  }
  if (link.hash === location.hash && link.hash.length > 2) follow();
}

/** Fills a block and the blocks in it. */
function fillAll(block) {
  fill(block);
  block.querySelectorAll(":scope > .block, :scope > .part > .block").forEach(fillAll);
}

/** Everything on paper, unless it would be a book. */
function beforePrint() {
  if (data.texts.length <= 6000) document.querySelectorAll("#proof .block").forEach(fillAll);
}

/** Opens and closes what the text is chosen by. */
function toggleChoices() {
  $("choices").hidden = !$("choices").hidden;
  $("choices-button").setAttribute("aria-expanded", String(!$("choices").hidden));
}

function start() {
  document.querySelectorAll("tr[id]").forEach((row) => (row.id = `row-${row.id}`));
  $("kind-boxes").append(...kindBoxes());
  $("entry").append(...entryOptions());
  $("tools").hidden = false;
  let waiting = 0;
  $("tools").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(applyFilters, 120);
  });
  $("tools").addEventListener("reset", () => setTimeout(applyFilters));
  $("tools").addEventListener("submit", (event) => event.preventDefault());
  $("reading").addEventListener("change", () => (document.body.dataset.reading = $("reading").value));
  $("choices-button").addEventListener("click", toggleChoices);
  $("help-button").addEventListener("click", () => $("help").showModal());
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  for (const name of ["wheel", "touchmove", "pointerdown"]) addEventListener(name, () => (goal = null), { passive: true });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", beforePrint);
  document.body.dataset.reading = "proof";
  applyFilters();
  follow();
}

start();
