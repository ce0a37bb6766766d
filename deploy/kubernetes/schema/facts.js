// Checks what the manifests of one release must have in common: times that fit each other, memory and disk that fit the
// configuration, addresses that the network policies let through. Writes the files in the ConfigMaps to a folder.
//
//   node facts.js MANIFESTS FOLDER RULES
"use strict";
const fs = require("fs");
const net = require("net");
const path = require("path");
const yaml = require("js-yaml");

const [source, folder, rules] = process.argv.slice(2);
const documents = yaml.loadAll(fs.readFileSync(source, "utf8")).filter((document) => document !== null);
const all = (kind) => documents.filter((document) => document.kind === kind);
const named = (kind, name) => all(kind).find((document) => document.metadata.name === name);
const promise = (text, kept) => {
  if (!kept) { console.error(`${source}: not so: ${text}`); process.exitCode = 1; }
};

const seconds = (duration) => {
  const [, number, unit] = /^([0-9]+)(s|m|h|d)$/.exec(duration);
  return number * { s: 1, m: 60, h: 3600, d: 86400 }[unit];
};
const bytes = (size) => {
  const [, number, unit] = /^([0-9]+)(Mi|Gi|Ti)B?$/.exec(size);
  return number * { Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }[unit];
};
const sorted = (key, value) => (value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value);
const arguments_ = (container) => container.args.join(" ");

for (const config of all("ConfigMap")) {
  for (const [file, text] of Object.entries(config.data)) fs.writeFileSync(path.join(folder, file), text);
}

/** What holds for every pod, and a memory limit that leaves room beside a heap of 60 %. */
function pod(name, spec) {
  const [container] = spec.containers;
  promise(`${name} runs as a user other than root`, spec.securityContext.runAsNonRoot && spec.securityContext.runAsUser > 0);
  promise(`${name} has a root folder that it cannot write`, container.securityContext.readOnlyRootFilesystem);
  promise(`${name} gains no rights`, !container.securityContext.allowPrivilegeEscalation
    && container.securityContext.capabilities.drop.includes("ALL"));
  promise(`${name} has no token of the cluster`, spec.automountServiceAccountToken === false);
  promise(`${name} asks for the memory that it may use`,
    container.resources.requests.memory === container.resources.limits.memory);
  promise(`${name} has 200 MiB beside its heap`, bytes(container.resources.limits.memory) * 0.4 >= 200 * 2 ** 20);
  const mounts = container.volumeMounts.map((mount) => mount.name).sort().join();
  promise(`${name} mounts each of its volumes`, mounts === spec.volumes.map((volume) => volume.name).sort().join());
  for (const volume of spec.volumes) {
    if (volume.configMap) promise(`${name} finds its ConfigMap`, named("ConfigMap", volume.configMap.name));
    if (volume.persistentVolumeClaim) {
      promise(`${name} finds its claim`, named("PersistentVolumeClaim", volume.persistentVolumeClaim.claimName));
    }
  }
  return container;
}

for (const deployment of all("Deployment")) {
  const { replicas, strategy, template } = deployment.spec;
  const name = deployment.metadata.name;
  const container = pod(name, template.spec);
  const config = yaml.load(named("ConfigMap", name).data["service.yaml"]);
  promise("one pod owns the data folder, also during an update", replicas === 1 && strategy.type === "Recreate");
  // A flush after the crawls have drained takes output.flushTimeout, 30 seconds unless a job says otherwise.
  promise("terminationGracePeriodSeconds covers shutdownGrace and a flush",
    template.spec.terminationGracePeriodSeconds > seconds(config.shutdownGrace) + 30);
  promise("the volume holds what retention and running crawls may take",
    bytes(named("PersistentVolumeClaim", name).spec.resources.requests.storage)
      >= bytes(config.retention.maxBytes) + config.maxConcurrentCrawls * bytes(config.maxBytesPerCrawl));
  // A fetch in flight takes some 70 KB; a sixteenth of the heap for all of them leaves bodies and documents their budgets.
  promise("the heap has room for the fetches in flight",
    config.concurrency * 70_000 <= bytes(container.resources.limits.memory) * 0.6 / 16);
  const [service] = all("Service");
  promise("the Service leads to the pod", Object.entries(service.spec.selector)
    .every(([key, value]) => template.metadata.labels[key] === value));
  promise("the service answers to the Service's name", config.allowedHosts.includes(service.metadata.name));
  for (const monitor of all("ServiceMonitor")) {
    promise("Prometheus asks with the token", monitor.spec.endpoints.every(({ authorization }) =>
      template.spec.volumes.some(({ secret }) => secret?.secretName === authorization.credentials.name)));
  }
  for (const rule of all("PrometheusRule")) {
    const files = ["recording", "alerts"].flatMap((name) =>
      yaml.load(fs.readFileSync(path.join(rules, `${name}.yml`), "utf8")).groups);
    promise("the rules are those of deploy/prometheus", JSON.stringify(rule.spec.groups.filter((group) => group.name !== "scraper-jobs"), sorted) === JSON.stringify(files, sorted));
  }
  for (const ingress of all("Ingress")) {
    promise("the service answers to the Ingress's host", config.allowedHosts.includes(ingress.spec.rules[0].host));
  }
  const token = template.spec.volumes.find((volume) => volume.secret);
  promise("the token comes from a Secret, as a file that the configuration names", token
    && config.tokenFile.startsWith(container.volumeMounts.find((mount) => mount.name === token.name).mountPath + "/"));
}

