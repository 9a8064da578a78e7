"use strict";
// Scrapes, and the differences between them.

const KEPT = 120; // scrapes
const MOST_SERIES = 300000; // in all of these together

// A scrape: { at: seconds, families: Map(name → { name, type, help, series: Map(key → series) }) }
function readScrape(json, at) {
  const families = new Map();
  for (const family of json.families) {
    const series = new Map();
    for (const one of family.series) {
      if (one.buckets) one.bounds = one.buckets.map((bucket) => number(bucket.le));
      series.set(JSON.stringify(one.labels), one);
    }
    families.set(family.name, { ...family, series });
  }
  return { at, families };
}

// JSON has no infinities: they are text.
function number(value) {
  return value === "+Inf" ? Infinity : value === "-Inf" ? -Infinity : Number(value);
}

// Growth of a counter. A counter that is smaller than before was reset.
function growth(now, before) {
  if (now === undefined) return 0;
  if (before === undefined) return now;
  return now >= before ? now - before : now;
}

// Growth of a family's series between two scrapes: [{ labels, count, sum, buckets, bounds }].
function growths(name, before, now) {
  const family = now.families.get(name);
  if (!family) return [];
  const old = before.families.get(name);
  const grown = [];
  for (const [key, series] of family.series) {
    const last = old?.series.get(key);
    if (series.count === undefined) {
      grown.push({ labels: series.labels, count: growth(number(series.value), last && number(last.value)) });
      continue;
    }
    // A sum may go down; a count that is smaller than before means that both were reset.
    const base = last && number(last.count) <= number(series.count) ? last : undefined;
    const one = { labels: series.labels, count: growth(number(series.count), base && number(base.count)),
      sum: number(series.sum) - (base ? number(base.sum) : 0) };
    if (series.buckets) {
      one.bounds = series.bounds;
      one.buckets = series.buckets.map((bucket, at) => growth(bucket.count, base?.buckets?.[at]?.count));
    }
    grown.push(one);
  }
  return grown;
}

// Sums up growths, whatever their labels.
function together(grown) {
  const all = { count: 0, sum: 0 };
  for (const one of grown) {
    all.count += one.count;
    all.sum += one.sum ?? 0;
    if (!one.buckets) continue;
    if (!all.buckets) [all.buckets, all.bounds] = [[...one.buckets], one.bounds];
    else if (sameBounds(all, one)) one.buckets.forEach((count, at) => { all.buckets[at] += count; });
    else shareBounds(all, one);
  }
  return all;
}

const sameBounds = (one, other) => one.bounds.length === other.bounds.length && one.bounds.every((bound, at) => bound === other.bounds[at]);

// Adds a histogram of other buckets, at the bounds that both have. Both have infinity.
function shareBounds(all, one) {
  const shared = all.bounds.map((bound, at) => [bound, all.buckets[at], one.buckets[one.bounds.indexOf(bound)]])
    .filter(([, , other]) => other !== undefined);
  all.bounds = shared.map(([bound]) => bound);
  all.buckets = shared.map(([, count, other]) => count + other);
}

// Groups growths by a function of the labels, in their order.
function groups(grown, key) {
  const found = new Map();
  for (const one of grown) {
    const name = key(one.labels);
    if (name === undefined) continue;
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(one);
  }
  return found;
}

// Quantile of a histogram, as histogram_quantile computes it: linear inside of a bucket.
function percentile(histogram, part) {
  const { buckets, bounds } = histogram;
  const count = buckets?.at(-1);
  if (!count) return undefined;
  const rank = part * count;
  const at = buckets.findIndex((cumulative) => cumulative >= rank);
  if (bounds[at] === Infinity) return at > 0 ? bounds[at - 1] : undefined;
  const low = at > 0 ? bounds[at - 1] : Math.min(0, bounds[0]);
  const below = at > 0 ? buckets[at - 1] : 0;
  const inside = buckets[at] - below;
  return inside > 0 ? low + (bounds[at] - low) * (rank - below) / inside : bounds[at];
}

// Formats a number with its unit.
function show(value, unit) {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (unit === "s") {
    const size = Math.abs(value);
    if (size >= 1 || size === 0) return `${digits(value)} s`;
    return size >= 1e-3 ? `${digits(value * 1e3)} ms` : `${digits(value * 1e6)} µs`;
  }
  if (unit === "%") return `${digits(value * 100)} %`;
  if (unit === "/s") return `${digits(value)}/s`;
  if (unit === "B") {
    const steps = ["B", "KiB", "MiB", "GiB", "TiB"];
    const step = value > 0 ? Math.min(4, Math.floor(Math.log2(value) / 10)) : 0;
    return `${digits(value / 1024 ** step)} ${steps[step]}`;
  }
  return digits(value);
}

function digits(value) {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(2);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  const places = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString("en", { maximumFractionDigits: places });
}

function unitOf(name) {
  if (/_seconds(_|$)/.test(name)) return "s";
  return /_bytes(_|$)/.test(name) ? "B" : /_ratio$/.test(name) ? "%" : "";
}
