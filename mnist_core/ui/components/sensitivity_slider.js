// A slider that changes a digit, the digit as it is there, and the curve of each class's probability along it.
//
// data in: {version, title, sprite, amounts: [N texts], answers: [N texts], probabilities: [N][10], middle, read, meant,
//           legend, marks: [{place, short, words, goal}], whole: [N booleans]}
//
// Everything along the slider is here already: moving it asks nobody, and nothing is drawn anew but a marker.

const LEFT = 44; // px from the drawing's edge to the curves, for the numbers at the side
const RIGHT = 26; // for the digits at the lines' ends
const HEIGHT = 250;
const FOOT = 10;
const ROW = 17; // px of one line of words above the curves
const THUMB = 18;
const SEEN_FROM = 0.04; // a line that ends lower has no name there,
const PEAK_FROM = 0.12; // and one that never gets so probable has none at all

const HTML = `
  <div class="sight">
    <i class="picture" role="img"></i>
    <p class="amount"></p>
    <p class="answer"></p>
  </div>
  <div class="along">
    <svg aria-hidden="true"><defs><pattern id="cut" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="7"></line></pattern></defs><g class="fixed"></g><g class="marker"><line></line><circle r="5"></circle></g></svg>
    <input type="range" min="0" step="1">
    <div class="ends" aria-hidden="true"><span></span><span></span><span></span></div>
    <ul class="marks"></ul>
    <p class="legend"></p>
    <p class="cut">Hatched: part of the drawing lies off the paper and is cut off.</p>
  </div>`;

function make(root) {
  const holder = document.createElement("div");
  holder.className = "holder";
  holder.innerHTML = HTML;
  root.appendChild(holder);
  const part = { holder, version: null, title: null, at: 0, width: 0 };
  const slider = holder.querySelector("input");
  slider.addEventListener("input", () => move(part, Number(slider.value)));
  slider.addEventListener("dblclick", () => move(part, part.data.middle));
  holder.querySelector(".marks").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) move(part, Number(button.dataset.goal));
  });
  part.watch = new ResizeObserver(() => part.data && draw(part));
  part.watch.observe(holder.querySelector(".along"));
  part.close = () => part.watch.disconnect();
  return part;
}

function add(parent, name, traits, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [trait, value] of Object.entries(traits)) element.setAttribute(trait, value);
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
}

const top = (part) => 10 + ROW * part.data.marks.length;
const across = (part, place) => LEFT + (place / (part.data.amounts.length - 1)) * (part.width - LEFT - RIGHT);
const high = (part, share) => top(part) + (1 - share) * (HEIGHT - top(part) - FOOT);

// The class read and the one meant stand out; those that win somewhere are dotted; the others stay in the background.
function role(data, digit) {
  if (digit === data.read) return "read";
  if (digit === data.meant) return "meant";
  return data.probabilities.some((row) => row[digit] > 0 && row[digit] === Math.max(...row)) ? "winner" : "other";
}

function draw(part) {
  const width = Math.round(part.holder.querySelector(".along").clientWidth);
  if (!width || (width === part.width && part.drawn === part.version)) return;
  part.width = width;
  part.drawn = part.version;
  const drawing = part.holder.querySelector("svg");
  drawing.setAttribute("width", width);
  drawing.setAttribute("height", HEIGHT);
  const group = drawing.querySelector(".fixed");
  group.replaceChildren();
  drawPaper(part, group);
  const order = { other: 0, winner: 1, meant: 2, read: 3 };
  const digits = [...Array(10).keys()].sort((one, two) => order[role(part.data, one)] - order[role(part.data, two)]);
  for (const digit of digits) drawLine(part, group, digit);
  nameEnds(part, group, digits);
  part.data.marks.forEach((mark, row) => drawMark(part, group, mark, row));
  place(part);
}

function drawPaper(part, group) {
  const { whole } = part.data;
  const half = 0.5 / (whole.length - 1);
  const span = part.width - LEFT - RIGHT;
  for (let from = 0; from < whole.length; from += 1) {
    if (whole[from]) continue;
    let to = from;
    while (to + 1 < whole.length && !whole[to + 1]) to += 1;
    const begin = Math.max(0, from / (whole.length - 1) - half);
    const end = Math.min(1, to / (whole.length - 1) + half);
    add(group, "rect", { class: "off", x: LEFT + begin * span, y: high(part, 1), width: (end - begin) * span, height: high(part, 0) - high(part, 1) });
    from = to;
  }
  for (const share of [0, 0.5, 1]) {
    add(group, "line", { class: "grid", x1: LEFT, x2: part.width - RIGHT, y1: high(part, share), y2: high(part, share) });
    add(group, "text", { class: "number", x: LEFT - 6, y: high(part, share) + 4, "text-anchor": "end" }, `${share * 100} %`);
  }
}

