// Icons are for the eye. Streamlit calls those in texts by their code names, and so a heading "speed icon Quick test":
// they are taken out of what is read aloud. Where an icon is all that a button or a link has, it stays its name.

const ICON = '[role="img"][aria-label$=" icon"]:not([aria-hidden])';
const OWNER = 'button, a, [role="radio"], [role="tab"]';

function hasOtherWords(icon) {
  const owner = icon.closest(OWNER);
  return !owner || owner.hasAttribute("aria-label") || owner.textContent.trim() !== icon.textContent.trim();
}

new MutationObserver((changes) => {
  for (const { target } of changes) {
    const element = target instanceof Text ? target.parentElement : target;
    const changed = element?.closest?.(OWNER) ?? element; // words may come to a button after its icon
    for (const icon of changed?.querySelectorAll(ICON) ?? []) if (hasOtherWords(icon)) icon.setAttribute("aria-hidden", "true");
  }
}).observe(document, { childList: true, characterData: true, subtree: true });
