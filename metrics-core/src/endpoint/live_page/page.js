// The page: its scrapes and its sections.

const find = (id) => document.getElementById(id);
const address = document.querySelector("meta[name=metrics-address]").content;
const scrapes = [];
const charts = new Map();
let token;
let paused = false;
let timer;
let asking = false;
let askAgain = false; // somebody wants a scrape while another is under way

const STATUS = ["status", "http_response_status_code", "code"];
const METHOD = ["method", "http_request_method"];
const ENDPOINT = ["endpoint", "http_route", "path"];
const first = (labels, names) => names.map((name) => labels[name]).find((value) => value !== undefined);
const ROWS = 25;
const WINDOW = 15; // seconds that tables look back

async function scrape() {
  clearTimeout(timer);
  askAgain = asking;
  if (asking) return;
  asking = true;
  const begun = performance.now();
  try {
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(address, { headers, cache: "no-store" });
    find("login").hidden = answer.status !== 401;
    if (!answer.ok) throw new Error(`the service answers ${answer.status}`);
    scrapes.push(readScrape(await answer.json(), performance.now() / 1000));
    forget();
    draw();
    state(`scraped at ${new Date().toLocaleTimeString()}, ${digits(count(scrapes.at(-1)))} series`);
  } catch (error) {
    state(error instanceof TypeError ? "the service does not answer" : error.message, true);
  }
  // A slow endpoint is scraped less often.
  const took = performance.now() - begun;
  const wait = Math.max(Number(find("interval").value) * 1000 - took, took * 4);
  asking = false;
  clearTimeout(timer);
  if (askAgain) scrape();
  else if (!paused) timer = setTimeout(scrape, wait);
}

// Keeps as many scrapes as fit: fewer where there are many series.
function forget() {
  let series = scrapes.reduce((sum, scrape) => sum + count(scrape), 0);
  while (scrapes.length > KEPT || (scrapes.length > 2 && series > MOST_SERIES)) series -= count(scrapes.shift());
}

function state(text, bad = false) {
  find("state").textContent = text;
  find("state").classList.toggle("bad", bad);
}

function count(scrape) {
  return [...scrape.families.values()].reduce((sum, family) => sum + family.series.size, 0);
}

function chart(parent, id, title, unit) {
  if (!charts.has(id)) charts.set(id, new Chart(parent, title, unit));
  return charts.get(id);
}

// Values over time: `of` is called with each scrape and the one before it.
function history(of) {
  const times = scrapes.slice(1).map((scrape) => scrape.at);
  return [times, scrapes.slice(1).map((scrape, at) => of(scrapes[at], scrape, scrape.at - scrapes[at].at))];
}

// The scrape that tables compare the last one with.
function base() {
  const now = scrapes.at(-1);
  return scrapes.find((scrape) => now.at - scrape.at <= WINDOW && scrape !== now) ?? scrapes.at(-2) ?? now;
}

function names(pattern) {
  return [...scrapes.at(-1).families.keys()].filter((name) => pattern.test(name));
}

const percentiles = (histogram) => [0.5, 0.95, 0.99].map((part) => percentile(histogram, part));

function percentileChart(parent, id, title, name, filter = () => true) {
  const [times, values] = history((before, now) => percentiles(together(growths(name, before, now).filter(filter))));
  chart(parent, id, title, unitOf(name)).show(times, ["p50", "p95", "p99"].map((label, at) =>
    ({ name: label, color: [0, 4, 3][at], dash: at, values: values.map((row) => row[at]) })));
}

function draw() {
  drawHttp();
  drawFunctions();
  drawFamilies();
}

const isError = (labels) => /^5/.test(first(labels, STATUS) ?? "");