function drawLine(part, group, digit) {
  const points = part.data.probabilities.map((row, at) => `${across(part, at).toFixed(1)} ${high(part, row[digit]).toFixed(1)}`);
  add(group, "path", { class: `line ${role(part.data, digit)}`, d: `M${points.join("L")}` });
}

// Each line that is ever seen has its digit at its right end, or at its left end, or else at its highest point.
function nameEnds(part, group, digits) {
  const rows = part.data.probabilities;
  const last = rows.length - 1;
  const ends = { left: [], right: [] };
  for (const digit of digits) {
    const peak = rows.reduce((best, row, at) => (row[digit] > rows[best][digit] ? at : best), 0);
    if (rows[peak][digit] < PEAK_FROM && digit !== part.data.meant) continue;
    if (rows[last][digit] >= SEEN_FROM) ends.right.push({ digit, y: high(part, rows[last][digit]) });
    else if (rows[0][digit] >= SEEN_FROM) ends.left.push({ digit, y: high(part, rows[0][digit]) });
    else add(group, "text", { class: `name ${role(part.data, digit)}`, x: across(part, peak), y: high(part, rows[peak][digit]) - 6, "text-anchor": "middle" }, digit);
  }
  for (const side of ["left", "right"]) {
    const x = side === "right" ? part.width - RIGHT + 7 : LEFT + 5;
    for (const { digit, y } of apart(ends[side], 14)) add(group, "text", { class: `name ${role(part.data, digit)}`, x, y: y + (side === "right" ? 5 : -5) }, digit);
  }
}

// Names one above another, at least so far apart, from the lowest up.
function apart(names, least) {
  const sorted = names.sort((one, two) => two.y - one.y);
  sorted.forEach((name, at) => {
    if (at > 0) name.y = Math.min(name.y, sorted[at - 1].y - least);
  });
  return sorted;
}

function drawMark(part, group, mark, row) {
  const x = across(part, mark.place);
  const y = 12 + ROW * row;
  const anchor = x > part.width / 2 ? "end" : "start";
  add(group, "line", { class: "break", x1: x, x2: x, y1: y - 10, y2: high(part, 0) });
  add(group, "text", { class: "short", x: x + (anchor === "end" ? -5 : 5), y, "text-anchor": anchor }, mark.short);
}

function move(part, at) {
  part.at = at;
  place(part);
}

function place(part) {
  const { data, at, holder } = part;
  const slider = holder.querySelector("input");
  slider.value = at;
  slider.setAttribute("aria-valuetext", `${data.amounts[at]}: ${data.answers[at]}`);
  holder.querySelector(".amount").textContent = data.amounts[at];
  holder.querySelector(".answer").textContent = data.answers[at];
  const picture = holder.querySelector(".picture");
  picture.style.backgroundPosition = `${(at / (data.amounts.length - 1)) * 100}% 0`;
  picture.setAttribute("aria-label", `Model input (28 × 28): ${data.amounts[at]}`);
  if (!part.width) return;
  const x = across(part, at);
  const line = holder.querySelector(".marker line");
  for (const [trait, value] of Object.entries({ x1: x, x2: x, y1: high(part, 1), y2: high(part, 0) })) line.setAttribute(trait, value);
  const dot = holder.querySelector(".marker circle");
  dot.setAttribute("cx", x);
  dot.setAttribute("cy", high(part, Math.max(...data.probabilities[at])));
}

function show(part, data) {
  if (part.version === data.version && part.data.meant === data.meant && part.data.read === data.read) return;
  const { holder } = part;
  // Another drawing is looked at where the last one was; another kind of change begins in the middle.
  if (part.title !== data.title || part.at >= data.amounts.length) part.at = data.middle;
  Object.assign(part, { data, version: data.version, title: data.title, drawn: null });
  const slider = holder.querySelector("input");
  slider.max = data.amounts.length - 1;
  slider.setAttribute("aria-label", data.title);
  holder.querySelector(".picture").style.backgroundImage = `url(${data.sprite})`;
  holder.querySelector(".picture").style.backgroundSize = `${data.amounts.length * 100}% 100%`;
  const ends = holder.querySelectorAll(".ends span");
  const first = data.middle === 0 ? [data.amounts[0], ""] : [data.amounts[0], data.amounts[data.middle]];
  [...first, data.amounts.at(-1)].forEach((text, at) => (ends[at].textContent = text));
  ends[1].style.left = `${(data.middle / (data.amounts.length - 1)) * 100}%`;
  holder.querySelector("p.legend").textContent = data.legend;
  holder.querySelector("p.cut").hidden = data.whole.every(Boolean);
  showMarks(holder.querySelector(".marks"), data.marks);
  draw(part);
  place(part);
}

function showMarks(list, marks) {
  list.replaceChildren(
    ...marks.map((mark) => {
      const item = document.createElement("li");
      item.innerHTML = `<button type="button"></button>`;
      item.firstChild.textContent = mark.words;
      item.firstChild.dataset.goal = mark.goal;
      return item;
    }),
  );
}

export default lasting(make, show);
