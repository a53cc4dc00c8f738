// The network's answer: a big digit, a sentence, ten bars.
//
// data in:  {digit: "7" | "?" | "42", headline, detail, tone: "sure" | "unsure" | "none", probabilities: [10] | null,
//            order: [first, second], row: {digits: [[character, words]], place} | null}
// data out: picked (once a press) = the place of a digit in its row

const QUIET_MS = 700; // a screen reader hears the answer once the drawing has rested this long

const bar = (_, digit) => `
  <li><span class="name">${digit}</span><span class="track" aria-hidden="true"><span class="fill"></span></span><span class="percent"></span></li>`;

const HTML = `
  <div class="answer">
    <div class="top">
      <div class="digit" aria-hidden="true"></div>
      <div class="words"><p class="headline"></p><p class="detail"></p></div>
    </div>
    <div class="row" role="group" aria-label="The digits"></div>
    <ol class="bars" aria-label="How probable the network finds each digit">${Array.from({ length: 10 }, bar).join("")}</ol>
    <div class="spoken" role="status"></div>
  </div>`;

function make(root) {
  const holder = document.createElement("div");
  holder.innerHTML = HTML;
  root.appendChild(holder);
  const part = { holder, timer: 0, close: () => clearTimeout(part.timer) };
  holder.querySelector(".row").addEventListener("click", (event) => {
    const chip = event.target.closest("button");
    if (chip) part.trigger("picked", [...chip.parentElement.children].indexOf(chip));
  });
  return part;
}

function percent(share) {
  if (share < 0.0005) return ""; // nothing to tell
  if (share < 1 && share > 0.9995) return ">99.9 %";
  return `${(share * 100).toFixed(1)} %`;
}

function showRow(row, told) {
  row.hidden = !told;
  const digits = told?.digits ?? [];
  while (row.children.length > digits.length) row.lastChild.remove();
  digits.forEach(([character, words], place) => {
    const chip = row.children[place] ?? row.appendChild(document.createElement("button"));
    chip.type = "button";
    chip.textContent = character;
    chip.title = words;
    chip.setAttribute("aria-label", `Digit ${place + 1}: ${words}`);
    chip.setAttribute("aria-pressed", place === told.place);
  });
}

function show(part, data) {
  const { holder } = part;
  const find = (selector) => holder.querySelector(selector);
  find(".answer").dataset.tone = data.tone;
  for (const name of ["digit", "headline", "detail"]) find(`.${name}`).textContent = data[name];
  find(".digit").style.fontSize = data.digit.length > 1 ? `${10 / data.digit.length}rem` : "";
  showRow(find(".row"), data.row);
  find(".bars").toggleAttribute("data-empty", !data.probabilities);
  find(".bars").toggleAttribute("data-forced", Boolean(data.probabilities) && data.digit === "?");
  holder.querySelectorAll("li").forEach((bar, digit) => {
    const share = data.probabilities?.[digit] ?? 0;
    bar.dataset.rank = data.probabilities ? data.order.indexOf(digit) : -1;
    bar.querySelector(".fill").style.transform = `scaleX(${share})`;
    bar.querySelector(".percent").textContent = data.probabilities ? percent(share) : "–";
  });
  clearTimeout(part.timer);
  part.timer = setTimeout(() => {
    find(".spoken").textContent = `${data.headline} ${data.detail}`;
  }, QUIET_MS);
}

export default lasting(make, show);
