// Elements, tables and tiles. All that comes from a scrape is inserted as text.

const SVG = ["svg", "path", "line", "text"];

function element(name, attributes = {}, ...children) {
  const made = SVG.includes(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const find = (id) => document.getElementById(id);

// Text of unknown language, cut if it is long. Its direction does not change that of its neighbours.
function isolated(text, longest) {
  return element("bdi", {}, cut(visible(text), longest));
}

// Labels, each value isolated.
function labelParts(labels) {
  const label = ([name, value]) => element("span", { class: "label" }, isolated(name), '="', isolated(value), '"');
  const parts = Object.entries(labels).flatMap((pair) => [" ", label(pair)]);
  return parts.length ? parts.slice(1) : ["no labels"];
}

// Replaces the children that have changed, so that a selection and the focus stay in the others.
function update(parent, children) {
  const old = [...parent.children];
  children.forEach((child, at) => {
    if (!old[at]) parent.append(child);
    else if (old[at] !== child && !old[at].isEqualNode(child)) old[at].replaceWith(child);
  });
  old.slice(children.length).forEach((child) => child.remove());
}

// Brings a table up to date. A cell is a text or { parts, text, title, bad, left }: the parts are elements, the text stands for them.
function table(parent, caption, heads, rows, left = 1) {
  if (!parent.children.length) {
    parent.append(element("table", {}, element("caption"), element("thead"), element("tbody")));
    parent.setAttribute("role", "region");
  }
  const [title, head, body] = parent.children[0].children;
  title.textContent = caption;
  parent.setAttribute("aria-label", caption);
  head.hidden = !rows.length;
  update(head, [element("tr", {}, ...heads.map((text, at) => element("th", { scope: "col", class: at < left && "left" }, text)))]);
  update(body, rows.map((row) => element("tr", {}, ...row.map((cell, at) => tableCell(cell, at, at < left)))));
  const wide = parent.scrollWidth > parent.clientWidth;
  parent.classList.toggle("overflows", wide);
  if (wide) parent.setAttribute("tabindex", "0");
  else parent.removeAttribute("tabindex");
}

function tableCell(cell, at, left) {
  const { parts, title, bad } = typeof cell === "object" ? cell : { parts: [cell] };
  const attributes = { title, class: left ? "left" : bad ? "bad" : undefined };
  return at === 0 ? element("th", { ...attributes, scope: "row" }, ...parts) : element("td", attributes, ...parts);
}

// A cell with the value of a label, which may be empty or missing.
const labelCell = (value) => ({ parts: [isolated(value === "" ? '""' : value ?? "–")], title: visible(value ?? "") });

// A cell with a share, which is bad if it is not zero.
const badShare = (share) => ({ parts: [show(share, "%")], bad: share > 0 });

function tiles(parent, shown) {
  update(parent, shown.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}
