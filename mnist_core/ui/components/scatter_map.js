// Thousands of images as points in the plane, to look at one by one and to select with a lasso.
//
// data in:  {version, count, places, ids, labels, predicted, sure: base64 (see below), colours: "class" | "right", label,
//            selected: base64 uint32, sheet: {version, columns, src | null}}
//           places: uint16 pairs, x to the right, y down, both in one unit; ids: uint32, also the tile on the sheet;
//           labels and predicted: uint8; sure: uint16, thousandths, 1001 for what is nearly a whole
// data out: selected (once a lasso) = [ids], empty when nothing was inside; picked (once a click) = id
//           holds = version of the sheet that is here already: it is megabytes, and is sent once
//
// Points are drawn on one canvas; the lasso and what is pointed at on another above it, so that moving redraws little.

const sheets = new Map(); // by version; kept while people look at other pages
const NEAR = 10; // px at which a point is pointed at, NEAR_TOUCH for a finger
const NEAR_TOUCH = 20;
const DRAG = 6; // px from which a press is a lasso and no click
const MARGIN = 22;
const SPAN = 65535;
const DEEPEST = 60; // times
const AROUND = 30; // images that the space bar selects
const NAME = 20; // px of a class's name
const PICTURES = 160; // points in sight, from which on down their pictures are drawn

const HTML = `
  <div class="map">
    <canvas class="points" aria-hidden="true"></canvas>
    <canvas class="over" tabindex="0" role="application" aria-roledescription="map of images"></canvas>
    <div class="tools">
      <button type="button" data-zoom="1.6" aria-label="Closer" title="Closer (+)">+</button>
      <button type="button" data-zoom="0.625" aria-label="Farther" title="Farther (−)">−</button>
      <button type="button" data-zoom="0" aria-label="Show all" title="Show all (0)">⤢</button>
    </div>
    <div class="card" hidden><canvas width="112" height="112"></canvas><b></b><span></span><span></span></div>
    <div class="said" role="status"></div>
  </div>
  <div class="side">
    <ul class="classes" aria-label="Digits"></ul>
    <ul class="signs">
      <li><svg width="16" height="16" aria-hidden="true"><circle cx="8" cy="8" r="3.5"></circle></svg>correct</li>
      <li><svg width="16" height="16" aria-hidden="true"><path d="M3 3l10 10M13 3l-10 10"></path></svg>misclassified</li>
    </ul>
    <p>Draw a loop around points to see their images; press one to open it. Shift and drag moves the map, Ctrl and the wheel zooms.</p>
  </div>`;

const KEYS = "Arrow keys go from image to image, Page Up and Page Down to misclassified ones, Enter opens one, Space selects those around it, Escape clears the selection.";

function make(root) {
  const holder = document.createElement("div");
  holder.className = "holder";
  holder.innerHTML = HTML;
  root.appendChild(holder);
  const find = (selector) => holder.querySelector(selector);
  const part = {
    holder, map: find(".map"), points: find(".points"), over: find(".over"), card: find(".card"), said: find(".said"),
    version: null, at: null, only: null, lasso: null, view: { scale: 1, x: 0, y: 0 }, held: new Set(),
  };
  find(".classes").replaceChildren(...Array.from({ length: 10 }, (_, digit) => classButton(part, digit)));
  listen(part);
  part.watch = new ResizeObserver(() => part.data && resize(part));
  part.watch.observe(part.map);
  part.close = () => part.watch.disconnect();
  holder.addEventListener("transitionend", (event) => event.target === holder && part.data && drawAll(part)); // another theme
  return part;
}

function classButton(part, digit) {
  const item = document.createElement("li");
  item.innerHTML = `<button type="button" aria-pressed="false" title="Show the ${digit}s alone"><i style="background: var(--class-${digit})"></i>${digit}</button>`;
  item.firstChild.addEventListener("click", () => {
    part.only = part.only === digit ? null : digit;
    part.holder.querySelectorAll(".classes button").forEach((button, at) => button.setAttribute("aria-pressed", String(at === part.only)));
    drawAll(part);
  });
  return item;
}

function listen(part) {
  const { over } = part;
  over.addEventListener("pointerdown", (event) => begin(part, event));
  over.addEventListener("pointermove", (event) => move(part, event));
  over.addEventListener("pointerup", (event) => end(part, event));
  over.addEventListener("pointercancel", () => drop(part));
  over.addEventListener("pointerleave", () => !part.press && point(part, null));
  // Whoever comes back with the keyboard goes on where they were.
  over.addEventListener("blur", () => (part.card.hidden = true));
  over.addEventListener("focus", () => part.at !== null && (part.card.hidden = false));
  over.addEventListener("keydown", (event) => key(part, event));
  over.addEventListener("dblclick", (event) => nearest(part, where(part, event), NEAR) === null && zoom(part, 0));
  over.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the wheel alone moves the page
    event.preventDefault();
    zoom(part, Math.exp(-event.deltaY / 300), where(part, event));
  }, { passive: false });
  part.holder.querySelector(".tools").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) zoom(part, Number(button.dataset.zoom));
  });
}

