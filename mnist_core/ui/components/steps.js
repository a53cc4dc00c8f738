// The steps that prepare a digit: a thin row of small pictures, each with a switch, and the words of one beside it.
//
// data in:  {label, steps: [{name, src, title, note, help, pixels, on}]}
// data out: switched = {name, on}, when a step was switched on or off

const INVITATION = "Point at a step, or press it: its words and its switch appear.";

const HTML = `<div class="steps"><ol></ol><p class="words"><b></b> <span></span></p></div>`;

function make(root) {
  const holder = document.createElement("div");
  holder.innerHTML = HTML;
  root.appendChild(holder);
  const part = { holder, list: holder.querySelector("ol"), chosen: null };
  for (const kind of ["pointerover", "focusin", "click"]) {
    part.list.addEventListener(kind, (event) => choose(part, event.target.closest("li")));
  }
  return part;
}

function choose(part, item) {
  if (!item) return;
  part.chosen = item;
  tell(part);
}

function tell({ holder, list, chosen }) {
  const step = chosen?.step;
  for (const item of list.children) item.classList.toggle("chosen", item === chosen);
  holder.querySelector(".words b").textContent = step ? `${step.title}.` : "";
  holder.querySelector(".words span").textContent = step ? `${step.note} ${step.help}` : INVITATION;
}

function item(part) {
  const one = document.createElement("li");
  one.innerHTML = `<div class="frame"><img alt=""><input type="checkbox" role="switch"></div><b></b>`;
  one.querySelector("input").addEventListener("change", (event) => {
    part.trigger("switched", { name: one.step.name, on: event.target.checked });
  });
  return one;
}

// Only what changed is touched, so that a picture in motion does not flicker.
function update(one, step) {
  const image = one.querySelector("img");
  if (one.step?.src !== step.src) image.src = step.src;
  image.alt = `After: ${step.title}`;
  image.classList.toggle("pixels", step.pixels);
  one.classList.toggle("off", !step.on);
  one.querySelector("b").textContent = step.title;
  const box = one.querySelector("input");
  box.hidden = !step.name;
  box.checked = step.on;
  box.setAttribute("aria-label", step.title);
  box.setAttribute("aria-description", `${step.note} ${step.help}`);
  one.step = step;
}

function show(part, data) {
  part.list.setAttribute("aria-label", data.label);
  data.steps.forEach((step, place) => {
    update(part.list.children[place] ?? part.list.appendChild(item(part)), step);
  });
  while (part.list.children.length > data.steps.length) part.list.lastChild.remove();
  if (!part.chosen?.isConnected) part.chosen = null;
  tell(part);
}

export default lasting(make, show);
