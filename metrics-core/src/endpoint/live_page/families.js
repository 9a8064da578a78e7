// The rows of families, each of which unfolds to its charts and series.

const MOST_ROWS = 100; // families of a group that are shown at once

const isGrowing = (family) => ["counter", "histogram", "summary"].includes(family.type);

// Unit of a family's chart: per second of what grows.
function chartUnit(family) {
  if (family.type === "counter") return `${unitOf(family.name)}/s`;
  return isGrowing(family) ? "/s" : unitOf(family.name);
}

// Row of a family: { element, more, now, line, charts, rows }.
function newFamily(family) {
  const row = {
    more: element("span", { class: "more" }),
    now: element("b", { class: "now" }),
    line: element("svg", { class: "line", viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" }),
    charts: element("div", { class: "charts" }),
    rows: element("div", { class: "wide" }),
  };
  const name = element("code", { title: visible(family.name) }, isolated(family.name));
  const what = element("span", { class: "what" }, name, " ", element("span", { class: "kind" }, family.type));
  const help = element("span", { class: "help", title: visible(family.help) }, isolated(family.help, 1000));
  row.element = element("details", { class: "family", "data-name": family.name },
    element("summary", {}, what, help, row.line, element("span", { class: "value" }, row.more, row.now)), row.charts, row.rows);
  row.element.addEventListener("toggle", () => {
    if (row.element.open) drawFamily(row, latest().families.get(family.name) ?? family);
  });
  return row;
}

function updateFamily(row, family) {
  const { now, more } = summary(family);
  row.now.textContent = cut(visible(now));
  row.now.title = visible(now);
  row.more.textContent = more;
  const values = isDate(family.name) ? undefined : lineValues(family);
  if (values) sparkline(row.line, values);
  if (row.element.open) drawFamily(row, family);
}

// Values of a family's line: the rate of all series together, or the value of one.
function lineValues(family) {
  if (isGrowing(family)) return history(`line ${family.name}`, (before, now, took) => together(growths(family.name, before, now)).count / took);
  if (family.type !== "gauge" || family.series.size !== 1) return undefined;
  return history(`line ${family.name}`, (_, now) => total(now, family.name));
}

// The latest value of a family; its rate and the number of series stand beside it.
function summary(family) {
  const many = family.series.size === 1 ? "" : seriesCount(family.series.size);
  const both = (...parts) => parts.filter(Boolean).join(" · ");
  const series = [...family.series.values()];
  if (!series.length) return { now: "–", more: "no series yet" };
  if (family.type === "info") return { now: showLabels(series[0].labels), more: many };
  if (family.type === "stateset") return states(family, series);
  if (!isGrowing(family)) return series.length === 1 ? { now: showGauge(family.name, number(series[0].value)), more: "" } : { now: many, more: "" };
  const { grown, seconds } = recent(family.name);
  const all = together(grown);
  const rate = show(all.count / seconds, "/s");
  if (family.type === "counter") {
    return { now: show(total(latest(), family.name), unitOf(family.name)), more: both(show(all.count / seconds, chartUnit(family)), many) };
  }
  const high = percentile(all, 0.95);
  if (high) return { now: show(high, unitOf(family.name)), more: both(rate, many, "p95") };
  return { now: show(all.count ? all.sum / all.count : undefined, unitOf(family.name)), more: both(rate, many, "mean") };
}

function states(family, series) {
  const current = series.filter((one) => number(one.value) === 1).map((one) => one.labels[family.name]);
  return current.length === 1 ? { now: current[0] ?? "–", more: "" } : { now: `${digits(current.length)} states`, more: seriesCount(series.length) };
}

const hasCurves = (family) => !["info", "stateset"].includes(family.type) && !isDate(family.name);

function drawFamily(row, family) {
  const rows = largestSeries(family);
  if (hasCurves(family)) {
    const curves = rows.slice(0, 5).map(({ key, series }, at) => ({ name: family.series.size > 1 ? showLabels(series.labels) : undefined,
      color: at, dash: at % 4, values: history(`series ${family.name} ${key}`, (...span) => seriesValue(family, key, ...span)) }));
    chart(row.charts, `family ${family.name}`, isGrowing(family) ? "Rate" : "Value", chartUnit(family)).show(times(), curves);
  }
  if (family.type === "histogram") {
    percentileChart(row.charts, `percentiles ${family.name}`, "Percentiles", family.name, "no observations in this time");
  }
  const caption = family.series.size > ROWS ? `the first ${ROWS} of ${seriesCount(family.series.size)} by size` : seriesCount(family.series.size);
  table(row.rows, caption, ["labels", ...seriesHeads(family)], rows.map((one) =>
    [{ parts: labelParts(one.series.labels), title: visible(showLabels(one.series.labels)) }, ...seriesCells(family, one)]));
}

// Value of a series in the chart of its family.
function seriesValue(family, key, before, now, took) {
  const series = now.families.get(family.name)?.series.get(key);
  if (!series || !isGrowing(family)) return series && number(series.value);
  return seriesGrowth(series, before.families.get(family.name)?.series.get(key)).count / took;
}

// The series that a family's table shows, the largest first: [{ key, series, grown, seconds }].
function largestSeries(family) {
  const { grown, seconds } = isGrowing(family) ? recent(family.name) : { grown: [] };
  const byKey = new Map(grown.map((one) => [one.key, one]));
  const rows = [...family.series].map(([key, series]) => ({ key, series, seconds, grown: byKey.get(key) }));
  const value = ({ series }) => number(series.value ?? series.count);
  const size = (row) => row.grown?.count;
  return rows.sort((one, other) => descending(size(one), size(other)) || descending(value(one), value(other))).slice(0, ROWS);
}

// Order of numbers, of which some may be infinite or no numbers.
const descending = (one, other) => (one > other ? -1 : one < other ? 1 : 0);

const shownQuantiles = (family) => [...family.series.values()][0]?.quantiles ?? [];

function seriesHeads(family) {
  switch (family.type) {
    case "histogram": return ["rate", "mean", "p50", "p95", "p99"];
    case "summary": return ["rate", "mean", ...shownQuantiles(family).map(({ quantile }) => `p${digits(number(quantile) * 100)}`)];
    case "counter": return ["value", "rate"];
    case "info": return [];
    default: return ["value"];
  }
}

function seriesCells(family, { series, grown, seconds }) {
  const unit = unitOf(family.name);
  const rate = grown && show(grown.count / seconds, chartUnit(family));
  const mean = show(grown?.count ? grown.sum / grown.count : undefined, unit);
  switch (family.type) {
    case "histogram": return [rate, mean, ...percentiles(grown).map((value) => show(value, unit))];
    case "summary": return [rate, mean, ...(series.quantiles ?? []).map(({ value }) => show(number(value), unit))];
    case "counter": return [show(number(series.value), unit), rate];
    case "info": return [];
    default: return [showGauge(family.name, number(series.value))];
  }
}
