// What all parts have in common: stands before each part's own script, which ends with `export default lasting(make, show)`.
//
// `make(root, data)` makes the part once for its place on the page, and gives an object with the `holder` that it put
// there, and a `close` if there is more to end; `show(part, data)` is called whenever the page has run. In between,
// `part.trigger(name, value)` tells the page something once, and `part.keep(name, value)` until it is told otherwise.

const lastingParts = new WeakMap();

function lasting(make, show) {
  return ({ parentElement, data, setTriggerValue, setStateValue }) => {
    let part = lastingParts.get(parentElement);
    if (!part) {
      part = make(parentElement, data);
      lastingParts.set(parentElement, part);
    }
    part.trigger = setTriggerValue;
    part.keep = setStateValue;
    show(part, data);
    return () => {
      // When a second answer comes before the browser has shown the first one, Streamlit drops the first call by having
      // it clean up, although the part is still there: overtaken, not gone. A pad that believed it lost the stroke that
      // was being drawn, and the keyboard.
      if (parentElement.isConnected) return;
      part.close?.();
      part.holder.remove();
      lastingParts.delete(parentElement);
    };
  };
}
