// A row of small pictures with a title and a note under each.
//
// data in:  {label, pictures: [{src, title, note, alt, pixels, large, framed, off, switch, help}], arrows, small}
// data out: switched = {name, on}, when a picture that can be switched on and off was

function figure(picture) {
  const part = document.createElement("li");
  part.innerHTML = `<figure><div class="frame"><img alt=""></div>
    <figcaption><label><input type="checkbox" role="switch"><b></b></label><span></span></figcaption></figure>`;
  part.picture = {};
  part.querySelector("input").addEventListener("change", (event) => {
    part.tell({ name: part.picture.switch, on: event.target.checked });
  });
  return update(part, picture);
}

// Only what changed is touched, so that a picture in motion does not flicker.
function update(part, picture) {
  const image = part.querySelector("img");
  if (part.picture.src !== picture.src) image.src = picture.src;
  image.alt = picture.alt;
  image.classList.toggle("pixels", picture.pixels);
  for (const trait of ["large", "framed", "off"]) part.classList.toggle(trait, picture[trait]);
  part.querySelector("b").textContent = picture.title;
  part.querySelector("span").textContent = picture.note;
  const box = part.querySelector("input");
  box.hidden = box.disabled = !picture.switch;
  box.checked = !picture.off;
  part.querySelector("label").title = picture.help;
  part.querySelector("figcaption").hidden = !picture.title && !picture.note;
  part.picture = picture;
  return part;
}

function make(root) {
  const holder = document.createElement("ol");
  root.appendChild(holder);
  return { holder };
}

function show({ holder: list, trigger }, data) {
  list.setAttribute("aria-label", data.label);
  list.classList.toggle("arrows", data.arrows);
  list.classList.toggle("small", data.small);
  data.pictures.forEach((picture, place) => {
    const part = list.children[place];
    if (part) update(part, picture);
    else list.appendChild(figure(picture));
  });
  while (list.children.length > data.pictures.length) list.lastChild.remove();
  for (const part of list.children) part.tell = (change) => trigger("switched", change);
}

export default lasting(make, show);
