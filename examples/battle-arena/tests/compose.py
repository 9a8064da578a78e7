"""Reads the files that container engines read, and says what in them does not fit together.

compose.py SCHEMA_CHECKER FOLDER: FOLDER is that of the compose files. Prints a line for each mistake.
"""

import itertools
import pathlib
import re
import subprocess
import sys

from ruamel.yaml import YAML

BASE, MORE = "compose.yml", ["compose.extended.yml", "compose.tracing.yml"]
# What is not scraped, and ports that are scraped and not published.
UNSCRAPED = {"db", "grafana", "mail", "simulator"}
UNPUBLISHED = {"jaeger": {14269}, "mail": {1025}, "db": {5432}}
IMAGE = re.compile(r"(?:[a-z0-9.-]+/)*[a-z0-9._-]+:(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]*")
ADDRESS = re.compile(r"\b[a-z]+://(?:[^@/\s\"]+@)?([a-z][a-z0-9-]*)(?::(\d+))?")
STANDARD_PORTS = {"db": 5432}

mistakes = []


def check(holds, *what):
    if not holds:
        mistakes.append(" ".join(str(part) for part in what))


def load(path):
    return YAML(typ="safe").load(path.read_text())


def merged(files):
    """The services of several files, as the engine merges them: what is a list or a table is joined, the rest replaced."""

    def join(one, other):
        if isinstance(one, dict) and isinstance(other, dict):
            return {key: join(one[key], other[key]) if key in one and key in other else one.get(key, other.get(key))
                    for key in [*one, *other]}
        return one + other if isinstance(one, list) and isinstance(other, list) else other

    services, volumes = {}, {}
    for file in files:
        services = join(services, file.get("services") or {})
        volumes = join(volumes, file.get("volumes") or {})
    return services, volumes


def mounts(service):
    """Source and target of each mount; a later one takes the place of one with the same target."""
    found = {}
    for mount in service.get("volumes", []):
        source, target, *mode = mount.split(":")
        check(target.startswith("/"), mount, "is not mounted at an absolute path")
        check(mode in ([], ["ro"], ["rw"], ["ro,rslave"]), mount, "has another mode")
        found[target] = source
    return found


def published(service):
    for port in service.get("ports", []):
        outside, inside = port.split(":")
        yield int(outside), int(inside)


def check_service(folder, name, service, services, volumes):
    built = {other.get("image") for other in services.values() if "build" in other}
    image = service.get("image")
    check(image in built or IMAGE.fullmatch(image or ""), name, "has no image with a version:", image)
    for source in mounts(service).values():
        if source.startswith("."):
            check((folder / source).exists(), name, "mounts what is not there:", source)
        elif not source.startswith("/"):
            check(source in volumes, name, "mounts a volume that is not declared:", source)
    needed = service.get("depends_on", {})
    needed = needed if isinstance(needed, dict) else dict.fromkeys(needed, {})
    for other, wanted in needed.items():
        check(other in services, name, "needs", other, "which is no service")
        if wanted.get("condition") == "service_healthy":
            check("healthcheck" in services.get(other, {}), name, "waits for", other, "which has no health check")
    for variable in re.findall(r"\$\{([^}]*)\}", str(service)):
        check(":-" in variable, name, "has a variable without a value of its own:", variable)


def check_addresses(where, text, services):
    """Every address that names a host names a service, and a port that the service has."""
    for host, port in ADDRESS.findall(text):
        if host == "localhost":
            continue
        check(host in services, where, "asks", host, "which is no service")
        inside = {inside for _, inside in published(services.get(host, {}))} | UNPUBLISHED.get(host, set())
        port = int(port) if port else STANDARD_PORTS.get(host)
        check(port in inside, where, "asks for", f"{host}:{port}", "and the service has", sorted(inside))


