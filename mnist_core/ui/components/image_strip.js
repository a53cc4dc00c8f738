// A row of small pictures with a title and a note under each.
//
// data in: {label, pictures: [{src, title, note, alt, pixels, large, framed}], arrows, small}

function figure(picture) {
  const part = document.createElement("li");
  part.innerHTML = `<figure><div class="frame"><img alt=""></div>
    <figcaption><b></b><span></span></figcaption></figure>`;
  part.picture = {};
  return update(part, picture);
}

// Only what changed is touched, so that a picture in motion does not flicker.
function update(part, picture) {
  const image = part.querySelector("img");
  if (part.picture.src !== picture.src) image.src = picture.src;
  image.alt = picture.alt;
  image.classList.toggle("pixels", picture.pixels);
  for (const trait of ["large", "framed"]) part.classList.toggle(trait, picture[trait]);
  part.querySelector("b").textContent = picture.title;
  part.querySelector("span").textContent = picture.note;
  part.querySelector("figcaption").hidden = !picture.title && !picture.note;
  part.picture = picture;
  return part;
}

function make(root) {
  const holder = document.createElement("ol");
  root.appendChild(holder);
  return { holder };
}

function show({ holder: list }, data) {
  list.setAttribute("aria-label", data.label);
  list.classList.toggle("arrows", data.arrows);
  list.classList.toggle("small", data.small);
  data.pictures.forEach((picture, place) => {
    const part = list.children[place];
    if (part) update(part, picture);
    else list.appendChild(figure(picture));
  });
  while (list.children.length > data.pictures.length) list.lastChild.remove();
}

export default lasting(make, show);