for (const cron of all("CronJob")) {
  const run = cron.spec.jobTemplate.spec;
  const name = cron.metadata.name;
  const container = pod(name, run.template.spec);
  const job = yaml.load(named("ConfigMap", name).data["job.yaml"]);
  const [, maxDuration] = /limits\.maxDuration=([0-9]+s)/.exec(arguments_(container));
  const grace = run.template.spec.terminationGracePeriodSeconds;
  promise("terminationGracePeriodSeconds covers requestTimeout and flushTimeout",
    grace > seconds(job.limits?.requestTimeout ?? "30s") + seconds(job.output?.flushTimeout ?? "30s"));
  promise("activeDeadlineSeconds covers all tries",
    run.activeDeadlineSeconds > (1 + run.backoffLimit) * (seconds(maxDuration) + grace));
  promise("no exit code is both retried and final", run.podFailurePolicy.rules.every((rule) =>
    rule.action !== "FailJob" || [0, 4, 130].every((code) => !rule.onExitCodes.values.includes(code))));
  const [tidy] = run.template.spec.initContainers;
  promise("the volume does not fill for ever: earlier runs are deleted before a run begins",
    tidy.command.at(-1) === "Runs" && tidy.args[0] === "/data" && Number(tidy.args[1]) > 0 && tidy.args[2] === "$(RUN)"
      && JSON.stringify(tidy.env) === JSON.stringify(container.env.filter(({ name: key }) => key === "RUN"))
      && tidy.securityContext.readOnlyRootFilesystem);
  promise("a pod of the same run resumes, another run starts over: --resume, and each file in the run's folder",
    /--resume/.test(arguments_(container)) && ["pages", "items", "report"].every((output) =>
      arguments_(container).includes(`--${output}=/data/$(RUN)/${output}.json`)));
}

// What a policy says of an address, as the API documents it: in the block, and in none of its exceptions.
const within = (address, cidr) => {
  const [base, bits] = cidr.split("/");
  const family = net.isIPv6(base) ? "ipv6" : "ipv4";
  const list = new net.BlockList();
  list.addSubnet(base, Number(bits), family);
  return net.isIP(address) === (family === "ipv6" ? 6 : 4) && list.check(address, family);
};
const reaches = (policy, address, port) => policy.spec.egress.some((rule) =>
  rule.ports.some((open) => open.port === port && open.protocol === "TCP")
  && rule.to.some(({ ipBlock }) => ipBlock && within(address, ipBlock.cidr)
    && !(ipBlock.except ?? []).some((cidr) => within(address, cidr))));
const CLOSED = ["10.1.2.3", "10.96.0.1", "172.20.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "169.254.1.1",
  "169.254.169.254", "168.63.129.16", "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fd00:ec2::254", "fd12::1", "ff02::1",
  "64:ff9b::a01:203"];
for (const policy of all("NetworkPolicy")) {
  const name = policy.metadata.name;
  promise(`${name} holds both directions`, policy.spec.policyTypes.join() === "Ingress,Egress");
  for (const address of CLOSED) promise(`${name} closes ${address}`, !reaches(policy, address, 80));
  for (const address of ["8.8.8.8", "2001:4860::1"]) promise(`${name} opens ${address}`, reaches(policy, address, 443));
  promise(`${name} opens no other port`, !reaches(policy, "8.8.8.8", 22));
  const doors = policy.spec.ingress.flatMap((rule) => rule.ports.map((open) => open.port));
  promise(`${name} lets in only to the API and the metrics`, doors.join() === (name.endsWith("-job") ? "" : "http"));
}
promise("every pod has its policy", all("NetworkPolicy").length === 0
  || [...all("Deployment").map((each) => each.spec), ...all("CronJob").map((each) => each.spec.jobTemplate.spec)]
    .every((spec) => all("NetworkPolicy").some((policy) => Object.entries(policy.spec.podSelector.matchLabels)
      .every(([key, value]) => spec.template.metadata.labels[key] === value))));