def check_targets(folder, services):
    """What is mounted for Prometheus is what is there to scrape, and each file of targets is a job's."""
    mounted = mounts(services["prometheus"])
    configuration = load(folder / "prometheus/prometheus.yml")
    jobs = {job["job_name"]: job["file_sd_configs"][0]["files"] for job in configuration["scrape_configs"]}
    scraped = set()
    for job, files in jobs.items():
        check(files == [f"targets/{job}.yml"], job, "has its targets in", files)
        check((folder / f"prometheus/targets/{job}.yml").exists(), job, "has no file of targets")
        if f"/etc/prometheus/targets/{job}.yml" not in mounted:
            continue
        for target in itertools.chain(*(group["targets"] for group in load(folder / f"prometheus/targets/{job}.yml"))):
            host, port = target.split(":")
            # Prometheus scrapes itself.
            host = "prometheus" if host == "localhost" else host
            scraped.add(host)
            check_addresses(f"the job {job}", f"http://{host}:{port}", services)
    for target in mounted:
        job = re.fullmatch(r"/etc/prometheus/targets/(.*)\.yml", target)
        check(not job or job[1] in jobs, target, "is mounted and no job's")
    check(scraped == services.keys() - UNSCRAPED, "scraped are", sorted(scraped), "of", sorted(services))


def check_dockerfile(folder, services):
    build = services["arena"]["build"]
    context = (folder / build["context"]).resolve()
    file = context / build["dockerfile"]
    check(file.exists(), "there is no", file)
    check((context / "Cargo.lock").exists(), "the context is not the workspace:", context)
    text = file.read_text()
    for image in re.findall(r"^FROM (\S+)", text, re.M):
        check(IMAGE.fullmatch(image), "the Dockerfile begins with", image)
    for stage, source in re.findall(r"^COPY (--from=\S+ )?(\S+)", text, re.M):
        # What was built is the program of the package that is built.
        package = re.search(r"--package (\S+)", text)[1]
        where = source == f"/build/target/release/{package}" if stage else (context / source).exists()
        check(where, "the Dockerfile copies what is not there:", source)
    arguments = set(re.findall(r"^ARG (\w+)", text, re.M))
    given = build.get("args", {}).keys()
    check(given <= arguments, "the Dockerfile takes", arguments, "and is given", given)
    ignored = file.with_name(file.name + ".dockerignore").read_text().split()
    check({"target", ".git"} <= {line.strip("*/") for line in ignored}, "the context has what was built here:", ignored)
    options = (context / "examples/battle-arena/src/options.rs").read_text()
    for name in ["arena", "simulator"]:
        for option in services[name]["command"]:
            check(not option.startswith("--") or f"    {option} " in options, name, "is given", option)


def check_stack(folder, files):
    services, volumes = merged([load(folder / file) for file in files])
    ports = [outside for service in services.values() for outside, _ in published(service)]
    check(len(ports) == len(set(ports)), "ports are published twice:", sorted(ports))
    for name, service in services.items():
        check_service(folder, name, service, services, volumes)
        check_addresses(name, str(service), services)
    used = {source for service in services.values() for source in mounts(service).values()}
    check(volumes.keys() <= used, "volumes are declared and not used:", sorted(volumes.keys() - used))
    check_targets(folder, services)
    # What is mounted for Grafana and Alertmanager asks the services of this stack.
    sources = mounts(services["grafana"]).get("/etc/grafana/provisioning/datasources/prometheus.yml")
    sources = sources or "grafana/provisioning/datasources/prometheus.yml"
    check_addresses(sources, (folder / sources).read_text(), services)
    mail = load(folder / "alertmanager/alertmanager.yml")["global"]["smtp_smarthost"]
    check_addresses("alertmanager.yml", f"smtp://{mail}", services)
    provider = load(folder / "grafana/provisioning/dashboards/provider.yml")["providers"][0]["options"]["path"]
    check(provider in mounts(services["grafana"]), "dashboards are looked for in", provider)
    check_dockerfile(folder, services)


def main():
    checker, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    files = [BASE, *MORE]
    schema = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", *(str(folder / file) for file in files)],
        capture_output=True, text=True, check=False)
    check(schema.returncode == 0, schema.stdout, schema.stderr)
    for size in range(len(MORE) + 1):
        for more in itertools.combinations(MORE, size):
            check_stack(folder, [BASE, *more])
    print("\n".join(dict.fromkeys(mistakes)))


main()
