// The page: it scrapes again and again, and tells when it cannot.

const TIMEOUT = 30; // seconds
const LONGEST_WAIT = 15; // seconds between attempts while scrapes fail

// The address is relative to the page's path without the slashes that routers may ignore, as with `NormalizePath`.
const here = location.pathname.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
const address = here.slice(0, here.lastIndexOf("/") + 1) + document.querySelector("meta[name=metrics-address]").content;

let token;
let paused = false;
let timer;
let asking = false;
let askAgain = false; // somebody wants a scrape while another is in flight
let locked = false; // nothing is asked for until there is a token
let failures = 0; // since the last page

async function scrape() {
  clearTimeout(timer);
  askAgain = asking;
  if (asking || locked) return;
  asking = true;
  const begun = performance.now();
  let failure;
  try {
    keep(await ask());
    failures = 0;
  } catch (error) {
    failure = error.message;
    failures += 1;
  }
  asking = false;
  const took = performance.now() - begun;
  const interval = Number(find("interval").value) * 1000;
  // A slow endpoint is scraped less often, and so is one that fails.
  const wait = failure ? Math.max(interval, Math.min(LONGEST_WAIT * 1000, interval * 2 ** (failures - 1))) : Math.max(interval - took, took * 4);
  clearTimeout(timer);
  if (askAgain) scrape();
  else if (!paused && !locked) timer = setTimeout(scrape, wait);
  tell(failure, wait);
  if (!failure) draw();
}

// Asks for a page; an error says what is wrong.
async function ask() {
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

// Asks once: the next scrape is that with the new token.
function askForToken(challenges) {
  locked = true;
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

// Tells how it goes.
function tell(failure, wait) {
  const at = new Date().toLocaleTimeString();
  if (!failure) find("state").textContent = `scraped at ${at}, ${seriesCount(countSeries(latest()))}`;
  else if (locked) find("state").textContent = "waiting for a token";
  const trouble = find("trouble");
  const text = failure && !locked ? `${failure}. ${paused ? "" : `Trying again in ${digits(wait / 1000)} s.`}${scrapes.length ? " The values are old." : ""}` : "";
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
  locked = false;
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
