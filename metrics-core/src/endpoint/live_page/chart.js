// Charts of values over time.

const DASHES = ["", "7 3", "2 3", "10 3 2 3"];

// A point of a curve is a number, an estimate or undefined.
const amount = (point) => (typeof point === "object" ? point.value : point);
const isDrawn = (point) => Number.isFinite(amount(point));

// A chart of curves [{ name, values, color, dash }] over times. A small one has its latest values as its title.
class Chart {
  constructor(parent, title, unit, small = false) {
    Object.assign(this, { title, unit, small, curves: [], times: [], pointed: undefined, empty: "" });
    this.svg = element("svg", { preserveAspectRatio: "none", role: "img", tabindex: 0 });
    this.legend = element("ul", { class: "legend" });
    this.figure = element("figure", { class: small ? "chart small" : "chart" }, element("h3", {}, title), this.legend, this.svg);
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
    const { left, right, width } = this.frame();
    const part = (event.clientX - this.svg.getBoundingClientRect().left - left) / Math.max(1, width - left - right);
    const time = this.times[0] + part * (this.times.at(-1) - this.times[0]);
    const distances = this.times.map((at) => Math.abs(at - time));
    this.pointAt(distances.length ? distances.indexOf(Math.min(...distances)) : undefined);
  }

  pointAt(at) {
    this.pointed = at;
    this.draw();
  }

  // `note` stands beside the values, `empty` in a chart without values.
  show(times, curves, { note = "", empty = "no values yet" } = {}) {
    Object.assign(this, { times, curves, note, empty });
    this.draw();
  }

  frame() {
    const width = this.svg.clientWidth || 400;
    return this.small ? { left: 1, right: 1, top: 14, bottom: 2, width, height: 64 } : { left: 64, right: 6, top: 8, bottom: 20, width, height: 160 };
  }

  draw() {
    const frame = this.frame();
    const { left, right, top, bottom, width, height } = frame;
    const [low, high] = range(this.curves.flatMap((curve) => curve.values.filter(isDrawn).map(amount)), this.unit);
    const [begin, end] = [this.times[0], this.times.at(-1)];
    const x = (at) => left + (width - left - right) * (this.times[at] - begin) / Math.max(1e-9, end - begin);
    const y = (value) => height - bottom - (height - bottom - top) * share(value, low, high);
    const drawn = this.axes(frame, y, low, high);
    const curves = this.curves.map((curve) => this.curve(curve, x, y));
    drawn.push(...curves);
    if (!curves.some((curve) => curve.getAttribute("d"))) {
      const text = this.times.length ? this.empty : "a curve needs two scrapes";
      drawn.push(element("text", { x: (left + width - right) / 2, y: top + (height - bottom - top) * 0.75 + 4, "text-anchor": "middle" }, text));
    }
    if (this.pointed !== undefined && this.pointed < this.times.length) {
      const at = x(this.pointed);
      drawn.push(element("line", { class: "cross", x1: at, x2: at, y1: top, y2: height - bottom }));
    }
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.replaceChildren(...drawn);
    this.describe();
  }

  axes({ left, right, top, bottom, width, height }, y, low, high) {
    const drawn = [];
    for (const value of this.small ? [low, high] : [low, low / 2 + high / 2, high]) {
      drawn.push(element("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }));
      if (!this.small) drawn.push(element("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, show(value, this.unit)));
    }
    if (this.small) drawn.push(element("text", { x: width - right, y: top - 4, "text-anchor": "end" }, show(high, this.unit)));
    else if (this.times.length > 1) {
      drawn.push(element("text", { x: left, y: height - 4 }, `${showAge(Math.round(this.times.at(-1) - this.times[0]))} ago`));
      drawn.push(element("text", { x: width - right, y: height - 4, "text-anchor": "end" }, "now"));
    }
    return drawn;
  }

  curve({ values, color, dash = 0 }, x, y) {
    let path = "";
    values.forEach((value, at) => {
      if (!isDrawn(value)) return;
      const begins = !isDrawn(values[at - 1]);
      const alone = begins && !isDrawn(values[at + 1]);
      path += `${begins ? "M" : "L"}${x(at).toFixed(1)} ${y(amount(value)).toFixed(1)}${alone ? "h2" : ""}`;
    });
    return element("path", { class: "curve", d: path, style: `stroke: var(--c${color})`, "stroke-dasharray": DASHES[dash] });
  }

  // The legend has the values at the pointer, or the last ones.
  describe() {
    const at = Math.min(this.pointed ?? this.times.length - 1, this.times.length - 1);
    const said = this.curves.map((curve) => ({ ...curve, said: show(curve.values[at], this.unit) }));
    const keyed = said.length > 1;
    const items = said.map(({ name, color, dash = 0, said: text }) => element("li", { title: name && visible(name) },
      ...(keyed ? [element("svg", { viewBox: "0 0 18 8", "aria-hidden": "true" }, element("path", { class: "curve", d: "M0 4H18",
        style: `stroke: var(--c${color})`, "stroke-dasharray": DASHES[dash] }))] : []),
      ...(name ? [isolated(name), " "] : []), element("b", {}, text)));
    if (this.note) items.push(element("li", { class: "note" }, this.note));
    update(this.legend, items);
    const when = this.pointed === undefined ? "now" : `${Math.round(this.times.at(-1) - this.times[at])} seconds ago`;
    const values = said.map(({ name, said: text }) => (name ? `${cut(visible(name))} ${text}` : text));
    this.svg.setAttribute("aria-label", `${this.title}, ${when}: ${values.join(", ")}`);
  }
}

// The ends of an axis that has zero and these values.
function range(values, unit) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const end = (value) => {
    // Bytes are shown in steps of 1024.
    const step = /^B/.test(unit) && value > 1 ? 1024 ** Math.min(4, Math.floor(Math.log2(value) / 10)) : 1;
    return Math.min(niceEnd(value / step) * step, Number.MAX_VALUE);
  };
  return [low < 0 ? -end(-low) : 0, high > 0 || low === 0 ? end(high) : 0];
}

// A round number that is not smaller than a value.
function niceEnd(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  if (!(value > 0 && power > 0)) return 1;
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((one) => one >= (value / power) * 0.999) ?? 10;
  return step * power;
}

// The share of a range that is below a value. The range may be longer than the largest number.
function share(value, low, high) {
  const scale = Math.max(-low, high);
  return (value / scale - low / scale) / (high / scale - low / scale);
}

// Draws a line without axes for the row of a family.
function sparkline(svg, values) {
  const numbers = values.map(amount).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  const step = 100 / Math.max(1, values.length - 1);
  let path = "";
  values.forEach((value, at) => {
    if (!isDrawn(value)) return;
    const height = high > low ? 23 - 22 * share(amount(value), low, high) : 23;
    path += `${isDrawn(values[at - 1]) ? "L" : "M"}${(at * step).toFixed(1)} ${height.toFixed(1)}`;
  });
  svg.replaceChildren(element("path", { class: "curve", d: path, style: "stroke: var(--c0)" }));
}
