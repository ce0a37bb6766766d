// Checks that the times in a CronJob fit the times in its job, and writes the job to a file.
//
//   node numbers.js CRONJOB.yaml JOB.yaml
"use strict";
const fs = require("fs");
const yaml = require("js-yaml");

const [source, target] = process.argv.slice(2);
const [config, , cron] = yaml.loadAll(fs.readFileSync(source, "utf8"));
const text = config.data["job.yaml"];
fs.writeFileSync(target, text);

const seconds = (duration) => {
  const [, number, unit] = /^([0-9]+)(s|m|h)$/.exec(duration);
  return number * { s: 1, m: 60, h: 3600 }[unit];
};
const job = yaml.load(text);
const run = cron.spec.jobTemplate.spec;
const grace = run.template.spec.terminationGracePeriodSeconds;
const drain = seconds(job.limits.requestTimeout) + seconds(job.output.flushTimeout);
const tries = (1 + run.backoffLimit) * (seconds(job.limits.maxDuration) + grace);
const promises = {
  "terminationGracePeriodSeconds covers requestTimeout and flushTimeout": grace > drain,
  "activeDeadlineSeconds covers all tries": run.activeDeadlineSeconds > tries,
  "no exit code is both retried and final": run.podFailurePolicy.rules.every((rule) =>
    rule.action !== "FailJob" || [0, 4, 130].every((code) => !rule.onExitCodes.values.includes(code))),
};
for (const [promise, kept] of Object.entries(promises)) {
  if (!kept) { console.error(`${source}: not so: ${promise}`); process.exitCode = 1; }
}
