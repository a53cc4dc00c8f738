// The confusion matrix: a table with a button in every cell, and one before every row and above every column.
//
// data in:  {cells: [[{text, label, weight, tone}]], selected: [row | null, column | null] | null}
//           weight is 0 to 1, how strongly a wrong cell is tinted; the diagonal is marked by place
// data out: picked (once a click) = {cell: [row | null, column | null] | null}, null when what is pressed is pressed again
//
// Buttons stand in a grid of 11 x 11, in which row 0 holds the columns' heads and column 0 the rows'; the corner is empty.

const SIDE = 11;
const GRID = [...Array(SIDE).keys()];
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -SIDE], End: [0, SIDE] };

function make(root, data) {
  const holder = document.createElement("div");
  holder.className = "holder";
  holder.innerHTML = `
    <table>
      <caption>Rows: the true digit. Columns: the predicted digit. Arrow keys move, Enter shows the images of a cell, a row or a column.</caption>
      <thead>
        <tr><td class="corner" colspan="2"></td><th class="axis" scope="colgroup" colspan="10">predicted</th></tr>
        ${rowOf(0)}
      </thead>
      <tbody>${GRID.slice(1).map(rowOf).join("")}</tbody>
    </table>`;
  root.appendChild(holder);
  const part = { holder, buttons: [...holder.querySelectorAll("button")] };
  holder.addEventListener("click", (event) => pick(part, event.target.closest("button")));
  holder.addEventListener("keydown", (event) => walk(part, event));
  const [row, column] = (data.selected ?? [0, 0]).map((digit) => (digit === null ? 0 : digit + 1));
  focusable(part, buttonAt(part, row, column));
  return part;
}

function rowOf(row) {
  const side = row === 1 ? '<th class="axis side" scope="rowgroup" rowspan="10"><span>true digit</span></th>' : "";
  const cells = GRID.slice(1).map((column) => cellOf(row, column));
  return `<tr>${side}${row ? cellOf(row, 0) : '<td class="corner" colspan="2"></td>'}${cells.join("")}</tr>`;
}

function cellOf(row, column) {
  const button = (traits, text) => `<button type="button" tabindex="-1" data-row="${row}" data-column="${column}" ${traits}>${text}</button>`;
  if (row && column) return `<td class="${row === column ? "right" : "wrong"}">${button("", "")}</td>`;
  const label = row ? `All mistakes on true ${row - 1}` : `All images wrongly predicted ${column - 1}`;
  return `<th scope="${row ? "row" : "col"}">${button(`class="head" aria-label="${label}" title="${label}"`, row + column - 1)}</th>`;
}

const buttonAt = (part, row, column) => part.buttons[row * SIDE + column - 1];
const at = (button) => [Number(button.dataset.row), Number(button.dataset.column)];

// Of a button, the digits that it stands for; a head stands for no digit on its other side.
const digits = (button) => at(button).map((place) => (place === 0 ? null : place - 1));

function pick(part, button) {
  if (!button) return;
  const cell = button.getAttribute("aria-pressed") === "true" ? null : digits(button);
  select(part, cell);
  focusable(part, button);
  part.trigger("picked", { cell });
}

function walk(part, event) {
  const move = MOVES[event.key];
  if (!move) return;
  const [row, column] = at(part.focus).map((place, side) => Math.min(SIDE - 1, Math.max(0, place + move[side])));
  if (row + column === 0) return;
  focusable(part, buttonAt(part, row, column));
  part.focus.focus();
  event.preventDefault();
}

// One button at a time can be reached with the Tab key, the others from it with the arrows.
function focusable(part, button) {
  if (part.focus) part.focus.tabIndex = -1;
  part.focus = button;
  button.tabIndex = 0;
}

function select(part, cell) {
  for (const button of part.buttons) {
    const [row, column] = digits(button);
    const chosen = cell !== null && row === cell[0] && column === cell[1];
    button.setAttribute("aria-pressed", String(chosen));
    // The cells of a chosen row or column are marked with it.
    const within = cell !== null && !chosen && ((cell[1] === null && row === cell[0]) || (cell[0] === null && column === cell[1]));
    button.classList.toggle("within", within);
  }
}

function show(part, data) {
  data.cells.flat().forEach(({ text, label, weight, tone }, place) => {
    const button = buttonAt(part, Math.floor(place / 10) + 1, (place % 10) + 1);
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.style.setProperty("--weight", `${Math.round(weight * 100)}%`);
    for (const [trait, is] of Object.entries({ strong: weight > 0.55, none: weight === 0, better: tone === "better" })) button.classList.toggle(trait, is);
  });
  select(part, data.selected);
}

export default lasting(make, show);
