// Overview of annotated functions.

const CALLS = "function_calls_total";
const DURATIONS = "function_calls_duration_seconds";
const CONCURRENT = "function_calls_concurrent";
const isFailure = ({ labels }) => labels.result !== undefined && labels.result !== "ok";

// Creates the parts of the overview; returns the function that draws them.
function functionOverview(parent) {
  const shownCharts = element("div", { class: "charts", id: "function-charts" });
  const shownTable = element("div", { class: "wide", id: "function-table" });
  parent.append(shownCharts, shownTable);
  return () => {
    const counter = has(CALLS) ? CALLS : DURATIONS;
    const rates = history("function rates", (before, now, took) => {
      const grown = growths(counter, before, now);
      return [together(grown).count / took, together(grown.filter(isFailure)).count / took];
    });
    chart(shownCharts, "calls", "Calls", "/s").show(times(), ["all", "not ok"].map((label, at) =>
      ({ name: label, color: [0, 3][at], dash: at, values: rates.map((row) => row[at]) })));
    if (has(DURATIONS)) percentileChart(shownCharts, "function-latency", "Duration of calls", DURATIONS, "no calls in this time");
    drawFunctions(shownTable);
  };
}

function drawFunctions(parent) {
  const key = ({ function: name, module }) => JSON.stringify([name, module]);
  const { grown, seconds } = recent(CALLS);
  const counted = groups(grown, key);
  const timed = groups(recent(DURATIONS).grown, key);
  const running = new Map(valuesOf(latest(), CONCURRENT).map((one) => [key(one.labels), number(one.value)]));
  const rows = [...new Set([...counted.keys(), ...timed.keys()])].map((called) => {
    const [name, module] = JSON.parse(called);
    const calls = counted.get(called);
    const durations = together(timed.get(called) ?? []);
    // A function that is timed alone has no results.
    const count = calls ? together(calls).count : durations.count;
    const failed = calls && count ? together(calls.filter(isFailure)).count / count : undefined;
    return { count, cells: [labelCell(name), labelCell(module), show(count / seconds, "/s"), badShare(failed),
      ...percentiles(durations).map((value) => show(value, "s")), show(running.get(called))] };
  });
  drawBusiest(parent, "function", ["function", "module", "rate", "not ok", "p50", "p95", "p99", "running"], rows, "no functions yet");
}
