// Charts, tables and tiles. All that comes from a scrape is inserted as text.

const DASHES = ["", "7 3", "2 3", "10 3 2 3"];

function element(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "text", "g"].includes(name);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// A chart of curves [{ name, values, color, dash }] over times; values may have gaps (undefined).
class Chart {
  constructor(parent, title, unit) {
    Object.assign(this, { title, unit, curves: [], times: [], pointed: undefined });
    this.svg = element("svg", { viewBox: "0 0 400 160", preserveAspectRatio: "none", role: "img", tabindex: 0 });
    this.legend = element("ul", { class: "legend" });
    this.figure = element("figure", { class: "chart" }, element("h3", {}, title), this.legend, this.svg);
    parent.append(this.figure);
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.pointAt(undefined));
    this.svg.addEventListener("blur", () => this.pointAt(undefined));
    this.svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const last = this.times.length - 1;
      this.pointAt(Math.max(0, Math.min(last, (this.pointed ?? last) + step)));
    });
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    const { left, right, width } = this.frame();
    const part = (event.clientX - box.left - left) / Math.max(1, width - left - right);
    const last = this.times.length - 1;
    this.pointAt(last < 0 ? undefined : Math.max(0, Math.min(last, Math.round(part * last))));
  }

  pointAt(at) {
    this.pointed = at;
    this.draw();
  }

  show(times, curves) {
    this.times = times;
    this.curves = curves;
    this.draw();
  }

  frame() {
    return { left: 54, right: 6, top: 8, bottom: 20, width: this.svg.clientWidth || 400, height: 160 };
  }

  draw() {
    const frame = this.frame();
    const { left, right, top, bottom, width, height } = frame;
    const most = niceTop(Math.max(0, ...this.curves.flatMap((curve) => curve.values.filter(Number.isFinite))));
    const last = Math.max(1, this.times.length - 1);
    const x = (at) => left + (width - left - right) * at / last;
    const y = (value) => height - bottom - (height - bottom - top) * value / most;
    const drawn = [];
    for (const part of [0, 0.5, 1]) {
      const at = y(most * part);
      drawn.push(element("line", { class: "grid", x1: left, x2: width - right, y1: at, y2: at }));
      drawn.push(element("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, show(most * part, this.unit)));
    }
    if (this.times.length > 1) {
      const age = Math.round(this.times.at(-1) - this.times[0]);
      drawn.push(element("text", { x: left, y: height - 4 }, `${age} s ago`));
      drawn.push(element("text", { x: width - right, y: height - 4, "text-anchor": "end" }, "now"));
    }
    for (const curve of this.curves) {
      let path = "";
      curve.values.forEach((value, at) => {
        if (!Number.isFinite(value)) return;
        const begins = !Number.isFinite(curve.values[at - 1]);
        const alone = begins && !Number.isFinite(curve.values[at + 1]);
        path += `${begins ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}${alone ? "h1" : ""}`;
      });
      drawn.push(element("path", { class: "curve", d: path || "M0 0", style: `stroke: var(--c${curve.color})`,
        "stroke-dasharray": DASHES[curve.dash ?? 0] }));
    }
    if (this.pointed !== undefined && this.pointed < this.times.length) {
      const at = x(this.pointed);
      drawn.push(element("line", { class: "cross", x1: at, x2: at, y1: top, y2: height - bottom }));
    }
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.replaceChildren(...drawn);
    this.describe();
  }

  // The legend has the values at the pointer, or the last ones.
  describe() {
    const at = Math.min(this.pointed ?? this.times.length - 1, this.times.length - 1);
    const said = this.curves.map((curve) => [curve, show(curve.values[at], this.unit)]);
    this.legend.replaceChildren(...said.map(([curve, value]) => element("li", {},
      element("svg", { viewBox: "0 0 18 8", "aria-hidden": "true" }, element("path", { class: "curve", d: "M0 4H18",
        style: `stroke: var(--c${curve.color})`, "stroke-dasharray": DASHES[curve.dash ?? 0] })),
      `${curve.name} `, element("b", {}, value))));
    const when = this.pointed === undefined ? "now" : `${Math.round(this.times.at(-1) - this.times[at])} seconds ago`;
    this.svg.setAttribute("aria-label", `${this.title}, ${when}: ${said.map(([curve, value]) => `${curve.name} ${value}`).join(", ")}`);
  }
}

// The end of an axis: 1, 2 or 5 times a power of ten.
function niceTop(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((step) => step * power >= value * 0.999) * power;
}

// Brings a table up to date; rows are [cells], of which the first `texts` are text. A cell is text or { text, bad }.
function table(parent, caption, heads, rows, texts = 1) {
  const head = element("tr", {}, ...heads.map((text, at) => element("th", { scope: "col", class: at < texts ? "text" : undefined }, text)));
  const body = rows.map((row) => element("tr", {}, ...row.map((cell, at) => {
    const { text, bad } = typeof cell === "object" ? cell : { text: cell, bad: false };
    if (at === 0) return element("th", { scope: "row", title: text }, text);
    return element("td", { class: at < texts ? "text" : bad ? "bad" : undefined }, text);
  })));
  const scrolled = parent.scrollLeft;
  parent.replaceChildren(element("table", {}, element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...body)));
  parent.scrollLeft = scrolled;
}

function tiles(parent, shown) {
  parent.replaceChildren(...shown.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}
