// Overview of HTTP requests.

const STATUS = ["status", "http_response_status_code", "code"];
const METHOD = ["method", "http_request_method"];
const ENDPOINT = ["endpoint", "http_route", "path"];
const first = (labels, names) => names.map((name) => labels[name]).find((value) => value !== undefined);
const ofClass = (grown, digit) => together(grown.filter(({ labels }) => (first(labels, STATUS) ?? "").startsWith(digit))).count;
const ROWS = 25;

// Creates the parts of the overview; returns the function that draws them.
function httpOverview(parent) {
  const shownTiles = element("dl", { class: "tiles", id: "http-tiles" });
  const shownCharts = element("div", { class: "charts", id: "http-charts" });
  const shownTable = element("div", { class: "wide", id: "http-table" });
  parent.append(shownTiles, shownCharts, shownTable);
  return () => {
    const durations = names(/(^|_)http_(server_)?request_duration_seconds$/);
    const name = durations.find((one) => /http_request_/.test(one)) ?? durations[0];
    parent.hidden = !name;
    if (!name) return;
    const counter = names(/(^|_)http_requests_total$/)[0] ?? name;
    drawHttpTiles(shownTiles, counter, name);
    const rates = history("http rates", (before, now, took) => {
      const grown = growths(counter, before, now);
      return ["2", "3", "4", "5"].map((digit) => ofClass(grown, digit) / took);
    });
    chart(shownCharts, "rates", "Requests by status", "/s").show(times(), ["2xx", "3xx", "4xx", "5xx"].map((label, at) =>
      ({ name: label, color: [1, 0, 2, 3][at], dash: [0, 2, 1, 0][at], values: rates.map((row) => row[at]) })));
    percentileChart(shownCharts, "latency", "Latency", name, "no requests in this time");
    drawEndpoints(shownTable, counter, name);
  };
}

function drawHttpTiles(parent, counter, name) {
  const { grown, seconds } = recent(counter);
  const all = together(grown).count;
  const part = (digit) => show(all ? ofClass(grown, digit) / all : undefined, "%");
  const [p50, p95, p99] = percentiles(together(recent(name).grown));
  const gauge = names(/(^|_)http_(requests_in_progress|server_active_requests)$/)[0];
  tiles(parent, [["requests", show(all / seconds, "/s")], ["5xx responses", part("5")], ["4xx responses", part("4")],
    ["median", show(p50, "s")], ["p95", show(p95, "s")], ["p99", show(p99, "s")],
    ["in progress", show(gauge && (total(latest(), gauge) ?? 0))]]);
}

function drawEndpoints(parent, counter, name) {
  const key = (labels) => JSON.stringify([first(labels, METHOD), first(labels, ENDPOINT)]);
  const { grown, seconds } = recent(counter);
  const histograms = groups(recent(name).grown, key);
  const rows = [...groups(grown, key)].map(([endpoint, ofEndpoint]) => {
    const [method, path] = JSON.parse(endpoint);
    const count = together(ofEndpoint).count;
    const part = (digit) => (count ? ofClass(ofEndpoint, digit) / count : undefined);
    return { count, cells: [labelCell(path ?? "unmatched"), labelCell(method), show(count / seconds, "/s"), show(part("4"), "%"), badShare(part("5")),
      ...percentiles(together(histograms.get(endpoint) ?? [])).map((value) => show(value, "s"))] };
  });
  drawBusiest(parent, "endpoint", ["endpoint", "method", "rate", "4xx", "5xx", "p50", "p95", "p99"], rows, "no requests yet");
}

// Draws a table with the busiest of some rows { count, cells }, whose first two columns are text.
function drawBusiest(parent, word, heads, rows, empty) {
  rows.sort((one, other) => other.count - one.count);
  const many = rows.length > ROWS ? `, the ${ROWS} busiest of ${digits(rows.length)}` : "";
  const caption = rows.length ? `${word}s in the last ${WINDOW} seconds${many}` : empty;
  table(parent, caption, heads, rows.slice(0, ROWS).map(({ cells }) => cells), 2);
}