// --- what came ------------------------------------------------------------------------------------------

function bytes(text) {
  const raw = atob(text);
  const array = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) array[at] = raw.charCodeAt(at);
  return array;
}

const little = (text, Kind) => new Kind(bytes(text).buffer);

function show(part, data) {
  const fresh = part.version !== data.version;
  const recoloured = part.data?.colours !== data.colours;
  const changed = part.selected !== data.selected;
  part.data = data;
  takeSheet(part, data.sheet);
  if (changed) {
    part.selected = data.selected;
    part.held = new Set(little(data.selected, Uint32Array));
    if (!part.held.size) part.lasso = null;
  }
  if (fresh) take(part, data);
  if (recoloured) part.holder.classList.toggle("by-class", data.colours === "class");
  if (fresh) resize(part);
  else if (recoloured || changed) drawAll(part);
}

function take(part, data) {
  Object.assign(part, {
    version: data.version,
    places: little(data.places, Uint16Array),
    ids: little(data.ids, Uint32Array),
    labels: bytes(data.labels),
    predicted: bytes(data.predicted),
    sure: little(data.sure, Uint16Array),
    lasso: null,
    at: null,
    view: { scale: 1, x: 0, y: 0 },
  });
  part.card.hidden = true;
  part.order = Array.from(part.ids.keys()).sort((one, other) => wrong(part, one) - wrong(part, other)); // misclassified ones above
  part.bounds = bounds(part);
  part.middles = Array.from({ length: 10 }, (_, digit) => middle(part, digit));
  part.over.setAttribute("aria-label", `${data.label}. ${KEYS}`);
}

function takeSheet(part, { version, src, columns }) {
  part.columns = columns;
  if (src && !sheets.has(version)) {
    const image = new Image();
    image.onload = () => part.data && drawAll(part);
    image.src = src;
    sheets.clear(); // of another data set
    sheets.set(version, image);
  }
  part.sheet = sheets.get(version) ?? null;
  const holds = part.sheet ? version : "";
  if (part.holds !== holds || (!src && !part.sheet)) part.keep("holds", holds);
  part.holds = holds;
}

const wrong = (part, at) => Number(part.labels[at] !== part.predicted[at]);

