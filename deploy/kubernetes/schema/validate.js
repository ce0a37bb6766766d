// Checks Kubernetes manifests against the schemas that the Kubernetes API itself publishes, as kubernetes-models compiles
// them: types, required keys, allowed words. Those schemas let unknown keys pass, and the API server drops them; here a key
// that the schema never asks for is an error, because it is a misspelt one.
//
//   node validate.js FILE...      (the Prometheus operator's ServiceMonitor likewise)
"use strict";
const fs = require("fs");
const path = require("path");
const yaml = require("js-yaml");

// By path, because the package exports its models, which hide keys that they do not know, but not the schemas.
const schema = (name, models = "kubernetes-models") =>
  require(path.join(__dirname, "node_modules", models, "_schemas", `${name}.js`)).validate;
const operator = (kind) => schema(
  `ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1${kind}`, "@kubernetes-models/prometheus-operator");
const KINDS = {
  "v1 ConfigMap": schema("IoK8sApiCoreV1ConfigMap"),
  "v1 PersistentVolumeClaim": schema("IoK8sApiCoreV1PersistentVolumeClaim"),
  "v1 Service": schema("IoK8sApiCoreV1Service"),
  "apps/v1 Deployment": schema("IoK8sApiAppsV1Deployment"),
  "batch/v1 CronJob": schema("IoK8sApiBatchV1CronJob"),
  "networking.k8s.io/v1 Ingress": schema("IoK8sApiNetworkingV1Ingress"),
  "networking.k8s.io/v1 NetworkPolicy": schema("IoK8sApiNetworkingV1NetworkPolicy"),
  "monitoring.coreos.com/v1 PrometheusRule": operator("PrometheusRule"),
  "monitoring.coreos.com/v1 ServiceMonitor": operator("ServiceMonitor"),
};

/** A view of a value that notes every key which is read. */
function watched(value, path, read) {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(target, key) {
      if (typeof key !== "string" || !Object.hasOwn(target, key)) return target[key];
      read.add(`${path}/${key}`);
      return watched(target[key], `${path}/${key}`, read);
    },
  });
}

function unread(value, path, read) {
  if (value === null || typeof value !== "object") return [];
  return Object.keys(value).flatMap((key) => {
    const at = `${path}/${key}`;
    return read.has(at) ? unread(value[key], at, read) : [at];
  });
}

let problems = 0;
for (const file of process.argv.slice(2)) {
  for (const document of yaml.loadAll(fs.readFileSync(file, "utf8"))) {
    if (document === null) continue;
    const kind = `${document.apiVersion} ${document.kind}`;
    const complain = (text) => { problems++; console.error(`${file}: ${kind} ${document.metadata?.name}: ${text}`); };
    const validate = KINDS[kind];
    if (!validate) { complain("a kind that this check does not know"); continue; }
    const read = new Set();
    if (!validate(watched(document, "", read))) {
      validate.errors.forEach((e) => complain(`${e.instancePath} ${e.keyword} ${JSON.stringify(e.params)}`));
    }
    unread(document, "", read).forEach((at) => complain(`unknown key ${at}`));
  }
}
process.exit(problems ? 1 : 0);
