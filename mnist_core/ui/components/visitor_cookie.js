// Remembers whose browser this is: nothing is shown.
//
// data in:  {name, token}
// data out: token = the one that the browser knew already, when it is another one
//
// The cookie comes with every visit from then on, so a reload or another tab finds the same digits.

const YEAR_S = 365 * 24 * 60 * 60;

function known(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : null;
}

export default function ({ data, setStateValue }) {
  const before = known(data.name);
  if (before && before !== data.token) {
    setStateValue("token", before);
    return;
  }
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${data.name}=${data.token}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
}
