// Icons are for the eye. Streamlit calls those in texts by their code names, and so a heading "speed icon Quick test":
// they are taken out of what is read aloud. Where an icon is all that a button or a link has, it stays its name.

const ICON = '[role="img"][aria-label$=" icon"]:not([aria-hidden])';

function hasOtherWords(icon) {
  const owner = icon.closest('button, a, [role="radio"], [role="tab"]');
  return !owner || owner.hasAttribute("aria-label") || owner.textContent.trim() !== icon.textContent.trim();
}

new MutationObserver((changes) => {
  for (const { target } of changes) {
    for (const icon of target.querySelectorAll(ICON)) if (hasOtherWords(icon)) icon.setAttribute("aria-hidden", "true");
  }
}).observe(document, { childList: true, subtree: true });
