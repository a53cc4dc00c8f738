// Saves a Plotly figure of the page as a picture.
//
// data in: {plot: the key of the chart, filename, size: {width, height}}
// data out: theme = the colour of the page's text, when it has changed: words in a figure do not change by themselves
//
// Plotly draws the picture itself, in the browser: its own button is pressed, set to the format that is wanted.

const FORMATS = { png: [2, "Pixels, as large as a slide"], svg: [1, "Lines that stay sharp at any size"] };
const LOOK_MS = 500;

function make(root) {
  const holder = document.createElement("div");
  const button = ([format, [, title]]) => `<button type="button" value="${format}" title="${title}" aria-label="Save the figure as ${format.toUpperCase()}">${format.toUpperCase()}</button>`;
  holder.className = "row";
  holder.innerHTML = `<span class="label">Save the figure:</span>${Object.entries(FORMATS).map(button).join("")}`;
  root.appendChild(holder);
  const part = { holder, color: textColor(holder), close: () => clearInterval(part.timer) };
  holder.addEventListener("click", ({ target }) => target.value && save(target.value, part.data));
  part.timer = setInterval(() => {
    if (part.color !== textColor(holder)) part.trigger("theme", (part.color = textColor(holder)));
  }, LOOK_MS);
  return part;
}

function save(format, { plot: key, filename, size }) {
  const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  const button = plot?.querySelector(".modebar-btn");
  if (!button) return;
  plot._context.toImageButtonOptions = { format, filename, scale: FORMATS[format][0], ...size };
  button.click();
}

const textColor = (holder) => getComputedStyle(holder).getPropertyValue("--st-text-color").trim();

export default lasting(make, (part, data) => {
  part.data = data;
});
