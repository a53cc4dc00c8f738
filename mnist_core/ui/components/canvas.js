// The drawing pad: strokes in, strokes out, in the coordinates of a 280 x 280 canvas whatever its size on screen.
//
// data in:  {drawing: {strokes, seq, pen_px} | null, answered: seq, pen_px}
// data out: drawing = {strokes: [{w, p: [[x, y], ...]}], seq, pen_px}
//
// While a stroke is drawn, a message goes out at most every THROTTLE_MS, and only once the last one was answered,
// so that a slow server gets fewer messages and never a queue of them. The end of a stroke always goes out.

const SIDE = 280;
const THROTTLE_MS = 100;
const PATIENCE_MS = 1500;
const MIN_MOVE = 0.8; // points closer than this to the last one say nothing new
const MAX_STROKES = 150; // more strokes or points are a scribble, and grow every message
const MAX_POINTS = 4000;
const KEYS = "keys"; // in place of a pointer's number: the pen is moved with the arrows
const STEP = 7; // of the arrows; with Shift a fine one
const FINE_STEP = 2;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const HTML = `
  <div class="pad">
    <div class="sheet">
      <canvas tabindex="0" role="application" aria-label="Drawing area for one digit from 0 to 9" aria-describedby="keys"></canvas>
      <div class="hint" aria-hidden="true">
        <span class="for-hand">Draw a digit here</span>
        <span class="for-keys">Arrows move the pen,<br>Space lowers and lifts it</span>
      </div>
    </div>
    <p class="spoken" id="keys">Draw with mouse, finger or pen; or with the keyboard: the arrow keys move the pen, with Shift in small
      steps, Space or Enter lowers and lifts it, Escape leaves. Control Z takes back a stroke, Delete clears.</p>
    <p class="spoken" role="status"></p>
    <div class="tools">
      <label class="pen" title="Pen width. MNIST's own digits look as if drawn with a pen of about 20.">
        <span class="dot thin" aria-hidden="true"></span>
        <input type="range" min="8" max="36" step="1" aria-label="Pen width">
        <span class="dot thick" aria-hidden="true"></span>
      </label>
      <button type="button" class="undo" title="Take back the last stroke (Ctrl+Z)">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"/></svg>Undo</button>
      <button type="button" class="clear" title="Start again (Delete)">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"/></svg>Clear</button>
    </div>
  </div>`;

class Pad {
  constructor(root, data) {
    this.holder = document.createElement("div");
    this.holder.innerHTML = HTML;
    root.appendChild(this.holder);
    this.canvas = this.find("canvas");
    this.pen = this.find("input");
    this.strokes = data.drawing?.strokes ?? [];
    this.seq = data.drawing?.seq ?? 0;
    this.pen.value = data.drawing?.pen_px ?? data.pen_px;
    this.current = null; // the stroke being drawn
    this.pointer = null; // the one finger, pen or mouse that draws it, or the keyboard
    this.cursor = [SIDE / 2, SIDE / 2]; // where the keyboard's pen is
    this.held = new Set(); // the arrows that are pressed: two of them move it aslant
    this.sentAt = -Infinity;
    this.answered = true;
    this.timer = 0;
    this.listen();
  }

  find(selector) {
    return this.holder.querySelector(selector);
  }