function drawHttp() {
  const durations = names(/(^|_)http_(server_)?request_duration_seconds$/);
  const name = durations.find((one) => /http_request_/.test(one)) ?? durations[0];
  find("http").hidden = !name;
  if (!name) return;
  const counter = names(/(^|_)http_requests_total$/)[0] ?? name;
  const gauges = names(/(^|_)http_(requests_in_progress|server_active_requests)$/);
  const [before, now] = [base(), scrapes.at(-1)];
  const seconds = Math.max(now.at - before.at, 1e-9);
  const counted = growths(counter, before, now);
  const timed = growths(name, before, now);
  const all = together(counted).count;
  const bad = together(counted.filter((one) => isError(one.labels))).count;
  const running = gauges.slice(0, 1).flatMap((gauge) => [...now.families.get(gauge).series.values()]).reduce((sum, one) => sum + number(one.value), 0);
  const [p50, p95, p99] = percentiles(together(timed));
  tiles(find("http-tiles"), [["requests", show(all / seconds, "/s")], ["errors (5xx)", show(all ? bad / all : 0, "%")],
    ["median", show(p50, "s")], ["95th percentile", show(p95, "s")], ["99th percentile", show(p99, "s")],
    ["in progress", gauges.length ? show(running) : "–"]]);
  const [times, rates] = history((one, other, took) => [2, 3, 4, 5].map((status) => together(growths(counter, one, other)
    .filter(({ labels }) => (first(labels, STATUS) ?? "").startsWith(String(status)))).count / took));
  const parent = find("http-charts");
  chart(parent, "rates", "Requests by status", "/s").show(times, ["2xx", "3xx", "4xx", "5xx"].map((label, at) =>
    ({ name: label, color: [1, 0, 2, 3][at], dash: [0, 2, 1, 0][at], values: rates.map((row) => row[at]) })));
  percentileChart(parent, "latency", "Latency", name);
  const key = (labels) => JSON.stringify([first(labels, METHOD), first(labels, ENDPOINT)]);
  const histograms = groups(timed, key);
  const rows = [...groups(counted, key)].map(([endpoint, grown]) => {
    const [method, path] = JSON.parse(endpoint);
    const total = together(grown).count;
    const failed = together(grown.filter((one) => isError(one.labels))).count;
    return { total, cells: [path ?? "unmatched", method ?? "", show(total / seconds, "/s"), { text: show(total ? failed / total : 0, "%"), bad: failed > 0 },
      ...percentiles(together(histograms.get(endpoint) ?? [])).map((value) => show(value, "s"))] };
  });
  rows.sort((one, other) => other.total - one.total);
  table(find("http-table"), caption(rows, "endpoints"), ["endpoint", "method", "rate", "errors", "p50", "p95", "p99"],
    rows.slice(0, ROWS).map((row) => row.cells), 2);
}

function caption(rows, what) {
  const cut = rows.length > ROWS ? `, the ${ROWS} busiest of ${rows.length}` : "";
  return `${what} in the last ${WINDOW} seconds${cut}`;
}

function drawFunctions() {
  const has = (name) => scrapes.at(-1).families.has(name);
  const [calls, durations, running] = ["function_calls_total", "function_calls_duration_seconds", "function_calls_concurrent"];
  const counter = has(calls) ? calls : durations;
  find("functions").hidden = !has(counter);
  if (!has(counter)) return;
  const [before, now] = [base(), scrapes.at(-1)];
  const seconds = Math.max(now.at - before.at, 1e-9);
  const failed = ({ labels }) => labels.result !== undefined && labels.result !== "ok";
  const [times, rates] = history((one, other, took) => {
    const grown = growths(counter, one, other);
    return [together(grown).count / took, together(grown.filter(failed)).count / took];
  });
  const parent = find("function-charts");
  chart(parent, "calls", "Calls", "/s").show(times, ["all", "not ok"].map((label, at) =>
    ({ name: label, color: [0, 3][at], dash: at, values: rates.map((row) => row[at]) })));
  if (has(durations)) percentileChart(parent, "function-latency", "Duration of calls", durations);
  const key = ({ function: name, module }) => JSON.stringify([name, module]);
  const timed = groups(growths(durations, before, now), key);
  const now_running = new Map([...(now.families.get(running)?.series.values() ?? [])].map((one) => [key(one.labels), number(one.value)]));
  const rows = [...groups(growths(counter, before, now), key)].map(([called, grown]) => {
    const [name, module] = JSON.parse(called);
    const total = together(grown).count;
    const wrong = together(grown.filter(failed)).count;
    return { total, cells: [name ?? "", module ?? "", show(total / seconds, "/s"), { text: show(total ? wrong / total : 0, "%"), bad: wrong > 0 },
      ...percentiles(together(timed.get(called) ?? [])).map((value) => show(value, "s")), now_running.has(called) ? show(now_running.get(called)) : "–"] };
  });
  rows.sort((one, other) => other.total - one.total);
  table(find("function-table"), caption(rows, "functions"), ["function", "module", "rate", "not ok", "p50", "p95", "p99", "running"],
    rows.slice(0, ROWS).map((row) => row.cells), 2);
}

function drawFamilies() {
  find("all").hidden = false;
  const words = find("find").value.toLowerCase();
  const shown = [...scrapes.at(-1).families.values()].filter((family) => `${family.name} ${family.help}`.toLowerCase().includes(words));
  const parent = find("families");
  const kept = new Map([...parent.children].map((child) => [child.dataset.name, child]));
  const wanted = shown.map((family) => {
    const details = kept.get(family.name) ?? newFamily(family);
    details.querySelector(".now").textContent = summary(family);
    if (details.open) drawFamily(details, family);
    return details;
  });
  // Elements that stay are not moved, so that the focus stays where it is.
  if (wanted.length !== parent.children.length || wanted.some((child, at) => parent.children[at] !== child)) parent.replaceChildren(...wanted);
}

