// One press of the browser's Back undoes one thing that somebody did: nothing is shown.
//
// Streamlit makes a new entry of the browser's history each time the address changes. A page that was just opened
// brings its address in order (drops what is usual, adds what it shows), which is part of opening it and no step of
// its own: without a press or a key since the last entry, that entry is rewritten instead. So it is after a press of
// what stands in a container with a key that begins with `one_entry`, as what goes from one open image to the next:
// one Back closes whichever is open.

const ACTS = ["pointerdown", "keydown"];
const REWRITES = '[class*="st-key-one_entry"]';

function install() {
  let acted = true;
  for (const act of ACTS) window.addEventListener(act, () => { acted = true; }, true);
  window.addEventListener("click", ({ target }) => { if (target.closest?.(REWRITES)) acted = false; }, true);
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const staysOnPage = new URL(url ?? "", location.href).pathname === location.pathname;
    if (staysOnPage && !acted) history.replaceState(state, title, url);
    else push(state, title, url);
    acted = false;
  };
}

export default function () {
  if (window.digitClinicHistory) return;
  window.digitClinicHistory = true;
  install();
}
