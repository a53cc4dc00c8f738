// What Plotly's chart of images has not got: the picture of the point that is pointed at, pictures instead of points
// where only a few are in sight, a press that opens an image whatever the mouse draws, and keys.
//
// data in:  {plot: the key of the chart, label, sheet: {version, columns, src: one picture with all images | null}}
//           In the chart, a trace's name is the true digit; a point's customdata is its id, which is also its place on
//           the sheet, and its text the predicted digit and the confidence.
// data out: picked (once a press) = id; selected (once, by key) = [ids]
//           holds = version of the sheet that is here already: it is megabytes, and is sent once

const sheets = new Map(); // by version; kept while people look at other pages
const AROUND = 30; // images that the space bar selects
const PICTURES = 160; // points in sight, from which on down their pictures are drawn
const LOOK_MS = 300; // Plotly is loaded after the page, and a changed map is a new chart
const KEYS = "Arrow keys go from image to image, Page Up and Page Down to misclassified ones, Enter opens one, Space selects those around it, Escape clears the selection.";
const COLORS = ["--st-text-color", "--st-background-color", "--st-border-color", "--st-base-radius"]; // known to parts only
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function make(root) {
  const holder = document.createElement("div");
  holder.className = "map-said";
  holder.setAttribute("role", "status");
  root.appendChild(holder);
  const over = document.createElement("div");
  over.className = "map-over";
  over.innerHTML = `<div class="map-pictures"></div><i class="map-ring"></i><div class="map-card"><i></i><b></b><span></span><span></span></div>`;
  const part = { holder, over, plot: null, at: null };
  part.timer = setInterval(() => bind(part), LOOK_MS);
  part.close = () => {
    clearInterval(part.timer);
    over.remove();
  };
  return part;
}

function bind(part) {
  const plot = document.querySelector(`.st-key-${part.data.plot} .js-plotly-plot`);
  if (!plot?.on || plot === part.plot) return;
  part.plot = plot;
  point(part, null);
  plot.parentElement.appendChild(part.over);
  plot.tabIndex = 0;
  plot.setAttribute("role", "application");
  plot.setAttribute("aria-label", `${part.data.label}. ${KEYS}`);
  plot.on("plotly_hover", ({ points: [{ fullData, pointNumber }] }) => point(part, pointOf(part, fullData, pointNumber)));
  plot.on("plotly_unhover", () => point(part, null));
  plot.on("plotly_click", ({ points: [{ customdata }] }) => part.trigger("picked", customdata));
  plot.on("plotly_relayouting", () => part.over.firstChild.replaceChildren());
  plot.on("plotly_afterplot", () => showPictures(part));
  plot.addEventListener("blur", () => point(part, null));
  plot.addEventListener("keydown", (event) => event.target === plot && key(part, event));
  showPictures(part);
}

function pointOf({ plot }, { name: label, marker, x, y, customdata, text }, at) {
  const { xaxis, yaxis } = plot._fullLayout;
  const [predicted, ...confidence] = text[at].split(" ");
  const place = [xaxis._offset + xaxis.c2p(x[at]), yaxis._offset + yaxis.c2p(y[at])];
  return { id: customdata[at], label, predicted, wrong: label !== predicted, confidence: confidence.join(" "), color: marker.color, place };
}

// The points that can be seen where the map has been moved and magnified to.
function inSight(part) {
  const { width, height } = part.plot.getBoundingClientRect();
  const all = part.plot._fullData.flatMap((trace) => Array.from(trace.x, (_, at) => pointOf(part, trace, at)));
  return all.filter(({ place: [x, y] }) => x > 0 && y > 0 && x < width && y < height);
}

function tile(element, { id }, { version, columns }, side) {
  element.style.cssText = `width:${side}px;height:${side}px;background:url(${sheets.get(version)}) ${-side * (id % columns)}px ${-side * Math.floor(id / columns)}px / ${side * columns}px auto`;
}

function showPictures(part) {
  const seen = inSight(part);
  const pictures = seen.length <= PICTURES ? seen : [];
  part.over.firstChild.replaceChildren(
    ...pictures.map((one) => {
      const picture = document.createElement("i");
      tile(picture, one, part.data.sheet, 28);
      picture.style.outline = `${one.wrong ? 3 : 1.5}px ${one.wrong ? "dashed" : "solid"} ${one.color}`;
      picture.style.translate = one.place.map((side) => `${side - 14}px`).join(" ");
      return picture;
    }),
  );
}

function point(part, one) {
  part.at = one;
  const [, ring, card] = part.over.children;
  ring.hidden = card.hidden = one === null;
  if (one === null) return;
  for (const name of COLORS) part.over.style.setProperty(name, getComputedStyle(part.holder).getPropertyValue(name));
  const { id, label, predicted, wrong, confidence, place: [x, y] } = one;
  const [picture, ...lines] = card.children;
  const texts = [`true ${label}, ${wrong ? `predicted ${predicted}` : "correct"}`, `${confidence} confidence`, `Test image ${id.toLocaleString("en")}`];
  lines.forEach((line, at) => (line.textContent = texts[at]));
  tile(picture, one, part.data.sheet, 112);
  ring.style.translate = `${x}px ${y}px`;
  const left = x + 18 + card.offsetWidth < part.plot.clientWidth ? x + 18 : Math.max(0, x - 18 - card.offsetWidth);
  const top = Math.min(Math.max(4, y - card.offsetHeight / 2), part.plot.clientHeight - card.offsetHeight - 4);
  card.style.translate = `${left}px ${top}px`;
  if (document.activeElement === part.plot) part.holder.textContent = texts.join(", ");
}

function key(part, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const seen = inSight(part);
  const here = part.at;
  const { width, height } = part.plot.getBoundingClientRect();
  const far = ({ place: [x, y] }, [left, top]) => (x - left) ** 2 + (y - top) ** 2;
  const near = (place) => seen.sort((one, other) => far(one, place) - far(other, place));
  if (WAYS[event.key]) point(part, here ? next(seen, here, WAYS[event.key]) : (near([width / 2, height / 2])[0] ?? null));
  else if (event.key.startsWith("Page")) point(part, mistake(seen, here, event.key === "PageDown" ? 1 : -1));
  else if (event.key === "Enter" && here) part.trigger("picked", here.id);
  else if (event.key === " " && here) part.trigger("selected", near(here.place).slice(0, AROUND).map(({ id }) => id));
  else if (event.key === "Escape") part.trigger("selected", []);
  else return;
  event.preventDefault();
}

// The nearest point within a quarter turn around that way; points that lie straight ahead count as nearer.
function next(seen, here, [right, down]) {
  let [best, least] = [here, Infinity];
  for (const one of seen) {
    const [across, along] = [one.place[0] - here.place[0], one.place[1] - here.place[1]];
    const ahead = across * right + along * down;
    const aside = Math.abs(across * down) + Math.abs(along * right);
    if (ahead > 0.01 && aside <= ahead && ahead + aside < least) [best, least] = [one, ahead + aside];
  }
  return best;
}

function mistake(seen, here, step) {
  const all = seen.filter(({ wrong }) => wrong).sort((one, other) => one.id - other.id);
  const at = here ? all.findIndex(({ id }) => id === here.id) : -1;
  return all.at(at < 0 ? Math.min(0, step) : (at + step) % all.length) ?? here;
}

export default lasting(make, (part, data) => {
  const { version, src } = data.sheet;
  part.data = data;
  if (src) sheets.set(version, src);
  const holds = sheets.has(version) ? version : "";
  if (part.holds !== holds) part.keep("holds", (part.holds = holds));
});
