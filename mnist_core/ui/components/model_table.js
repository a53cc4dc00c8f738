// What several models read: a row each, with ten small bars.
//
// data in: {rows: [{title, about, note, help, digit, sure, probabilities: [10], right: bool | null, asked: bool}], label: digit | null}

const lists = new WeakMap();

const ROW = `
  <div class="digit" aria-hidden="true"></div>
  <div class="model"><b></b><span class="asked">asked here</span><span class="about"></span><span class="note"></span></div>
  <div class="result"><span class="verdict"></span><span class="sure"></span></div>
  <div class="bars" role="img"></div>`;

function make() {
  const row = document.createElement("li");
  row.innerHTML = ROW;
  const bars = row.querySelector(".bars");
  for (let digit = 0; digit < 10; digit += 1) {
    const bar = document.createElement("span");
    bar.className = "bar";
    bar.innerHTML = `<span class="track"><span class="fill"></span></span><span class="name">${digit}</span>`;
    bars.appendChild(bar);
  }
  return row;
}

function update(row, data, label) {
  const find = (selector) => row.querySelector(selector);
  const verdict = data.right === null ? "" : data.right ? "✓ right" : "✗ wrong";
  row.title = data.help;
  row.dataset.right = data.right === null ? "unknown" : data.right;
  row.classList.toggle("is-asked", data.asked);
  find(".digit").textContent = data.digit;
  find("b").textContent = data.title;
  find(".asked").hidden = !data.asked;
  find(".about").textContent = data.about;
  find(".note").textContent = data.note;
  find(".verdict").textContent = verdict;
  find(".sure").textContent = data.sure;
  find(".bars").setAttribute("aria-label", `${data.title} reads ${data.digit}, ${data.sure} ${verdict}`);
  row.querySelectorAll(".bar").forEach((bar, digit) => {
    const share = data.probabilities[digit];
    bar.title = `${digit}: ${(share * 100).toFixed(1)} %`;
    bar.classList.toggle("read", digit === data.digit);
    bar.classList.toggle("meant", digit === label);
    bar.querySelector(".fill").style.transform = `scaleY(${share})`;
  });
}

function show(list, data) {
  while (list.children.length < data.rows.length) list.appendChild(make());
  while (list.children.length > data.rows.length) list.lastChild.remove();
  data.rows.forEach((row, place) => update(list.children[place], row, data.label));
}

export default function ({ parentElement, data }) {
  let list = lists.get(parentElement);
  if (!list) {
    list = document.createElement("ol");
    list.setAttribute("aria-label", "What each model reads");
    parentElement.appendChild(list);
    lists.set(parentElement, list);
  }
  show(list, data);
  return () => {
    if (parentElement.isConnected) return; // overtaken, not gone: see register_component.py
    list.remove();
    lists.delete(parentElement);
  };
}
