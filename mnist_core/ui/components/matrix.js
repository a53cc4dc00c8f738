// The confusion matrix: a table with a button in every cell, and one before every row and above every column.
//
// data in:  {cells: [[{text, label, weight, tone}]], selected: [row | null, column | null] | null}
//           weight is 0 to 1, how strongly a wrong cell is tinted; the diagonal is marked by place
// data out: picked (once a click) = {cell: [row | null, column | null] | null}, null when what is pressed is pressed again
//
// Buttons stand in a grid of 11 x 11, in which row 0 holds the columns' heads and column 0 the rows'.

const SIDE = 11;

const place = (row, column) => `data-row="${row}" data-column="${column}"`;

function make(root, data) {
  const holder = document.createElement("div");
  holder.className = "holder";
  const heads = Array.from({ length: 10 }, (_, digit) => {
    const label = `All images wrongly predicted ${digit}`;
    return `<th scope="col"><button type="button" tabindex="-1" class="head" aria-label="${label}" title="${label}" ${place(0, digit + 1)}>${digit}</button></th>`;
  }).join("");
  holder.innerHTML = `
    <table>
      <caption>Rows: the true digit. Columns: the predicted digit. Arrow keys move, Enter shows the images of a cell, a row or a column.</caption>
      <thead>
        <tr><td class="corner" colspan="2"></td><th class="axis" scope="colgroup" colspan="10">predicted</th></tr>
        <tr><td class="corner" colspan="2"></td>${heads}</tr>
      </thead>
      <tbody></tbody>
    </table>`;
  const body = holder.querySelector("tbody");
  for (let row = 0; row < 10; row += 1) body.appendChild(makeRow(row));
  root.appendChild(holder);
  const part = { holder, at: [1, 1], buttons: new Map() };
  for (const button of holder.querySelectorAll("button")) {
    part.buttons.set(Number(button.dataset.row) * SIDE + Number(button.dataset.column), button);
  }
  holder.addEventListener("click", (event) => pick(part, event.target.closest("button")));
  holder.addEventListener("keydown", (event) => walk(part, event));
  const chosen = data.selected ?? [0, 0];
  focusable(part, chosen.map((digit) => (digit === null ? 0 : digit + 1)));
  return part;
}

function makeRow(digit) {
  const line = document.createElement("tr");
  const axis = digit === 0 ? '<th class="axis side" scope="rowgroup" rowspan="10"><span>true digit</span></th>' : "";
  const label = `All mistakes on true ${digit}`;
  line.innerHTML = `${axis}<th scope="row"><button type="button" tabindex="-1" class="head" aria-label="${label}" title="${label}" ${place(digit + 1, 0)}>${digit}</button></th>`;
  for (let predicted = 0; predicted < 10; predicted += 1) {
    const cell = document.createElement("td");
    cell.className = digit === predicted ? "right" : "wrong";
    cell.innerHTML = `<button type="button" tabindex="-1" ${place(digit + 1, predicted + 1)}></button>`;
    line.appendChild(cell);
  }
  return line;
}

const at = (button) => [Number(button.dataset.row), Number(button.dataset.column)];

// Of a place in the grid, the digits that it stands for; a head stands for no digit on its other side.
const digits = ([row, column]) => [row === 0 ? null : row - 1, column === 0 ? null : column - 1];

function pick(part, button) {
  if (!button) return;
  const cell = digits(at(button));
  const again = button.getAttribute("aria-pressed") === "true";
  select(part, again ? null : cell);
  focusable(part, at(button));
  part.trigger("picked", { cell: again ? null : cell });
}

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -SIDE], End: [0, SIDE] };

function walk(part, event) {
  const move = MOVES[event.key];
  if (!move) return;
  const inside = (value) => Math.min(SIDE - 1, Math.max(0, value));
  const to = [inside(part.at[0] + move[0]), inside(part.at[1] + move[1])];
  if (to[0] === 0 && to[1] === 0) return;
  focusable(part, to);
  part.buttons.get(to[0] * SIDE + to[1]).focus();
  event.preventDefault();
}

// One button at a time can be reached with the Tab key, the others from it with the arrows.
function focusable(part, to) {
  part.at = to;
  part.buttons.forEach((button, where) => {
    button.tabIndex = where === to[0] * SIDE + to[1] ? 0 : -1;
  });
}

function select(part, cell) {
  part.buttons.forEach((button) => {
    const [row, column] = digits(at(button));
    const chosen = cell !== null && row === cell[0] && column === cell[1];
    button.setAttribute("aria-pressed", String(chosen));
    // The cells of a chosen row or column are marked with it.
    const within = cell !== null && !chosen && ((cell[1] === null && row === cell[0]) || (cell[0] === null && column === cell[1]));
    button.classList.toggle("within", within);
  });
}

function show(part, data) {
  for (let row = 0; row < 10; row += 1) {
    for (let column = 0; column < 10; column += 1) {
      const button = part.buttons.get((row + 1) * SIDE + column + 1);
      const { text, label, weight, tone } = data.cells[row][column];
      button.textContent = text;
      button.setAttribute("aria-label", label);
      button.title = label;
      button.style.setProperty("--weight", `${Math.round(weight * 100)}%`);
      button.classList.toggle("strong", weight > 0.55);
      button.classList.toggle("none", weight === 0);
      button.classList.toggle("better", tone === "better");
    }
  }
  select(part, data.selected);
}

export default lasting(make, show);