  listen() {
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      this.canvas.addEventListener(end, (event) => this.up(event));
    }
    this.canvas.addEventListener("focus", () => this.paint());
    this.canvas.addEventListener("blur", () => this.leave());
    this.holder.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("keyup", (event) => this.held.delete(event.key));
    this.find(".undo").addEventListener("click", () => this.takeBack(-1));
    this.find(".clear").addEventListener("click", () => this.takeBack(0));
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.canvas);
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = SIDE / box.width;
    const round = (value) => Math.round(value * 10) / 10;
    return [round((event.clientX - box.left) * scale), round((event.clientY - box.top) * scale)];
  }

  down(event) {
    this.lift();
    if (this.pointer !== null || event.button !== 0 || this.strokes.length >= MAX_STROKES) return;
    event.preventDefault();
    this.canvas.classList.add("by-hand"); // the ring that shows the focus is for those who use the keyboard
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.begin(event.pointerId, this.place(event));
  }

  begin(pointer, point) {
    this.pointer = pointer;
    this.current = { w: Number(this.pen.value), p: [point] };
    this.strokes = [...this.strokes, this.current];
    this.paint();
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const seen = event.getCoalescedEvents?.() ?? [];
    for (const one of seen.length ? seen : [event]) this.add(this.place(one));
    this.paint();
    this.schedule();
  }

  add(point) {
    const last = this.current.p[this.current.p.length - 1];
    const far = Math.hypot(point[0] - last[0], point[1] - last[1]) >= MIN_MOVE;
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.p.length, 0);
    if (far && points < MAX_POINTS) this.current.p.push(point);
  }

  up(event) {
    if (event.pointerId === this.pointer) this.end();
  }

  end() {
    this.pointer = null;
    this.current = null;
    this.paint();
    this.tell();
  }

  key(event) {
    this.canvas.classList.remove("by-hand");
    const onPen = event.target === this.pen;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.takeBack(-1);
    else if (!onPen && (event.key === "Delete" || event.key === "Backspace")) this.takeBack(0);
    else if (event.target !== this.canvas || !this.moveByKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Whether the key is one of those that draw.
  moveByKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key in ARROWS) this.step(event.key, event.shiftKey ? FINE_STEP : STEP);
    else if (event.key === " " || event.key === "Enter") this.toggle(event.repeat);
    else if (event.key === "Escape") this.canvas.blur();
    else return false;
    return true;
  }

  step(arrow, length) {
    this.held.add(arrow);
    const to = (axis) => this.cursor[axis] + length * [...this.held].reduce((sum, one) => sum + ARROWS[one][axis], 0);
    this.cursor = [0, 1].map((axis) => Math.min(SIDE, Math.max(0, to(axis))));
    if (this.pointer === KEYS) {
      this.add(this.cursor);
      this.schedule();
    }
    this.paint();
  }

  toggle(isRepeated) {
    if (isRepeated) return;
    if (this.pointer === KEYS) this.lift();
    else if (this.pointer === null && this.strokes.length < MAX_STROKES) {
      this.begin(KEYS, this.cursor);
      this.say("Pen down");
    }
  }

  lift() {
    if (this.pointer !== KEYS) return;
    this.end();
    this.say("Pen up");
  }

  leave() {
    this.lift();
    this.held.clear();
    this.canvas.classList.remove("by-hand");
    this.paint();
  }

  say(words) {
    this.find("[role=status]").textContent = words;
  }

  // Takes back all strokes from that one on: the last one, if it is -1.
  takeBack(from) {
    this.lift();
    if (this.pointer !== null || !this.strokes.length) return;
    this.strokes = this.strokes.slice(0, from);
    this.paint();
    this.tell();
  }

  // Tell the server now, or while drawing as soon as it may be told again.
  tell() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.seq += 1;
    this.sentAt = performance.now();
    this.answered = false;
    this.holder.dataset.answered = "no"; // for whoever waits for the answer to the last stroke
    this.keep("drawing", { strokes: this.strokes, seq: this.seq, pen_px: Number(this.pen.value) });
  }

  schedule() {
    if (this.timer || this.pointer === null) return;
    const wait = this.answered ? THROTTLE_MS : PATIENCE_MS;
    const left = Math.max(0, wait - (performance.now() - this.sentAt));
    this.timer = setTimeout(() => {
      this.timer = 0;
      if (this.pointer !== null) this.tell();
    }, left);
  }

  show(data) {
    if (data.answered !== this.seq || this.answered) return;
    this.answered = true;
    this.holder.dataset.answered = "yes";
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = 0;
      this.schedule();
    }
  }

  paint() {
    const pixels = Math.max(1, Math.round(this.canvas.clientWidth * (window.devicePixelRatio || 1)));
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    const ink = this.canvas.getContext("2d");
    ink.setTransform(pixels / SIDE, 0, 0, pixels / SIDE, 0, 0);
    ink.fillStyle = "#000";
    ink.fillRect(0, 0, SIDE, SIDE);
    ink.strokeStyle = ink.fillStyle = "#fff";
    ink.lineCap = ink.lineJoin = "round";
    for (const stroke of this.strokes) drawStroke(ink, stroke);
    const byKeys = this.isByKeys();
    if (byKeys) drawCursor(ink, this.cursor, Number(this.pen.value), this.pointer === KEYS);
    this.find(".for-keys").hidden = !byKeys;
    this.find(".for-hand").hidden = byKeys;
    const empty = !this.strokes.length;
    this.find(".hint").hidden = !empty;
    this.find(".undo").disabled = this.find(".clear").disabled = empty;
  }

  isByKeys() {
    return this.holder.getRootNode().activeElement === this.canvas && !this.canvas.classList.contains("by-hand");
  }

  close() {
    clearTimeout(this.timer);
    this.observer.disconnect();
  }
}

function drawStroke(ink, { w, p }) {
  ink.lineWidth = w;
  ink.beginPath();
  ink.moveTo(p[0][0], p[0][1]);
  for (const [x, y] of p) ink.lineTo(x, y); // a dot is a line of no length: its round caps are drawn
  ink.stroke();
}

// Where the keyboard's pen is: a ring as wide as its line, full while it is lowered.
function drawCursor(ink, [x, y], width, isDown) {
  ink.lineWidth = 2;
  ink.strokeStyle = ink.fillStyle = "#56b4e9";
  ink.beginPath();
  ink.arc(x, y, width / 2 + 2, 0, 2 * Math.PI);
  ink.stroke();
  if (isDown) ink.fill();
}

export default lasting((root, data) => new Pad(root, data), (pad, data) => pad.show(data));
