import type { Scenario } from "../contract.ts";
import { makeEverything, snapshotIsComplete, writePapers } from "./beginnings.ts";

/** A write that the medium refuses for good, in the middle of what is written: by the standard's words, no write errors corrected. */
const failingWrite = { lun: 1, opcode: "0x0a", nth: 20, effect: { kind: "sense", key: 3, code: "0x0c00" } };

export const tapeFailure: Scenario = {
  name: "tape-failure",
  what: "a tape fails in the middle of a job: it goes on with another cartridge, and says so",
  prepare: async (stage) => {
    writePapers(stage, 4, 3_000_000);
    await makeEverything(stage, { cartridges: 3 }, ["--segment-size", "2MiB"]);
  },
  steps: (stage) => [
    { kind: "hands", line: ["simulator", "fault", stage.library, JSON.stringify(failingWrite)] },
    { kind: "act", view: "Archives", row: "papers", action: "take a snapshot", ends: "started" },
    { kind: "see", view: "Jobs", row: "archive run papers ended", texts: ["archive run papers"] },
    { kind: "check", what: "the snapshot is complete", check: snapshotIsComplete },
    { kind: "see", view: "Log", row: "SR0001L8 closed for writing", texts: ["SR0001L8"] },
    { kind: "see", view: "Cartridges", row: "SR0001L8 onsite closed", texts: ["SR0002L8"] },
    { kind: "see", view: "Cartridges", row: "SR0002L8 onsite", texts: ["SR0002L8"] },
  ],
};
