// The heading of an open image: what was opened comes into sight, and the arrow keys and Escape press its buttons.
//
// data in: {title, note, buttons: {ArrowLeft, ArrowRight, Escape: the key of a button of Streamlit}, goThere: bool}

const MENU_PX = 80; // the menu stands over the top of the page
const LONGEST_MS = 3000; // that a key waits for its button
const LEAST_PX = 240; // of the image, so that it counts as in sight
// What has a use of its own for Escape, what has one for the arrows, and what stands above the page until Escape closes it.
const WRITTEN_IN = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true], [role=combobox], [role=listbox]";
const MOVED_IN = `${WRITTEN_IN}, input, canvas, [role=slider], [role=radio], [role=application], [role=tab], [role=spinbutton]`;
const ABOVE = "[role=dialog], [role=listbox], [data-testid=stPopoverBody], [data-testid=stFullScreenFrame] button[aria-label='Exit fullscreen']";

function make(root) {
  const holder = document.createElement("h3");
  holder.tabIndex = -1;
  holder.innerHTML = "<b></b> <span></span>";
  root.appendChild(holder);
  const part = { holder, shown: null };
  const listen = (event) => press(part, event);
  window.addEventListener("keydown", listen);
  part.close = () => window.removeEventListener("keydown", listen);
  return part;
}

function press(part, event) {
  const name = part.buttons[event.key];
  if (!name || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const others = event.key === "Escape" ? WRITTEN_IN : MOVED_IN;
  if (event.composedPath().some((one) => one.matches?.(others)) || document.querySelector(ABOVE)) return;
  event.preventDefault();
  clickOnceThere(`.st-key-${name} button`, performance.now() + LONGEST_MS);
}

// The heading is there before its buttons, and whoever sees the image may be quicker than they are.
function clickOnceThere(selector, giveUpAt) {
  const button = document.querySelector(selector);
  if (button) button.click();
  else if (performance.now() < giveUpAt) requestAnimationFrame(() => clickOnceThere(selector, giveUpAt));
}

function bringIntoSight({ holder }) {
  const { top } = holder.getBoundingClientRect();
  if (top < MENU_PX || top > window.innerHeight - LEAST_PX) holder.scrollIntoView({ block: "start" });
}

export default lasting(make, (part, { title, note, buttons, goThere }) => {
  part.buttons = buttons;
  part.holder.querySelector("b").textContent = title;
  part.holder.querySelector("span").textContent = note;
  const shown = `${title} ${note}`;
  if (part.shown === shown) return;
  part.shown = shown;
  if (goThere) part.holder.focus({ preventScroll: true });
  requestAnimationFrame(() => bringIntoSight(part)); // once what stood here before is gone
});
