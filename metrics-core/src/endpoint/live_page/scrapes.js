"use strict";
// Scrapes, and the differences between them.

// A scrape: { at: seconds of the browser's clock, date: seconds since 1970, families: Map(name → { name, type, help, series }),
// derived: Map(id → values) }, where series is a Map(key → series).
function readScrape(json, at, date) {
  const families = new Map();
  for (const family of json.families) {
    const series = new Map();
    for (const one of family.series) {
      if (one.buckets) one.bounds = one.buckets.map((bucket) => number(bucket.le));
      series.set(JSON.stringify(one.labels), one);
    }
    families.set(family.name, { ...family, series });
  }
  return { at, date, families, derived: new Map() };
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

// Growth of a family's series between two scrapes: [{ key, labels, count, sum, buckets, bounds }].
function growths(name, before, now) {
  const family = now.families.get(name);
  if (!family) return [];
  const old = before.families.get(name);
  return [...family.series].map(([key, series]) => ({ key, labels: series.labels, ...seriesGrowth(series, old?.series.get(key)) }));
}

function seriesGrowth(series, last) {
  if (series.count === undefined) return { count: growth(number(series.value), last && number(last.value)) };
  // A sum may go down; a count that is smaller than before means that both were reset.
  const base = last && number(last.count) <= number(series.count) ? last : undefined;
  const one = { count: growth(number(series.count), base && number(base.count)), sum: number(series.sum) - (base ? number(base.sum) : 0) };
  if (!series.buckets) return one;
  const buckets = series.buckets.map((bucket, at) => growth(bucket.count, base?.buckets?.[at]?.count));
  return { ...one, bounds: series.bounds, buckets };
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

// Estimate of a histogram's quantile: { value, relation }. It is linear inside of a bucket, as histogram_quantile computes it. The
// first bucket and the last one have one bound each, so that the estimate is only less or greater than this bound.
function percentile({ buckets, bounds }, part) {
  const count = buckets?.at(-1);
  if (!count) return undefined;
  const rank = part * count;
  const at = buckets.findIndex((cumulative) => cumulative >= rank);
  const high = bounds[at];
  if (high === Infinity) return at > 0 ? { value: bounds[at - 1], relation: "> " } : undefined;
  if (at === 0) return { value: high, relation: "< " };
  const low = bounds[at - 1];
  const below = buckets[at - 1];
  return { value: low + (high - low) * (rank - below) / (buckets[at] - below), relation: "" };
}

const percentiles = (histogram) => [0.5, 0.95, 0.99].map((part) => percentile(histogram ?? {}, part));
