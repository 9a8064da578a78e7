// The scrapes that the page keeps, and values over time.

const KEPT = 120; // scrapes
const MOST_SERIES = 300000; // in all of these together
const WINDOW = 15; // seconds that tables look back

const scrapes = [];

const latest = () => scrapes.at(-1);

const countSeries = (scrape) => [...scrape.families.values()].reduce((sum, family) => sum + family.series.size, 0);

// Keeps as many scrapes as fit: fewer where there are many series.
function keep(scrape) {
  scrapes.push(scrape);
  let series = scrapes.reduce((sum, one) => sum + countSeries(one), 0);
  while (scrapes.length > KEPT || (scrapes.length > 2 && series > MOST_SERIES)) series -= countSeries(scrapes.shift());
}

const times = () => scrapes.slice(1).map((scrape) => scrape.at);

// Values over time: `of` is called with a scrape, the one before it and the seconds in between, once for each scrape.
function history(id, of) {
  return scrapes.slice(1).map((now, at) => {
    if (!now.derived.has(id)) now.derived.set(id, of(scrapes[at], now, now.at - scrapes[at].at));
    return now.derived.get(id);
  });
}

// The scrape that tables compare the latest one with.
function base() {
  const now = latest();
  return scrapes.find((scrape) => now.at - scrape.at <= WINDOW && scrape !== now) ?? scrapes.at(-2) ?? now;
}

// Growth of a family in the last seconds, and their number.
function recent(name) {
  const [before, now] = [base(), latest()];
  return { grown: growths(name, before, now), seconds: Math.max(now.at - before.at, 1e-9) };
}

const names = (pattern) => [...latest().families.keys()].filter((name) => pattern.test(name));

const has = (name) => latest().families.has(name);

const valuesOf = (scrape, name) => [...(scrape.families.get(name)?.series.values() ?? [])];

// Sum of a gauge's series, if there are any.
function total(scrape, name) {
  const series = valuesOf(scrape, name);
  return series.length ? series.reduce((sum, one) => sum + number(one.value), 0) : undefined;
}

const charts = new Map();

function chart(parent, id, title, unit, small) {
  if (!charts.has(id)) charts.set(id, new Chart(parent, title, unit, small));
  return charts.get(id);
}

function percentileChart(parent, id, title, name, empty) {
  const values = history(id, (before, now) => percentiles(together(growths(name, before, now))));
  chart(parent, id, title, unitOf(name)).show(times(), ["p50", "p95", "p99"].map((label, at) =>
    ({ name: label, color: [0, 4, 3][at], dash: at, values: values.map((row) => row[at]) })), { empty });
}
