// Small plots, each with a distribution and a marker in it.
//
// data in: {label, legend: {filled, outlined, usual, value, before}, plots: [{name, title, help, value, before, sentence,
//           usual, unusual: bool, filled: [0..1], outlined: [0..1], bins: [text], ends: [text, text], at: 0..1,
//           at_before: 0..1 | null, usual_at: [0..1, 0..1]}]}

const HEIGHT = 40; // of the drawing, which is 100 wide and stretched to fit

const PLOT = `
  <div class="head"><b></b><button type="button" class="help">?<span role="tooltip"></span></button></div>
  <p class="value"><strong></strong><span class="flag">⚠ unusual</span></p>
  <div class="chart" aria-hidden="true">
    <svg viewBox="0 0 100 ${HEIGHT}" preserveAspectRatio="none"><path class="filled"></path><path class="outlined"></path></svg>
    <i class="band"></i><i class="before"></i><i class="at"></i>
  </div>
  <div class="under" aria-hidden="true"></div>
  <p class="sentence"></p>
  <p class="usual"></p>`;

const SIGNS = ["filled", "outlined", "usual", "value", "before"];

function make(root) {
  const holder = document.createElement("div");
  holder.className = "holder";
  holder.innerHTML = `<ul class="legend">${SIGNS.map((sign) => `<li class="${sign}"><i></i><span></span></li>`).join("")}</ul><ul class="plots"></ul>`;
  root.appendChild(holder);
  return { holder, list: holder.querySelector(".plots"), plots: new Map() };
}

// A curve through the middles of the bins, down to the ground at both ends.
function curve(heights) {
  const points = heights.map((height, bin) => `L${(((bin + 0.5) / heights.length) * 100).toFixed(2)} ${(HEIGHT * (1 - 0.94 * height)).toFixed(2)}`);
  return `M0 ${HEIGHT}${points.join("")}L100 ${HEIGHT}`;
}

// A bar for each bin, of which there are few.
function bars(heights) {
  const width = 100 / heights.length;
  const bar = (height, bin) => {
    const top = HEIGHT * (1 - 0.94 * height);
    return `M${(bin + 0.14) * width} ${HEIGHT}V${top.toFixed(2)}H${(bin + 0.86) * width}V${HEIGHT}Z`;
  };
  return heights.map((height, bin) => (height > 0 ? bar(height, bin) : "")).join("");
}

function update(item, plot) {
  const find = (selector) => item.querySelector(selector);
  const shape = plot.filled.length <= 10 ? bars : curve;
  const usual = `Usual: ${plot.usual}.${plot.before ? ` Before the steps: ${plot.before}.` : ""}`;
  const texts = { b: plot.title, ".help span": plot.help, strong: plot.value, ".sentence": plot.sentence, ".usual": usual };
  for (const [selector, text] of Object.entries(texts)) find(selector).textContent = text;
  for (const name of ["filled", "outlined"]) find(`.${name}`).setAttribute("d", shape(plot[name]));
  item.classList.toggle("unusual", plot.unusual);
  find(".help").setAttribute("aria-label", `${plot.title}: ${plot.help}`);
  find(".flag").hidden = !plot.unusual;
  find(".at").style.left = `${plot.at * 100}%`;
  find(".before").hidden = plot.at_before === null;
  find(".before").style.left = `${(plot.at_before ?? 0) * 100}%`;
  find(".before").dataset.beyond = { 0: "‹", 1: "›" }[plot.at_before] ?? "";
  find(".band").style.left = `${plot.usual_at[0] * 100}%`;
  find(".band").style.width = `${(plot.usual_at[1] - plot.usual_at[0]) * 100}%`;
  find(".under").classList.toggle("bins", plot.bins.length > 0);
  find(".under").replaceChildren(...(plot.bins.length ? plot.bins : plot.ends).map(named));
}

function named(text) {
  const part = document.createElement("span");
  part.textContent = text;
  return part;
}

function showLegend(holder, legend) {
  for (const sign of SIGNS) {
    const item = holder.querySelector(`.legend .${sign}`);
    item.hidden = !legend[sign];
    item.querySelector("span").textContent = legend[sign];
  }
}

// A plot stays the same element while its value moves, so that the marker glides and the focus stays.
function show(part, data) {
  part.list.setAttribute("aria-label", data.label);
  showLegend(part.holder, data.legend);
  const names = new Set(data.plots.map((plot) => plot.name));
  for (const [key, item] of part.plots) {
    if (names.has(key)) continue;
    item.remove();
    part.plots.delete(key);
  }
  data.plots.forEach((plot, place) => {
    let item = part.plots.get(plot.name);
    if (!item) {
      item = document.createElement("li");
      item.innerHTML = PLOT;
      part.plots.set(plot.name, item);
    }
    update(item, plot);
    if (part.list.children[place] !== item) part.list.insertBefore(item, part.list.children[place] ?? null);
  });
}

export default lasting(make, show);
