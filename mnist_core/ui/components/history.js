// One press of the browser's Back undoes one thing that somebody did: nothing is shown.
//
// Streamlit makes a new entry of the browser's history each time the address changes. A page that was just opened
// brings its address in order (drops what is usual, adds what it shows), which is part of opening it and no step of
// its own: without a press or a key since the last entry, that entry is rewritten instead. So it is after a press of
// what stands in a container with a key that begins with `one_entry`, as what goes from one open image to the next:
// one Back closes whichever is open.
//
// A link to the page that is shown is made such an entry, too, and told to Streamlit as one: it sends a link's
// parameters as it sends those of a press, which may be from before the page last changed its address, and it leaves
// the address as it was. The server takes from the browser only what it is told in this way (`query_params.py`).

const ACTS = ["pointerdown", "keydown"];
const MENU = "[data-testid=stSidebar]"; // of a narrow window
const CLOSES_MENU = "[data-testid=stSidebarCollapseButton] button";
const REWRITES = '[class*="st-key-one_entry"]';

function install() {
  let acted = true;
  for (const act of ACTS) window.addEventListener(act, () => { acted = true; }, true);
  window.addEventListener("click", ({ target }) => { if (target.closest?.(REWRITES)) acted = false; }, true);
  let next = null; // the path of the page that a link has asked for, until it is there
  window.addEventListener("click", (event) => { next = pathOfNextPage(event); }, true);
  window.addEventListener("popstate", () => { next = null; }, true);
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? "", location.href);
    const staysOnPage = to.pathname === location.pathname;
    // The next page's parameters may come before its path: they are no place of the page that is left.
    if (staysOnPage && next) push(state, title, next + to.search);
    else if (staysOnPage && !acted) history.replaceState(state, title, url);
    else push(state, title, url);
    acted = false;
    next = null;
  };
}

function pathOfNextPage(event) {
  const link = completeLink(event);
  if (!link || !isPlain(event, link)) return null;
  const { origin, pathname } = new URL(link.href);
  return origin === location.origin && pathname !== location.pathname ? pathname : null;
}

function isPlain(event, link) {
  const hasKey = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return !event.button && !hasKey && ["", "_self"].includes(link.target) && !link.hasAttribute("download");
}

// Streamlit writes a link to the page at the root as `?image=3`, which a new tab would open on the page that is shown.
function completeLink({ target }) {
  const link = target.closest?.("a[href]");
  if (link?.getAttribute("href").startsWith("?")) link.href = new URL(".", location.href).pathname + link.getAttribute("href");
  return link;
}

function goWithinPage(event) {
  const link = completeLink(event);
  if (!link || !isPlain(event, link)) return;
  const { origin, pathname, search, hash } = new URL(link.href);
  if (origin !== location.origin || pathname !== location.pathname || hash) return;
  event.preventDefault();
  event.stopPropagation();
  if (search !== location.search) history.pushState({}, "", pathname + search);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

// A narrow window shows the menu over the page. Streamlit closes it after a choice on phones only, and never by Escape.
function closeMenu({ type, key, target }) {
  if (type === "keydown" ? key !== "Escape" : !target.closest?.(`${MENU} a[href]`)) return;
  setTimeout(() => document.querySelector(`${MENU}[data-collapsed=false] ${CLOSES_MENU}`)?.click());
}

export default function () {
  if (window.digitClinicHistory) return;
  window.digitClinicHistory = true;
  install();
  for (const act of ACTS) window.addEventListener(act, completeLink, true);
  for (const act of ["click", "keydown"]) window.addEventListener(act, closeMenu, true);
  window.addEventListener("click", goWithinPage, true);
}
