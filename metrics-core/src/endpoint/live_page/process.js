// Overview of the process and its runtime, and the service's name in the title.

// Small charts: title, unit, the families that they need, the value of a scrape, and a note.
const RESOURCES = [
  { title: "CPU", unit: "%", of: (before, now, took) => grownTotal("process_cpu_seconds_total", before, now, took), note: () => "of one core" },
  { title: "Memory", unit: "B", of: (_, now) => total(now, "process_resident_memory_bytes"),
    note: (now) => (has("container_memory_limit_bytes") ? limitNote(now, "container_memory_limit_bytes") : "resident") },
  { title: "File descriptors", unit: "", of: (_, now) => total(now, "process_open_fds"), note: (now) => limitNote(now, "process_max_fds") },
  { title: "Threads", unit: "", of: (_, now) => total(now, "process_threads") },
  { title: "Runtime workers", unit: "%", of: (before, now, took) => {
    const busy = grownTotal("tokio_worker_busy_seconds_total", before, now, took);
    return busy === undefined ? undefined : busy / (total(now, "tokio_workers") || 1);
  }, note: (now) => `busy, of ${show(total(now, "tokio_workers"))}` },
  { title: "Runtime tasks", unit: "", of: (_, now) => total(now, "tokio_alive_tasks"),
    note: (now) => (has("tokio_global_queue_tasks") ? `${show(total(now, "tokio_global_queue_tasks"))} queued` : "") },
];

// Growth of a counter per second, if the scrape has it.
function grownTotal(name, before, now, took) {
  return now.families.has(name) ? together(growths(name, before, now)).count / took : undefined;
}

function limitNote(now, name) {
  const limit = total(now, name);
  return limit === undefined ? "" : `of ${showGauge(name, limit)}`;
}

// Creates the parts of the overview; returns the function that draws them.
function processOverview(parent) {
  const shown = element("div", { class: "cards", id: "process-charts" });
  parent.append(shown);
  return () => {
    for (const { title, unit, of, note } of RESOURCES) {
      // The first scrape has no growth: what it has is known without.
      if (of(latest(), latest(), 1) === undefined) continue;
      const values = history(`resource ${title}`, of);
      chart(shown, `resource ${title}`, title, unit, true).show(times(), [{ color: 0, values }], { note: note?.(latest()) });
    }
    parent.hidden = !shown.children.length;
  };
}

// Name, version and commit of the service, as far as an info metric has them.
function identity() {
  const candidates = [...names(/^build_info$/), ...names(/_(build|app|service)_info$/), ...names(/^(api|app|service|target)_info$/)];
  for (const name of candidates) {
    const labels = valuesOf(latest(), name)[0]?.labels;
    if (!labels) continue;
    const service = first(labels, ["name", "service", "service_name", "app"]) ?? name.replace(/_?(build|app|api|service|target)_info$/, "");
    return { service, version: first(labels, ["version", "service_version"]), commit: first(labels, ["commit", "revision"]) };
  }
  return {};
}

function drawTitle() {
  const { service, version, commit } = identity();
  const name = visible(service || location.host);
  document.title = version ? `${name} ${visible(version)}` : name;
  const parts = [element("span", { class: "name", title: name }, isolated(name))];
  if (version) parts.push(element("span", { class: "version", title: commit && `commit ${visible(commit)}` }, isolated(version)));
  update(find("service"), parts);
  const start = total(latest(), "process_start_time_seconds");
  const up = start > 0 ? latest().date - start : undefined;
  find("uptime").textContent = up >= 0 ? `up ${showAge(up)}` : "";
  find("uptime").title = start > 0 ? `since ${showDate(start)}` : "";
}
