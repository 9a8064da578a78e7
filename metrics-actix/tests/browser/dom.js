// The parts of a browser that the live page uses, as far as a test looks at them.

globalThis.now = 0; // milliseconds
globalThis.answer = undefined; // response to scrapes: { status, text, challenge }, or nothing where nobody answers
globalThis.asked = []; // the addresses and headers that were asked for
globalThis.timers = new Map();
globalThis.stored = new Map(); // the local storage, which several pages may share

class Element {
  constructor(name) {
    Object.assign(this, { name, attributes: {}, parts: [], listeners: {}, value: "", open: false });
    Object.assign(this, { clientWidth: 400, scrollWidth: 400, parent: undefined });
    const classes = new Set();
    this.classList = { toggle: (one, on) => (on ? classes.add(one) : classes.delete(one)), contains: (one) => classes.has(one) };
  }

  get tagName() {
    return this.name.toUpperCase();
  }

  get children() {
    return this.parts.filter((part) => part instanceof Element);
  }

  get textContent() {
    return this.parts.map((part) => (part instanceof Element ? part.textContent : part)).join("");
  }

  set textContent(text) {
    this.parts = text === "" ? [] : [String(text)];
  }

  get hidden() {
    return "hidden" in this.attributes;
  }

  set hidden(hidden) {
    if (hidden) this.attributes.hidden = "";
    else delete this.attributes.hidden;
  }

  get title() {
    return this.attributes.title ?? "";
  }

  set title(title) {
    this.attributes.title = title;
  }

  get id() {
    return this.attributes.id ?? "";
  }

  get content() {
    return this.attributes.content;
  }

  append(...parts) {
    for (const part of parts) {
      if (part instanceof Element) part.parent = this;
      this.parts.push(part instanceof Element ? part : String(part));
    }
  }

  replaceChildren(...parts) {
    this.parts = [];
    this.append(...parts);
  }

  replaceWith(other) {
    other.parent = this.parent;
    this.parent.parts = this.parent.parts.map((part) => (part === this ? other : part));
  }

  remove() {
    this.parent.parts = this.parent.parts.filter((part) => part !== this);
  }

  isEqualNode(other) {
    return this.html() === other.html();
  }

  html() {
    const inside = this.parts.map((part) => (part instanceof Element ? part.html() : JSON.stringify(part))).join("");
    return `<${this.name} ${JSON.stringify(Object.entries(this.attributes).sort())}>${inside}</>`;
  }

  setAttribute(key, value) {
    this.attributes[key] = String(value);
  }

  getAttribute(key) {
    return this.attributes[key] ?? null;
  }

  removeAttribute(key) {
    delete this.attributes[key];
  }

  addEventListener(event, listener) {
    this.listeners[event] = listener;
  }

  focus() {
    document.activeElement = this;
  }

  // All elements inside, in their order.
  inside() {
    return this.children.flatMap((child) => [child, ...child.inside()]);
  }

  all(name) {
    return this.inside().filter((child) => child.name === name);
  }

  withClass(name) {
    return this.inside().filter((child) => child.attributes.class?.split(" ").includes(name));
  }

  // False if it or anything around it is hidden.
  get isShown() {
    return !this.hidden && (this.parent?.isShown ?? true);
  }

  getBoundingClientRect() {
    return { left: 0, top: 0, width: this.clientWidth, height: 160 };
  }
}

// Reads the HTML of the page, which closes all of its elements but these.
const EMPTY = ["meta", "link", "input"];

function parse(html) {
  const root = new Element("#document");
  let place = root;
  for (const [, closed, name, attributes, text] of html.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>|([^<]+)/g)) {
    if (text !== undefined) place.append(text);
    else if (closed) place = place.parent;
    else {
      const made = new Element(name);
      for (const [, key, value = ""] of attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) made.attributes[key] = value;
      made.value = made.attributes.value ?? "";
      place.append(made);
      if (!EMPTY.includes(name)) place = made;
    }
  }
  // The value of a list is that of the selected option.
  root.all("select").forEach((select) => { select.value = select.all("option").find((option) => "selected" in option.attributes).value; });
  return root;
}

const root = parse(html.replace(/<!doctype html>/, "").replace(/<(style|script)>[^]*?<\/\1>/g, ""));

globalThis.document = {
  title: "",
  activeElement: undefined,
  createElement: (name) => new Element(name),
  createElementNS: (_space, name) => new Element(name),
  getElementById(id) {
    const found = root.inside().find((one) => one.id === id);
    if (!found) throw new Error(`the page has no ${id}`);
    return found;
  },
  querySelector: (selector) => {
    if (selector !== "meta[name=metrics-address]") throw new Error(selector);
    return root.all("meta").find((meta) => meta.attributes.name === "metrics-address");
  },
};
globalThis.location = { pathname: path, host: "shop.example:8080" };
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => stored.set(key, value),
};
globalThis.performance = { now: () => now };
globalThis.pageListeners = {};
globalThis.addEventListener = (event, listener) => { pageListeners[event] = listener; };
globalThis.setTimeout = (run, wait) => {
  const id = timers.size + 1;
  timers.set(id, { run, wait });
  return id;
};
globalThis.clearTimeout = (id) => timers.delete(id);
globalThis.AbortSignal = { timeout: (wait) => ({ wait }) };
globalThis.fetch = async (address, { headers }) => {
  asked.push({ address, headers });
  if (answer === undefined) throw new TypeError("nobody answers");
  const { status, text, challenge = null, date = null } = answer;
  const fields = { "www-authenticate": challenge, date };
  return { status, ok: status === 200, headers: { get: (name) => fields[name] }, text: async () => text, json: async () => JSON.parse(text) };
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
globalThis.root = root;
globalThis.click = (element) => element.listeners.click();
globalThis.tableRows = (element) => element.all("tr").map((row) => row.children.map((cell) => cell.textContent).join(" | "));
globalThis.rows = (id) => tableRows(byId(id));
globalThis.tilesOf = (id) => byId(id).children.map((tile) => tile.children.map((part) => part.textContent).join(": "));
globalThis.chartsOf = (element) => element.all("svg").map((chart) => chart.attributes["aria-label"]).filter(Boolean);
globalThis.family = (name) => root.withClass("family").find((child) => child.attributes["data-name"] === name);
globalThis.openFamily = (name) => {
  family(name).open = true;
  family(name).listeners.toggle();
};
globalThis.search = (words) => {
  byId("find").value = words;
  byId("find").listeners.input();
};
// The folds of groups and of their lists, by id.
globalThis.fold = (id) => root.all("button").find((button) => button.attributes["aria-controls"] === id);
