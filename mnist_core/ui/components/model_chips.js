// One or two models in one line, however long their names are.
//
// data in: {label, chips: [{letter, name, value, note}], lines: bool}
//
// A letter, a colour, and in charts a mark and a kind of line: nobody needs the colour to tell the two apart.

const LINES = {
  A: '<svg viewBox="0 0 34 10" aria-hidden="true"><path d="M0 5h34"/><circle cx="17" cy="5" r="4"/></svg>',
  B: '<svg viewBox="0 0 34 10" aria-hidden="true"><path d="M0 5h34" stroke-dasharray="6 4"/><path class="mark" d="M17 0l5 5-5 5-5-5z"/></svg>',
};

function chip({ letter, name, value, note }, lines) {
  const item = document.createElement("li");
  item.className = letter.toLowerCase();
  item.innerHTML = `<b class="letter"></b>${lines ? (LINES[letter] ?? "") : ""}<span class="name"></span> <strong></strong> <span class="note"></span>`;
  const texts = { ".letter": letter, ".name": name, strong: value, ".note": note };
  for (const [selector, text] of Object.entries(texts)) {
    const part = item.querySelector(selector);
    part.textContent = text;
    part.hidden = !text;
  }
  item.querySelector(".name").title = name;
  return item;
}

function make(root) {
  const holder = document.createElement("ul");
  root.appendChild(holder);
  return { holder };
}

export default lasting(make, ({ holder }, { label, chips, lines }) => {
  holder.setAttribute("aria-label", label);
  holder.replaceChildren(...chips.map((one) => chip(one, lines)));
});
