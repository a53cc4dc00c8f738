// Saves a Plotly figure of the page as a picture.
//
// data in: {plot: the key of the chart, filename, size: {width, height}}
// data out: theme = the colour of the page's text, when it has changed: words in a figure do not change by themselves
//
// Plotly draws the picture itself, in the browser: its own button is pressed, set to the format that is wanted.

const SCALE = { png: 2, svg: 1 };
const LOOK_MS = 500;

function plotOf(key) {
  return document.querySelector(`.st-key-${key} .js-plotly-plot`);
}

function save(format, data) {
  const plot = plotOf(data.plot);
  const button = plot?.querySelector(".modebar-btn");
  if (!button) return;
  plot._context.toImageButtonOptions = { format, filename: data.filename, scale: SCALE[format], ...data.size };
  button.click();
}

function make(root, data) {
  const row = document.createElement("div");
  row.className = "row";
  row.innerHTML = `<span class="label">Save the figure:</span>`;
  for (const format of ["png", "svg"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = format.toUpperCase();
    button.title = format === "png" ? "Pixels, as large as a slide" : "Lines that stay sharp at any size";
    button.setAttribute("aria-label", `Save the figure as ${format.toUpperCase()}`);
    button.addEventListener("click", () => save(format, part.data));
    row.appendChild(button);
  }
  root.appendChild(row);
  const part = { holder: row, data, color: textColor(row), close: () => clearInterval(part.timer) };
  part.timer = setInterval(() => followTheme(part), LOOK_MS);
  return part;
}

function textColor(row) {
  return getComputedStyle(row).getPropertyValue("--st-text-color").trim();
}

function followTheme(part) {
  const color = textColor(part.holder);
  if (!color || color === part.color) return;
  part.color = color;
  part.trigger("theme", color);
}

export default lasting(make, (part, data) => {
  part.data = data;
});