function bounds({ places }) {
  let [left, right, top, bottom] = [SPAN, 0, SPAN, 0];
  for (let at = 0; at < places.length; at += 2) {
    left = Math.min(left, places[at]);
    right = Math.max(right, places[at]);
    top = Math.min(top, places[at + 1]);
    bottom = Math.max(bottom, places[at + 1]);
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

// Where a class's name stands: at the point in the middle of its points, as far as there is a middle.
function middle(part, digit) {
  const own = part.order.filter((at) => part.labels[at] === digit);
  if (!own.length) return null;
  const median = (side) => own.map((at) => part.places[2 * at + side]).sort((one, other) => one - other)[own.length >> 1];
  return [median(0), median(1)];
}

// --- drawing --------------------------------------------------------------------------------------------

function resize(part) {
  const width = part.map.clientWidth;
  if (!width || !part.bounds) return;
  // As high as the points ask for at that width, within reason: no higher than wide, and it leaves room to scroll past.
  const wanted = ((width - 2 * MARGIN) * part.bounds.height) / part.bounds.width + 2 * MARGIN;
  const height = Math.round(Math.min(Math.max(wanted, 300), 600, Math.max(width, 300)));
  part.map.style.height = `${height}px`;
  const ratio = window.devicePixelRatio || 1;
  for (const canvas of [part.points, part.over]) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  Object.assign(part, { width, height, ratio });
  drawAll(part);
}

function fit(part) {
  const { width, height, bounds: box, view } = part;
  return view.scale * Math.min((width - 2 * MARGIN) / box.width, (height - 2 * MARGIN) / box.height);
}

function onScreen(part, x, y) {
  const scale = fit(part);
  return [part.width / 2 + (x - part.bounds.x - part.view.x) * scale, part.height / 2 + (y - part.bounds.y - part.view.y) * scale];
}

function inPlane(part, [x, y]) {
  const scale = fit(part);
  return [(x - part.width / 2) / scale + part.bounds.x + part.view.x, (y - part.height / 2) / scale + part.bounds.y + part.view.y];
}

const spot = (part, at) => onScreen(part, part.places[2 * at], part.places[2 * at + 1]);
const inSight = (part, [x, y]) => x > -20 && y > -20 && x < part.width + 20 && y < part.height + 20;

function paper(part, canvas) {
  const pen = canvas.getContext("2d");
  pen.setTransform(part.ratio, 0, 0, part.ratio, 0, 0);
  pen.clearRect(0, 0, part.width, part.height);
  return pen;
}

function colours(part) {
  const style = getComputedStyle(part.holder);
  const value = (name) => style.getPropertyValue(name).trim();
  part.ink = value("--st-text-color") || style.color;
  part.ground = value("--st-background-color") || "#fff";
  part.mark = value("--st-primary-color") || part.ink;
  const two = [value("--right"), value("--wrong")];
  const classes = Array.from({ length: 10 }, (_, digit) => value(`--class-${digit}`));
  part.colourOf = part.data.colours === "class" ? (at) => classes[part.labels[at]] : (at) => two[wrong(part, at)];
}

const faded = (part, at) => (part.only !== null && part.labels[at] !== part.only) || (part.held.size > 0 && !part.held.has(part.ids[at]));

function drawAll(part) {
  if (!part.width || !part.places) return;
  colours(part);
  const pen = paper(part, part.points);
  const seen = part.order.map((at) => [at, spot(part, at)]).filter(([, place]) => inSight(part, place));
  const pictures = part.view.scale > 1 && seen.length <= PICTURES && part.sheet?.complete;
  part.ring = pictures ? 20 : 9;
  for (const pass of [true, false]) {
    for (const [at, place] of seen) if (faded(part, at) === pass) (pictures ? drawPicture : drawPoint)(part, pen, at, place);
  }
  pen.globalAlpha = 1;
  if (!pictures) drawNames(part, pen);
  drawOver(part);
}

function drawPoint(part, pen, at, [x, y]) {
  const dim = faded(part, at);
  const size = Math.min(2, 0.7 + Math.sqrt(part.view.scale) / 3 + 300 / part.ids.length);
  pen.globalAlpha = dim ? 0.12 : 0.75;
  if (!wrong(part, at)) {
    pen.fillStyle = part.colourOf(at);
    pen.beginPath();
    pen.arc(x, y, size + 0.6, 0, 7);
    pen.fill();
    return;
  }
  pen.globalAlpha = dim ? 0.25 : 1;
  const arm = part.width < 500 ? 3.2 : 4.5;
  cross(pen, x, y, arm, part.ground, arm);
  cross(pen, x, y, arm, part.colourOf(at), arm / 2);
}

function cross(pen, x, y, arm, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x - arm, y - arm);
  pen.lineTo(x + arm, y + arm);
  pen.moveTo(x + arm, y - arm);
  pen.lineTo(x - arm, y + arm);
  pen.stroke();
}

function drawPicture(part, pen, at, [x, y]) {
  pen.globalAlpha = faded(part, at) ? 0.3 : 1;
  tile(part, pen, at, x - 14, y - 14, 28);
  pen.strokeStyle = part.colourOf(at);
  pen.lineWidth = wrong(part, at) ? 3 : 1.5;
  pen.strokeRect(x - 14, y - 14, 28, 28);
  if (wrong(part, at)) cross(pen, x + 14, y - 14, 4, part.colourOf(at), 2.4);
}

function tile(part, pen, at, x, y, side) {
  const id = part.ids[at];
  pen.imageSmoothingEnabled = false;
  pen.drawImage(part.sheet, 28 * (id % part.columns), 28 * Math.floor(id / part.columns), 28, 28, x, y, side, side);
}

function drawNames(part, pen) {
  pen.font = "700 20px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  const taken = [];
  part.middles.forEach((place, digit) => {
    if (!place || (part.only !== null && part.only !== digit)) return;
    let [x, y] = onScreen(part, ...place);
    // Two names in one place would read as a number.
    while (taken.some(([left, top]) => Math.abs(left - x) < NAME && Math.abs(top - y) < NAME)) y += NAME;
    taken.push([x, y]);
    pen.strokeStyle = part.ground;
    pen.lineWidth = 6;
    pen.strokeText(digit, x, y);
    pen.fillStyle = part.ink;
    pen.fillText(digit, x, y);
  });
}

function drawOver(part) {
  const pen = paper(part, part.over);
  if (part.lasso?.length > 1) {
    pen.beginPath();
    part.lasso.forEach((place, at) => pen[at ? "lineTo" : "moveTo"](...onScreen(part, ...place)));
    pen.closePath();
    pen.globalAlpha = 0.12;
    pen.fillStyle = part.mark;
    pen.fill();
    pen.globalAlpha = 1;
    pen.setLineDash([6, 4]);
    pen.lineWidth = 2;
    pen.strokeStyle = part.mark;
    pen.stroke();
    pen.setLineDash([]);
  }
  if (part.at === null) return;
  const [x, y] = spot(part, part.at);
  for (const [colour, width] of [[part.ground, 5], [part.ink, 2.5]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, part.ring, 0, 7);
    pen.stroke();
  }
}

// --- pointing at one ------------------------------------------------------------------------------------

function where(part, event) {
  const box = part.over.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function nearest(part, [x, y], within) {
  let [best, least] = [null, within * within];
  if (!part.ids) return null;
  for (let at = 0; at < part.ids.length; at += 1) {
    if (part.only !== null && part.labels[at] !== part.only) continue;
    const [left, top] = spot(part, at);
    const far = (left - x) ** 2 + (top - y) ** 2;
    if (far < least || (far === least && wrong(part, at))) [best, least] = [at, far];
  }
  return best;
}

function point(part, at, aloud = false) {
  if (part.at === at) return;
  part.at = at;
  drawOver(part);
  part.card.hidden = at === null;
  part.over.style.cursor = at === null ? "" : "pointer";
  if (at === null) return;
  const [true_, predicted] = [part.labels[at], part.predicted[at]];
  const first = true_ === predicted ? `true ${true_}, correct` : `true ${true_}, predicted ${predicted}`;
  const confident = part.sure[at] > 1000 ? "over 99.9 % confidence" : `${(part.sure[at] / 10).toFixed(1)} % confidence`;
  const [head, confidence, name] = part.card.querySelectorAll("b, span");
  head.textContent = first;
  confidence.textContent = confident;
  name.textContent = `Test image ${part.ids[at].toLocaleString("en")}`;
  const pen = part.card.querySelector("canvas").getContext("2d");
  pen.clearRect(0, 0, 112, 112);
  if (part.sheet?.complete) tile(part, pen, at, 0, 0, 112);
  placeCard(part, at);
  if (aloud) part.said.textContent = `${name.textContent}: ${first}, ${confident}`;
}

function placeCard(part, at) {
  const [x, y] = spot(part, at);
  const [width, height] = [part.card.offsetWidth, part.card.offsetHeight];
  const left = x + 18 + width < part.width ? x + 18 : Math.max(0, x - 18 - width);
  const top = Math.min(Math.max(4, y - height / 2), part.height - height - 4);
  part.card.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

// --- pressing, selecting --------------------------------------------------------------------------------

function begin(part, event) {
  if (event.button !== 0 || !event.isPrimary || !part.ids) return;
  part.over.setPointerCapture(event.pointerId);
  const from = where(part, event);
  part.press = { id: event.pointerId, from, last: from, path: [inPlane(part, from)], pans: event.shiftKey, moved: false };
}

function move(part, event) {
  const place = where(part, event);
  const { press } = part;
  if (!press) return point(part, nearest(part, place, NEAR));
  if (event.pointerId !== press.id) return;
  press.moved ||= Math.hypot(place[0] - press.from[0], place[1] - press.from[1]) > DRAG;
  if (!press.moved) return;
  point(part, null);
  if (press.pans) return pan(part, press, place);
  const all = event.getCoalescedEvents?.() ?? [];
  for (const one of all.length ? all : [event]) press.path.push(inPlane(part, where(part, one)));
  part.lasso = press.path;
  drawOver(part);
}

function pan(part, press, place) {
  const scale = fit(part);
  part.view.x -= (place[0] - press.last[0]) / scale;
  part.view.y -= (place[1] - press.last[1]) / scale;
  press.last = place;
  drawAll(part);
}

function end(part, event) {
  const { press } = part;
  if (!press || event.pointerId !== press.id) return;
  part.press = null;
  if (press.moved) {
    if (!press.pans) select(part, inside(part, press.path));
    return;
  }
  const at = nearest(part, press.from, event.pointerType === "mouse" ? NEAR : NEAR_TOUCH);
  point(part, at);
  if (at !== null) part.trigger("picked", part.ids[at]);
}

function drop(part) {
  part.press = null;
  part.lasso = null;
  drawOver(part);
}

function select(part, ids) {
  if (!ids.length) part.lasso = null;
  part.held = new Set(ids);
  part.said.textContent = ids.length === 1 ? "1 image selected" : `${ids.length} images selected`;
  part.selected = null; // whatever the page answers is shown
  drawAll(part);
  part.trigger("selected", ids);
}

function inside(part, path) {
  const ids = [];
  const box = [0, 1].map((side) => [Math.min(...path.map((place) => place[side])), Math.max(...path.map((place) => place[side]))]);
  for (let at = 0; at < part.ids.length; at += 1) {
    if (part.only !== null && part.labels[at] !== part.only) continue;
    const place = [part.places[2 * at], part.places[2 * at + 1]];
    const near = place.every((value, side) => value >= box[side][0] && value <= box[side][1]);
    if (near && isInside(path, place)) ids.push(part.ids[at]);
  }
  return ids;
}

// A line from the point to the right crosses the path an odd number of times.
function isInside(path, [x, y]) {
  let odd = false;
  for (let at = 0, before = path.length - 1; at < path.length; before = at, at += 1) {
    const [ax, ay] = path[at];
    const [bx, by] = path[before];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

function zoom(part, times, place = part.at === null ? [part.width / 2, part.height / 2] : spot(part, part.at)) {
  if (!part.ids) return;
  const fixed = inPlane(part, place);
  if (times === 0) part.view = { scale: 1, x: 0, y: 0 };
  else {
    part.view.scale = Math.min(DEEPEST, Math.max(1, part.view.scale * times));
    const now = inPlane(part, place);
    part.view.x += fixed[0] - now[0];
    part.view.y += fixed[1] - now[1];
    if (part.view.scale === 1) part.view = { scale: 1, x: 0, y: 0 };
  }
  drawAll(part);
  if (part.at !== null) placeCard(part, part.at);
}

// --- keys -----------------------------------------------------------------------------------------------

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function key(part, event) {
  if (!part.ids?.length || event.altKey || event.ctrlKey || event.metaKey) return;
  const act = action(part, event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

function action(part, name) {
  const here = part.at;
  if (WAYS[name]) return () => goTo(part, here === null ? central(part) : next(part, here, WAYS[name]));
  if (name === "Home") return () => goTo(part, central(part));
  if (name === "PageUp" || name === "PageDown") return () => goTo(part, mistake(part, name === "PageDown" ? 1 : -1));
  if (name === "Escape") return () => select(part, []);
  if (name === "+" || name === "=") return () => zoom(part, 1.6);
  if (name === "-") return () => zoom(part, 0.625);
  if (name === "0") return () => zoom(part, 0);
  if (name === "Enter" && here !== null) return () => part.trigger("picked", part.ids[here]);
  if (name === " " && here !== null) return () => select(part, around(part, here));
  return null;
}

const central = (part) => nearest(part, [part.width / 2, part.height / 2], Infinity);

// The nearest point within a quarter turn around that way; points that lie straight ahead count as nearer.
function next(part, from, [right, down]) {
  const [x, y] = spot(part, from);
  let [best, least] = [from, Infinity];
  for (let at = 0; at < part.ids.length; at += 1) {
    if (part.only !== null && part.labels[at] !== part.only) continue;
    const [left, top] = spot(part, at);
    const ahead = (left - x) * right + (top - y) * down;
    const aside = Math.abs((left - x) * down) + Math.abs((top - y) * right);
    if (ahead <= 0.01 || aside > ahead) continue;
    if (ahead + aside < least) [best, least] = [at, ahead + aside];
  }
  return best;
}

function mistake(part, step) {
  const all = part.order.filter((at) => wrong(part, at) && (part.only === null || part.labels[at] === part.only));
  if (!all.length) return part.at;
  const now = all.indexOf(part.at);
  return all[now < 0 ? (step > 0 ? 0 : all.length - 1) : (now + step + all.length) % all.length];
}

function around(part, from) {
  const [x, y] = spot(part, from);
  const far = (at) => {
    const [left, top] = spot(part, at);
    return (left - x) ** 2 + (top - y) ** 2;
  };
  return part.order
    .map((at) => [far(at), at])
    .sort((one, other) => one[0] - other[0])
    .slice(0, AROUND)
    .map(([, at]) => part.ids[at]);
}

function goTo(part, at) {
  if (at === null) return;
  const [x, y] = spot(part, at);
  if (x < MARGIN || y < MARGIN || x > part.width - MARGIN || y > part.height - MARGIN) {
    part.view.x = part.places[2 * at] - part.bounds.x;
    part.view.y = part.places[2 * at + 1] - part.bounds.y;
    drawAll(part);
  }
  point(part, at, true);
}

export default lasting(make, show);
