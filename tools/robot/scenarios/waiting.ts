import type { Scenario, Stage, Step } from "../contract.ts";
import { jobProcess, makeEverything, snapshotIsComplete, writePapers } from "./beginnings.ts";

/** The request is the first thing that Today shows. The job sees by itself what hands did about it, and brings the cartridge in when it wants it. */
function meetRequest(stage: Stage): readonly Step[] {
  return [
    { kind: "hands", line: ["simulator", "insert", stage.library, "SR0009L8", "--capacity", "64MiB"] },
    { kind: "see", view: "Jobs", row: "archive run papers ended", texts: ["archive run papers"] },
    { kind: "see", view: "Today", texts: ["nothing needs you", "archive run papers"] },
    { kind: "check", what: "the snapshot is complete", check: snapshotIsComplete },
  ];
}

export const loadRequest: Scenario = {
  name: "load-request",
  what: "a run waits for a cartridge: asked for first in Today, put into a mail slot, and it goes on",
  prepare: async (stage) => {
    writePapers(stage, 6, 4_000_000);
    await makeEverything(stage, { cartridges: 1, capacity: "16MiB" }, ["--segment-size", "4MiB"]);
  },
  steps: (stage) => [
    { kind: "act", view: "Archives", row: "papers", action: "take a snapshot", ends: "started" },
    { kind: "see", view: "Today", row: "NEEDED blank cartridge", texts: ["NEEDED"] },
    { kind: "see", view: "Jobs", row: "archive run papers waits", texts: ["waits"] },
    ...meetRequest(stage),
    { kind: "see", view: "Cartridges", row: "SR0009L8 onsite", texts: ["SR0001L8"] },
  ],
};

export const killedConsole: Scenario = {
  name: "killed-console",
  what: "kill -9 of the console during a job: the job goes on, and the console opened again shows it",
  prepare: async (stage) => {
    writePapers(stage, 1, 1_000_000);
    await makeEverything(stage, { cartridges: 0 });
  },
  steps: (stage) => [
    { kind: "act", view: "Archives", row: "papers", action: "take a snapshot", ends: "started" },
    { kind: "see", view: "Today", row: "NEEDED blank cartridge", texts: ["NEEDED"] },
    { kind: "kill" },
    { kind: "check", what: "the job is alive", check: async () => ((await jobProcess(stage)) === undefined ? "there is none" : undefined) },
    { kind: "see", view: "Jobs", row: "archive run papers waits", texts: ["waits"] },
    ...meetRequest(stage),
  ],
};
