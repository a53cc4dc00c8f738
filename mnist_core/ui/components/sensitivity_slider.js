// The slider below the chart of a digit's probabilities, with the digit as it is there; a marker shows the place in the chart.
//
// data in: {version, title, sprite, amounts: [N texts], answers: [N texts], highest: [N of 0..1], middle, legend,
//           marks: [{words, goal}], plot_px: the height of the curves}
//
// Everything along the slider is here already: moving it asks nobody.

const HTML = `
  <div class="marker"><i></i></div>
  <input type="range" min="0" step="1">
  <div class="sight">
    <i class="picture" role="img"></i>
    <div>
      <p class="amount"></p>
      <p class="answer"></p>
      <ul class="marks"></ul>
      <p class="legend"></p>
    </div>
  </div>`;

function make(root) {
  const holder = document.createElement("div");
  holder.className = "holder";
  holder.innerHTML = HTML;
  root.appendChild(holder);
  const part = { holder, version: null, title: null, at: 0, slider: holder.querySelector("input") };
  part.slider.addEventListener("input", () => move(part, Number(part.slider.value)));
  part.slider.addEventListener("dblclick", () => move(part, part.data.middle));
  holder.querySelector(".marks").addEventListener("click", ({ target }) => target.dataset.goal && move(part, Number(target.dataset.goal)));
  return part;
}

function move(part, at) {
  part.at = at;
  const { slider, holder, data } = part;
  const share = at / (data.amounts.length - 1);
  slider.value = at;
  slider.setAttribute("aria-valuetext", `${data.amounts[at]}: ${data.answers[at]}`);
  holder.querySelector(".amount").textContent = data.amounts[at];
  holder.querySelector(".answer").textContent = data.answers[at];
  const picture = holder.querySelector(".picture");
  picture.style.backgroundPosition = `${share * 100}% 0`;
  picture.setAttribute("aria-label", `Model input (28 × 28): ${data.amounts[at]}`);
  holder.style.setProperty("--across", share);
  holder.style.setProperty("--up", data.highest[at]);
}

function show(part, data) {
  if (part.version === data.version) return;
  const { holder, slider } = part;
  // Another drawing is looked at where the last one was; another kind of change begins in the middle.
  const at = part.title === data.title && part.at < data.amounts.length ? part.at : data.middle;
  Object.assign(part, { data, version: data.version, title: data.title });
  slider.max = data.amounts.length - 1;
  slider.setAttribute("aria-label", data.title);
  const picture = holder.querySelector(".picture");
  picture.style.backgroundImage = `url(${data.sprite})`;
  picture.style.backgroundSize = `${data.amounts.length * 100}% 100%`;
  holder.querySelector(".legend").textContent = data.legend;
  holder.style.setProperty("--plot", `${data.plot_px}px`);
  holder.querySelector(".marks").replaceChildren(
    ...data.marks.map(({ words, goal }) => {
      const item = document.createElement("li");
      item.innerHTML = `<button type="button" data-goal="${goal}"></button>`;
      item.firstChild.textContent = words;
      return item;
    }),
  );
  move(part, at);
}

export default lasting(make, show);