function newFamily(family) {
  const details = element("details", { class: "family", "data-name": family.name },
    element("summary", {}, element("code", {}, family.name), element("span", { class: "kind" }, family.type), element("span", { class: "now" })),
    element("p", { class: "help" }, family.help), element("div", { class: "charts" }), element("div", { class: "rows" }));
  details.addEventListener("toggle", () => {
    if (details.open) drawFamily(details, scrapes.at(-1).families.get(family.name) ?? family);
  });
  return details;
}

const grows = (family) => ["counter", "histogram", "summary"].includes(family.type);

// Unit of a family: per second of a counter, of the value of a gauge.
function unit(family) {
  return family.type === "counter" || grows(family) ? "/s" : unitOf(family.name);
}

function summary(family) {
  const series = family.series.size === 1 ? "1 series" : `${digits(family.series.size)} series`;
  if (!grows(family)) {
    return family.series.size === 1 ? show(number([...family.series.values()][0].value), unit(family)) : series;
  }
  const [before, now] = [base(), scrapes.at(-1)];
  const rate = together(growths(family.name, before, now)).count / Math.max(now.at - before.at, 1e-9);
  return `${series}, ${show(rate, "/s")}`;
}

function drawFamily(details, family) {
  const parent = details.querySelector(".charts");
  const rows = describeSeries(family).slice(0, ROWS);
  const top = rows.slice(0, 5);
  const [times, values] = history((before, now, took) => {
    if (!grows(family)) return top.map(({ key }) => { const one = now.families.get(family.name)?.series.get(key); return one && number(one.value); });
    const grown = new Map(growths(family.name, before, now).map((one) => [JSON.stringify(one.labels), one.count / took]));
    return top.map(({ key }) => grown.get(key));
  });
  chart(parent, `family ${family.name}`, grows(family) ? "Rate" : "Value", unit(family)).show(times, top.map(({ name }, at) =>
    ({ name, color: at, dash: at % 4, values: values.map((row) => row[at]) })));
  if (family.type === "histogram") percentileChart(parent, `percentiles ${family.name}`, "Percentiles", family.name);
  const heads = { histogram: ["rate", "mean", "p50", "p95", "p99"], summary: ["rate", "mean"], counter: ["value", "rate"] }[family.type] ?? ["value"];
  const more = family.series.size > ROWS ? `the first ${ROWS} of ${digits(family.series.size)} series by size` : "series";
  table(details.querySelector(".rows"), more, ["labels", ...heads], rows.map((row) => [row.name, ...row.cells]));
}

// Rows of a family's table, the largest first.
function describeSeries(family) {
  const [before, now] = [base(), scrapes.at(-1)];
  const seconds = Math.max(now.at - before.at, 1e-9);
  const grown = new Map(grows(family) ? growths(family.name, before, now).map((one) => [JSON.stringify(one.labels), one]) : []);
  const rows = [...family.series].map(([key, series]) => {
    const name = Object.entries(series.labels).map(([label, value]) => `${label}="${value}"`).join(" ") || "no labels";
    const one = grown.get(key);
    const value = number(series.value ?? series.count);
    const rate = one && show(one.count / seconds, "/s");
    const mean = one?.count ? show(one.sum / one.count, unitOf(family.name)) : "–";
    const cells = family.type === "counter" ? [show(value), rate]
      : family.type === "histogram" ? [rate, mean, ...percentiles(one).map((time) => show(time, unitOf(family.name)))]
      : family.type === "summary" ? [rate, mean] : [show(value, unitOf(family.name))];
    return { key, name, size: one?.count || 0, value, cells };
  });
  return rows.sort((one, other) => other.size - one.size || other.value - one.value);
}

find("pause").addEventListener("click", () => {
  paused = !paused;
  find("pause").setAttribute("aria-pressed", paused);
  find("pause").textContent = paused ? "Go on" : "Pause";
  clearTimeout(timer);
  if (!paused) scrape();
});
find("interval").addEventListener("change", () => { if (!paused) scrape(); });
find("find").addEventListener("input", () => { if (scrapes.length) drawFamilies(); });
find("login").addEventListener("submit", (event) => {
  event.preventDefault();
  token = find("token").value;
  scrape();
});
find("controls").addEventListener("submit", (event) => event.preventDefault());
addEventListener("resize", () => charts.forEach((one) => one.draw()));
scrape();
