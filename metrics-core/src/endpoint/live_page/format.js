// Numbers, dates and labels as text.

const LONGEST = 100; // letters of a name or value that are shown; the tooltip has them all

// Formats a number or an estimate with its unit.
function show(value, unit) {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (typeof value === "object") return value.relation + show(value.value, unit);
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (unit?.endsWith("/s")) return `${show(value, unit.slice(0, -2))}/s`;
  if (unit === "s") {
    const size = Math.abs(value);
    if (size >= 1 || size === 0) return `${digits(value)} s`;
    return size >= 1e-3 ? `${digits(value * 1e3)} ms` : `${digits(value * 1e6)} µs`;
  }
  if (unit === "%") return `${digits(value * 100)} %`;
  if (unit === "B") {
    const steps = ["B", "KiB", "MiB", "GiB", "TiB"];
    const size = Math.abs(value);
    const step = size >= 1 ? Math.min(4, Math.floor(Math.log2(size) / 10)) : 0;
    return `${digits(value / 1024 ** step)} ${steps[step]}`;
  }
  return digits(value);
}

function digits(value) {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(2).replace("+", "");
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  const places = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString("en", { maximumFractionDigits: places });
}

function unitOf(name) {
  if (/_seconds(_|$)/.test(name)) return "s";
  return /_bytes(_|$)/.test(name) ? "B" : /_ratio$/.test(name) ? "%" : "";
}

// Gauges of seconds since 1970, which are shown as dates.
const isDate = (name) => /_(timestamp|start_time)_seconds$/.test(name);

// Formats the value of a gauge. Limits that the system does not set are infinite or the largest integer of some type.
function showGauge(name, value) {
  if (value >= 2 ** 62 && /(^|_)(max|limit)(_|$)/.test(name)) return "unlimited";
  return isDate(name) ? showDate(value) : show(value, unitOf(name));
}

// Formats seconds since 1970 in the time zone of the browser. Zero stands for "not yet".
function showDate(seconds) {
  if (seconds === 0) return "never";
  const date = new Date(seconds * 1000);
  if (!(seconds > 0) || Number.isNaN(date.getTime())) return show(seconds, "s");
  const two = (number) => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())];
  return `${day.join("-")} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

// Formats a long time by its two largest units.
function showAge(seconds) {
  const rest = Math.max(0, Math.floor(seconds));
  const parts = [[Math.floor(rest / 86400), "d"], [Math.floor(rest / 3600) % 24, "h"], [Math.floor(rest / 60) % 60, "min"], [rest % 60, "s"]];
  const from = parts.findIndex(([number]) => number > 0);
  if (from < 0) return "0 s";
  return parts.slice(from, from + 2).filter(([number]) => number > 0).map(([number, unit]) => `${number} ${unit}`).join(" ");
}

// Escapes control characters and overrides of the direction, which could change the text around them.
function visible(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (letter) =>
    letter === "\n" ? "\\n" : `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// Cuts a long text, but no letter of two units in half.
function cut(text, longest = LONGEST) {
  return text.length > longest ? `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…` : text;
}

// Labels as in the text format, but for the line breaks.
function showLabels(labels) {
  return Object.entries(labels).map(([name, value]) => `${name}="${value}"`).join(" ") || "no labels";
}

const plural = (number, word) => `${digits(number)} ${word}${number === 1 ? "" : "s"}`;
const seriesCount = (number) => `${digits(number)} series`;
