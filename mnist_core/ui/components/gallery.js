// Many small digits, each a button, all cut from one picture.
//
// data in:  {version, sprite, columns, rows, label, tiles: [{id, top, bottom, label}],
//            ticked: [id] | null, full: bool, focus: id | null}
// data out: picked (once a click) = id
//           ticked (once a click, instead, when there are boxes to tick) = [[id, bool]]
//
// The tiles are made anew only when `version` changes: a rerun of the page leaves them, and the focus, in peace.

function make(root) {
  const list = document.createElement("ul");
  root.appendChild(list);
  const part = { holder: list, list, version: null, ticked: null, full: false, wanted: new Map() };
  list.addEventListener("click", (event) => {
    const tile = event.target.closest("button");
    if (!tile) return;
    if (part.ticked) tick(part, tile);
    else part.trigger("picked", Number(tile.dataset.id));
  });
  list.addEventListener("keydown", (event) => walk(part, event));
  return part;
}

function tile({ id, top, bottom, label }, place, data) {
  const item = document.createElement("li");
  item.innerHTML = `<button type="button" tabindex="-1"><i></i><b></b> <span></span></button>`;
  const button = item.firstChild;
  button.dataset.id = id;
  button.setAttribute("aria-label", label);
  button.title = label;
  const share = (at, count) => (count > 1 ? (at / (count - 1)) * 100 : 0);
  const column = place % data.columns;
  const row = Math.floor(place / data.columns);
  button.querySelector("i").style.backgroundPosition = `${share(column, data.columns)}% ${share(row, data.rows)}%`;
  button.querySelector("b").textContent = top;
  button.querySelector("span").textContent = bottom;
  return item;
}

function showTiles(part, data) {
  part.list.setAttribute("aria-label", data.label);
  if (part.version === data.version) return;
  part.version = data.version;
  part.wanted.clear();
  part.list.style.setProperty("--sprite", `url(${data.sprite})`);
  part.list.style.setProperty("--size", `${data.columns * 100}% ${data.rows * 100}%`);
  part.list.replaceChildren(...data.tiles.map((one, place) => tile(one, place, data)));
  const left = part.list.querySelector(`button[data-id="${data.focus}"]`);
  const first = left ?? part.list.querySelector("button");
  if (first) first.tabIndex = 0;
  left?.focus();
}

// A press shows at once. Until the page has heard of it, each further press tells of it again: presses that follow
// one another quickly may reach the page as one.
function tick(part, tile) {
  const id = Number(tile.dataset.id);
  const on = tile.getAttribute("aria-pressed") !== "true";
  if (on && part.full) return;
  part.wanted.set(id, on);
  showTicks(part);
  part.trigger("ticked", [...part.wanted]);
}

function takeTicks(part, data) {
  part.ticked = data.ticked ? new Set(data.ticked) : null;
  part.full = Boolean(data.full);
  part.list.classList.toggle("ticking", Boolean(part.ticked));
  for (const [id, on] of part.wanted) {
    if (!part.ticked || part.full || part.ticked.has(id) === on) part.wanted.delete(id);
  }
  if (part.ticked) showTicks(part);
}

function showTicks(part) {
  for (const tile of part.list.querySelectorAll("button")) {
    const id = Number(tile.dataset.id);
    tile.setAttribute("aria-pressed", part.wanted.get(id) ?? part.ticked.has(id));
  }
}

// One tile at a time can be reached with the Tab key, the others from it with the arrows.
function walk(part, event) {
  const tiles = [...part.list.querySelectorAll("button")];
  const at = tiles.indexOf(event.target.closest("button"));
  if (at < 0) return;
  const across = tiles.filter((one) => one.offsetTop === tiles[0].offsetTop).length;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - across, ArrowDown: at + across, Home: 0, End: tiles.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = tiles[to];
  if (!next) return;
  tiles[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

export default lasting(make, (part, data) => {
  showTiles(part, data);
  takeTicks(part, data);
});
