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

const HTML = `
  <div class="pad">
    <div class="sheet">
      <canvas tabindex="0" role="img"
        aria-label="Drawing area. Draw one digit from 0 to 9 with mouse, finger or pen. Control Z takes back a stroke, Delete clears."></canvas>
      <div class="hint" aria-hidden="true">Draw a digit here</div>
    </div>
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
    this.pointer = null; // the one finger, pen or mouse that draws it
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
    this.canvas.addEventListener("blur", () => this.canvas.classList.remove("by-hand"));
    this.holder.addEventListener("keydown", (event) => this.key(event));
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
    if (this.pointer !== null || event.button !== 0 || this.strokes.length >= MAX_STROKES) return;
    event.preventDefault();
    this.canvas.classList.add("by-hand"); // the ring that shows the focus is for those who use the keyboard
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.current = { w: Number(this.pen.value), p: [this.place(event)] };
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
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.current = null;
    this.tell();
  }

  key(event) {
    this.canvas.classList.remove("by-hand");
    const onPen = event.target === this.pen;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.takeBack(-1);
    else if (!onPen && (event.key === "Delete" || event.key === "Backspace")) this.takeBack(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Takes back all strokes from that one on: the last one, if it is -1.
  takeBack(from) {
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
    const empty = !this.strokes.length;
    this.find(".hint").hidden = !empty;
    this.find(".undo").disabled = this.find(".clear").disabled = empty;
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

export default lasting((root, data) => new Pad(root, data), (pad, data) => pad.show(data));
