// The loop of scrapes, the token that they may need, and the state that the head shows.

const TIMEOUT = 30; // seconds
const LONGEST_WAIT = 15; // seconds between attempts while scrapes fail

// The address is relative to the page's path without the slashes that routers may ignore, as with `NormalizePath`.
const here = location.pathname.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
const address = here.slice(0, here.lastIndexOf("/") + 1) + document.querySelector("meta[name=metrics-address]").content;

let token;
let paused = false;
let timer;
let isScraping = false;
let scrapeAgain = false; // a scrape was asked for while another was in flight
let needsToken = false; // no scrapes until there is one
let failures = 0; // since the last scrape that succeeded

async function scrape() {
  clearTimeout(timer);
  scrapeAgain = isScraping;
  if (isScraping || needsToken) return;
  isScraping = true;
  const begun = performance.now();
  let failure;
  try {
    keep(await fetchScrape());
    failures = 0;
  } catch (error) {
    failure = error.message;
    failures += 1;
  }
  isScraping = false;
  try {
    if (!failure) draw();
  } finally {
    showState(failure, schedule(performance.now() - begun));
  }
}

// Schedules the next scrape after one that took some milliseconds; returns the wait.
function schedule(took) {
  const interval = Number(find("interval").value) * 1000;
  // An endpoint that fails is scraped less often, and so is one that is slow, or slow to draw.
  const wait = failures ? Math.max(interval, Math.min(LONGEST_WAIT * 1000, interval * 2 ** (failures - 1)))
    : Math.max(interval - took, took * 4);
  clearTimeout(timer);
  if (scrapeAgain) scrape();
  else if (!paused && !needsToken) timer = setTimeout(scrape, wait);
  return wait;
}

// Requests the metrics. An error has the message that is shown.
async function fetchScrape() {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT * 1000) });
  } catch (error) {
    throw new Error(error.name === "TimeoutError" ? `The service has not answered for ${TIMEOUT} s` : "The service does not answer");
  }
  if (answer.status === 401) askForToken(answer.headers.get("www-authenticate"));
  else find("login").hidden = true;
  if (!answer.ok) throw new Error(`The service answers ${answer.status}${await reason(answer)}`);
  try {
    const date = Date.parse(answer.headers.get("date")) || Date.now();
    return readScrape(await answer.json(), performance.now() / 1000, date / 1000);
  } catch {
    throw new Error("The answer is incomplete, or not metrics as JSON");
  }
}

async function reason(answer) {
  const text = await answer.text().catch(() => "");
  return text ? `: ${cut(visible(text.trim()))}` : "";
}

// Shows the form for a token, and stops the scrapes until it is submitted.
function askForToken(challenges) {
  needsToken = true;
  const bearer = !challenges || /bearer/i.test(challenges);
  find("login-text").textContent = !bearer ? "The service refuses these credentials. Load this page again to enter others."
    : token ? "The service refuses this token. Enter another one." : "These metrics need a bearer token.";
  find("login").classList.toggle("refused", Boolean(token));
  find("token").hidden = find("send-token").hidden = !bearer;
  find("token").value = "";
  find("login").hidden = false;
  if (bearer) find("token").focus();
  token = undefined;
}

// Shows the last scrape, or the failure and the time until the next attempt.
function showState(failure, wait) {
  const at = new Date().toLocaleTimeString();
  if (!failure) find("state").textContent = `scraped at ${at}, ${seriesCount(countSeries(latest()))}`;
  else if (needsToken) find("state").textContent = "waiting for a token";
  const trouble = find("trouble");
  const next = paused ? "" : ` Trying again in ${digits(wait / 1000)} s.`;
  const old = scrapes.length ? " The values are old." : "";
  const text = failure && !needsToken ? `${failure}.${next}${old}` : "";
  if (trouble.textContent !== text) trouble.textContent = text;
  trouble.hidden = !text;
  find("groups").classList.toggle("old", Boolean(text));
}

find("pause").addEventListener("click", () => {
  paused = !paused;
  find("pause").setAttribute("aria-pressed", paused);
  find("pause").textContent = paused ? "Go on" : "Pause";
  clearTimeout(timer);
  if (!paused) scrape();
});
find("interval").addEventListener("change", () => { if (!paused) scrape(); });
find("find").addEventListener("input", draw);
find("login").addEventListener("submit", (event) => {
  event.preventDefault();
  const entered = find("token").value.trim();
  if (!/^[\x21-\x7e]+$/.test(entered)) {
    find("login-text").textContent = "A token has no spaces, and no letters outside of ASCII.";
    return;
  }
  token = entered;
  needsToken = false;
  scrape();
});
find("controls").addEventListener("submit", (event) => event.preventDefault());
addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  event.preventDefault();
  find("find").focus();
});
addEventListener("resize", () => charts.forEach((one) => one.draw()));
scrape();
