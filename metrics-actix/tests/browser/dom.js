// What the page for browsers needs of a browser, as far as a test looks at it.

globalThis.now = 0; // milliseconds
globalThis.answer = undefined; // what is fetched: { status, text }, or nothing where nobody answers
globalThis.asked = []; // the addresses and headers that were asked for
globalThis.timers = new Map();

class Element {
  constructor(name) {
    Object.assign(this, { name, attributes: {}, parts: [], listeners: {}, hidden: false, value: "", open: false });
    Object.assign(this, { clientWidth: 400, scrollLeft: 0 });
    const classes = new Set();
    this.classList = { toggle: (one, on) => (on ? classes.add(one) : classes.delete(one)), contains: (one) => classes.has(one) };
  }

  get children() {
    return this.parts.filter((part) => part instanceof Element);
  }

  get dataset() {
    return { name: this.attributes["data-name"] };
  }

  get textContent() {
    return this.parts.map((part) => (part instanceof Element ? part.textContent : part)).join("");
  }

  set textContent(text) {
    this.parts = [text];
  }

  append(...parts) {
    this.parts.push(...parts.map((part) => (part instanceof Element ? part : String(part))));
  }

  replaceChildren(...parts) {
    this.parts = [];
    this.append(...parts);
  }

  setAttribute(key, value) {
    this.attributes[key] = String(value);
  }

  addEventListener(event, listener) {
    this.listeners[event] = listener;
  }

  all(name) {
    return this.children.flatMap((child) => [...(child.name === name ? [child] : []), ...child.all(name)]);
  }

  // A class alone.
  querySelector(selector) {
    const wanted = (child) => child.attributes.class?.split(" ").includes(selector.slice(1));
    for (const child of this.children) {
      const found = wanted(child) ? child : child.querySelector(selector);
      if (found) return found;
    }
    return undefined;
  }

  getBoundingClientRect() {
    return { left: 0, top: 0, width: this.clientWidth, height: 160 };
  }
}

const elements = new Map();

globalThis.document = {
  createElement: (name) => new Element(name),
  createElementNS: (_space, name) => new Element(name),
  getElementById(id) {
    if (!html.includes(`id="${id}"`)) throw new Error(`the page has no ${id}`);
    if (!elements.has(id)) elements.set(id, new Element("any"));
    return elements.get(id);
  },
  querySelector: (selector) => {
    if (selector !== "meta[name=metrics-address]") throw new Error(selector);
    return { content: html.match(/name="metrics-address" content="([^"]*)"/)[1] };
  },
};
globalThis.performance = { now: () => now };
globalThis.addEventListener = () => {};
globalThis.setTimeout = (run, wait) => {
  const id = timers.size + 1;
  timers.set(id, { run, wait });
  return id;
};
globalThis.clearTimeout = (id) => timers.delete(id);
globalThis.fetch = async (address, { headers }) => {
  asked.push({ address, headers });
  if (answer === undefined) throw new TypeError("nobody answers");
  const { status, text } = answer;
  return { status, ok: status === 200, json: async () => JSON.parse(text) };
};
// The engine knows no languages. This one has commas between thousands, and no zeroes at the end of a fraction.
Number.prototype.toLocaleString = function (_language, { maximumFractionDigits }) {
  const [whole, part] = this.toFixed(maximumFractionDigits).split(".");
  const digits = part?.replace(/0+$/, "");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (digits ? `.${digits}` : "");
};
Date.prototype.toLocaleTimeString = () => "noon";

// For tests: lets time pass and the page do what it waits for.
globalThis.pass = (seconds) => {
  now += seconds * 1000;
  const waiting = [...timers.values()];
  timers.clear();
  waiting.forEach(({ run }) => run());
};
globalThis.byId = (id) => document.getElementById(id);
globalThis.rows = (id) => byId(id).all("tr").map((row) => row.children.map((cell) => cell.textContent).join(" | "));
globalThis.tilesOf = (id) => byId(id).children.map((tile) => tile.children.map((part) => part.textContent).join(": "));
globalThis.chartsOf = (element) => element.all("svg").map((chart) => chart.attributes["aria-label"]).filter(Boolean);
globalThis.family = (name) => byId("families").children.find((child) => child.dataset.name === name);
