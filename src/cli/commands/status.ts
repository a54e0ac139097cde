import { resolve } from "node:path";
import { archiveStatusColumns, findingColumns, poolStatusColumns, statusDocument, statusFacts, table, unfinishedJobColumns } from "../views/index.ts";
import type { Command } from "./command.ts";

export const statusCommand: Command = {
  noun: "status",
  verb: "",
  summary: "how everything stands, on one screen, worst first",
  details:
    "By the records alone: no device is touched, nothing is moved. The exit code is for a monitor: 0 when all is well, 3 when something wants a look (warn), 1 when " +
    "something is wrong (err, fatal). Drives are asked by: strongroom drive health; the database is read whole by: strongroom appliance check",
  options: [{ flags: "--prometheus FILE", summary: "also write it as a Prometheus text file, which replaces the one that is there at once" }],
  examples: [
    { line: "strongroom status", what: "what wants a look, unfinished jobs, pools, archives, spool" },
    { line: "strongroom status --prometheus /var/lib/node_exporter/strongroom.prom", what: "from a timer, for node_exporter" },
  ],
  async run({ typed, answer, operations, units }) {
    const { appliance } = await operations();
    const file = typed.option("--prometheus");
    const report = file === undefined ? await appliance.status() : await appliance.writeMetrics(resolve(file));
    answer.document(statusDocument(report), () => {
      answer.facts(statusFacts(report, units));
      answer.table(table(findingColumns, report.remarks, units));
      answer.table(table(unfinishedJobColumns, report.jobs, units));
      answer.table(table(poolStatusColumns, report.pools, units));
      answer.table(table(archiveStatusColumns, report.archives, units));
    });
    answer.exitWith(report.severity);
  },
};
