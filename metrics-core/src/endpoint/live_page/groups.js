// Groups of families that fold: the service's own metrics first.

const GROUPS = [
  { id: "own", title: "Own metrics", empty: "This service has no metrics of its own yet." },
  { id: "http", title: "HTTP", pattern: /(^|_)http_(requests?|responses?|panics|server|client)_/, overview: httpOverview },
  { id: "functions", title: "Functions", pattern: /^function_calls_/, overview: functionOverview },
  { id: "databases", title: "Databases and caches", pattern: /^(db_client|cache)_/ },
  { id: "process", title: "Process and runtime",
    pattern: /^(process|container|jemalloc|tokio)_|^(build|rust|target)_info$/, overview: processOverview },
  { id: "library", title: "Metrics library", pattern: /^metrics_/, folded: true },
];

const groupOf = (name) => GROUPS.find(({ pattern }) => pattern?.test(name))?.id ?? "own";

// The state of the folds, which outlives the page. Browsers may refuse to store it.
const FOLDED = `folded ${location.pathname}`;
const folded = new Map(rememberedFolds());

function rememberedFolds() {
  try {
    return Object.entries(JSON.parse(localStorage.getItem(FOLDED)) ?? {});
  } catch {
    return [];
  }
}

function rememberFolds() {
  try {
    localStorage.setItem(FOLDED, JSON.stringify(Object.fromEntries(folded)));
  } catch {
    // It is kept until the page is closed.
  }
}

// A button that folds the element with an id.
class Fold {
  constructor(id, body, isFolded, ...content) {
    this.id = id;
    this.body = body;
    this.button = element("button", { type: "button", class: "fold", "aria-controls": body.id }, ...content);
    this.button.addEventListener("click", () => this.set(!this.isFolded));
    this.apply(folded.get(id) ?? isFolded);
  }

  set(isFolded) {
    folded.set(this.id, isFolded);
    rememberFolds();
    this.apply(isFolded);
    draw();
  }

  apply(isFolded) {
    this.isFolded = isFolded;
    this.button.setAttribute("aria-expanded", !isFolded);
    this.body.hidden = isFolded;
  }
}

// A group: its overview, and the rows of its families.
class Group {
  constructor({ id, title, overview, empty = "", folded: isFolded = false }) {
    Object.assign(this, { id, title, empty, rows: new Map(), most: MOST_ROWS });
    this.body = element("div", { class: "body", id: `${id}-body` });
    this.fold = new Fold(id, this.body, isFolded, title);
    this.count = element("span", { class: "count" });
    const heading = element("h2", { id: `${id}-title` }, this.fold.button, this.count);
    this.section = element("section", { class: "group", id, "aria-labelledby": `${id}-title` }, heading, this.body);
    this.list = element("div", { class: "families", id: `${id}-families` });
    this.jump = element("a", { href: `#${id}` }, title);
    this.jump.addEventListener("click", () => this.fold.set(false));
    this.note = element("p", { class: "note" });
    this.further = element("button", { type: "button", class: "further" });
    this.further.addEventListener("click", () => {
      this.most += MOST_ROWS;
      draw();
    });
    if (overview) this.addOverview(overview);
    this.body.append(this.list, this.note, this.further);
  }

  // The rows of a group with an overview are folded.
  addOverview(overview) {
    this.overview = element("div", { class: "overview" });
    this.drawOverview = overview(this.overview);
    this.listFold = new Fold(`${this.id}-families`, this.list, true);
    this.body.append(this.overview, this.listFold.button);
  }

  // Draws the families of the group, or those of them that a search has found.
  draw(families, searched) {
    const found = families.filter(searched ?? (() => true));
    this.section.hidden = searched ? !found.length : !families.length && !this.empty;
    this.jump.hidden = this.section.hidden;
    this.count.textContent = searched ? `${digits(found.length)} of ${digits(families.length)}` : plural(families.length, "metric");
    this.body.hidden = !searched && this.fold.isFolded;
    if (this.section.hidden || this.body.hidden) return;
    if (this.overview) {
      this.overview.hidden = Boolean(searched);
      if (!searched) this.drawOverview();
      this.listFold.button.hidden = Boolean(searched);
      this.listFold.button.textContent = `All ${plural(families.length, "metric")}`;
      this.list.hidden = !searched && this.listFold.isFolded;
    }
    this.drawRows(found);
  }

  drawRows(found) {
    const shown = this.list.hidden ? [] : found.slice(0, this.most);
    this.note.hidden = found.length > 0;
    this.note.textContent = this.empty;
    this.further.hidden = shown.length === 0 || shown.length === found.length;
    this.further.textContent = `Show ${digits(Math.min(MOST_ROWS, found.length - shown.length))} more of ${digits(found.length)}`;
    const elements = shown.map((family) => {
      if (!this.rows.has(family.name)) this.rows.set(family.name, newFamily(family));
      const row = this.rows.get(family.name);
      updateFamily(row, family);
      return row.element;
    });
    // Elements that stay are not moved, so that the focus stays where it is.
    const old = [...this.list.children];
    if (old.length !== elements.length || old.some((child, at) => child !== elements[at])) this.list.replaceChildren(...elements);
  }
}

let shownGroups;

function draw() {
  if (!scrapes.length) return;
  if (!shownGroups) {
    shownGroups = GROUPS.map((group) => new Group(group));
    find("groups").append(...shownGroups.map((group) => group.section));
    find("jumps").append(...shownGroups.map((group) => group.jump));
    find("tools").hidden = false;
  }
  drawTitle();
  const words = find("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ name, help }) => words.every((word) => `${name} ${help}`.toLowerCase().includes(word));
  const searched = words.length ? matches : undefined;
  const members = groups([...latest().families.values()].map((family) => ({ labels: family.name, family })), groupOf);
  for (const group of shownGroups) group.draw((members.get(group.id) ?? []).map(({ family }) => family), searched);
  find("nothing").hidden = shownGroups.some((group) => !group.section.hidden);
  find("nothing").textContent = "No metric has these words in its name or help text.";
}
