/* What the page holds: findings in columns `F`, rows of text, parts. A finding is named by its number. */
const F = data.findings.rule ? data.findings : { rule: [], row: [], rows: [], start: [], mark: [] };
const total = F.rule.length;
const quietRules = new Set(data.quiet);
const severities = ["info", "minor", "major", "critical"];

const ruleOf = (i) => data.rules[F.rule[i]];
const kindOf = (i) => ruleOf(i)[2];
const letterOf = (i) => data.letters[kindOf(i)][0];
const classOf = (i) => data.letters[kindOf(i)][1];
const messageOf = (i) => data.messages[F.message[i]];
const isQuiet = (i) => quietRules.has(ruleOf(i)[0]);
const isBlock = (i) => F.b[i] < 0;

/** The repair, "" to delete, null for none. */
const repairOf = (i) => (F.repair[i] < 0 ? null : data.repairs[F.repair[i]]);
const repairKind = (i) => (F.repair[i] < 0 ? "none" : F.safe[i] ? "safe" : "suggested");

/* Findings stand in order of place, so those of a row are a run of numbers; a few reach into later rows. */
const firstOf = new Int32Array(data.lines.length + 1);
const reaching = new Map();
for (let i = 0; i < total; i++) {
  firstOf[F.row[i] + 1]++;
  for (let row = F.row[i] + 1; row <= F.row[i] + F.rows[i]; row++) {
    if (!reaching.has(row)) reaching.set(row, []);
    reaching.get(row).push(i);
  }
}
for (let row = 0; row < data.lines.length; row++) firstOf[row + 1] += firstOf[row];

/** The findings that begin in a row, or reach into it. */
function findingsOf(row) {
  const found = [...(reaching.get(row) || [])];
  for (let i = firstOf[row]; i < firstOf[row + 1]; i++) found.push(i);
  return found;
}

const isLeftOut = (row) => typeof data.texts[row] === "number";

/** The part that holds a row. */
function partOf(row) {
  let low = 0;
  let high = data.parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (data.parts[middle].rows[0] <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

const documentOf = (i) => data.parts[partOf(F.row[i])].document;

/** Start and end of a finding in a row as shown. */
function spanIn(i, row) {
  const start = row === F.row[i] ? F.a[i] : 0;
  const end = row === F.row[i] + F.rows[i] ? F.b[i] : data.texts[row].length;
  return [start, end];
}

/** The damaged text. */
function damageOf(i) {
  if (isBlock(i)) return data.texts[F.row[i]].slice(F.a[i], F.a[i] + 60) + "…";
  const pieces = [];
  for (let row = F.row[i]; row <= F.row[i] + F.rows[i]; row++) {
    const [start, end] = spanIn(i, row);
    if (!isLeftOut(row)) pieces.push(data.texts[row].slice(start, end));
  }
  return pieces.join("⏎");
}
