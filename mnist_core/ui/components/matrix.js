// The confusion matrix: a table with a button in every cell.
//
// data in:  {cells: [[{text, label, weight}]], selected: [row, column] | null}
//           weight is 0 to 1, how strongly a wrong cell is tinted; the diagonal is marked by place
// data out: picked (once a click) = [row, column], or null when the pressed cell is pressed again

const tables = new WeakMap();

function make(root) {
  const holder = document.createElement("div");
  holder.className = "holder";
  const heads = Array.from({ length: 10 }, (_, digit) => `<th scope="col">${digit}</th>`).join("");
  holder.innerHTML = `
    <table>
      <caption>Rows: the true digit. Columns: what the network read. Arrow keys move, Enter shows a cell's images.</caption>
      <thead>
        <tr><td class="corner" colspan="2"></td><th class="axis" scope="colgroup" colspan="10">read as</th></tr>
        <tr><td class="corner" colspan="2"></td>${heads}</tr>
      </thead>
      <tbody></tbody>
    </table>`;
  const body = holder.querySelector("tbody");
  for (let row = 0; row < 10; row += 1) body.appendChild(makeRow(row));
  root.appendChild(holder);
  const part = { holder, at: [0, 0], cells: [...holder.querySelectorAll("button")] };
  holder.addEventListener("click", (event) => pick(part, event.target.closest("button")));
  holder.addEventListener("keydown", (event) => walk(part, event));
  return part;
}

function makeRow(row) {
  const line = document.createElement("tr");
  const axis = row === 0 ? '<th class="axis side" scope="rowgroup" rowspan="10"><span>true digit</span></th>' : "";
  line.innerHTML = `${axis}<th scope="row">${row}</th>`;
  for (let column = 0; column < 10; column += 1) {
    const cell = document.createElement("td");
    cell.className = row === column ? "right" : "wrong";
    cell.innerHTML = `<button type="button" tabindex="-1" data-row="${row}" data-column="${column}"></button>`;
    line.appendChild(cell);
  }
  return line;
}

function pick(part, button) {
  if (!button) return;
  const cell = [Number(button.dataset.row), Number(button.dataset.column)];
  const again = button.getAttribute("aria-pressed") === "true";
  select(part, again ? null : cell);
  focusable(part, cell);
  part.send("picked", again ? { cell: null } : { cell });
}

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -9], End: [0, 9] };

function walk(part, event) {
  const move = MOVES[event.key];
  if (!move) return;
  const inside = (value) => Math.min(9, Math.max(0, value));
  const cell = [inside(part.at[0] + move[0]), inside(part.at[1] + move[1])];
  focusable(part, cell);
  part.cells[cell[0] * 10 + cell[1]].focus();
  event.preventDefault();
}

// One cell at a time can be reached with the Tab key, the others from it with the arrows.
function focusable(part, cell) {
  part.at = cell;
  part.cells.forEach((button, place) => {
    button.tabIndex = place === cell[0] * 10 + cell[1] ? 0 : -1;
  });
}

function select(part, cell) {
  part.cells.forEach((button, place) => {
    const chosen = cell !== null && place === cell[0] * 10 + cell[1];
    button.setAttribute("aria-pressed", String(chosen));
  });
}

function show(part, data) {
  part.cells.forEach((button, place) => {
    const { text, label, weight } = data.cells[Math.floor(place / 10)][place % 10];
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.style.setProperty("--weight", `${Math.round(weight * 100)}%`);
    button.classList.toggle("strong", weight > 0.55);
    button.classList.toggle("none", weight === 0);
  });
  select(part, data.selected);
}

export default function ({ parentElement, data, setTriggerValue }) {
  let part = tables.get(parentElement);
  if (!part) {
    part = make(parentElement);
    tables.set(parentElement, part);
    focusable(part, data.selected ?? [0, 0]);
  }
  part.send = setTriggerValue;
  show(part, data);
  return () => {
    part.holder.remove();
    tables.delete(parentElement);
  };
}
