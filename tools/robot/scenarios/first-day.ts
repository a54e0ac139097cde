import { join } from "node:path";
import type { Scenario } from "../contract.ts";
import { makeAppliance, makeLibrary, snapshotIsComplete, writePapers } from "./beginnings.ts";

export const firstDay: Scenario = {
  name: "first-day",
  what: "guided start: keys, library, pool, archive and the first snapshot, without a manual",
  prepare: async (stage) => {
    await makeAppliance(stage);
    await makeLibrary(stage, { cartridges: 3 });
    writePapers(stage, 3, 200_000);
  },
  steps: (stage) => [
    { kind: "see", view: "Today", row: "next make the keys", texts: ["make the keys"] },
    {
      kind: "act", view: "Today", row: "next make the keys", action: "make the keys", ends: "done",
      answers: [
        { question: "into which folder with the private keys", text: join(stage.folder, "keys") },
        { question: "a new passphrase for them", text: stage.passphrase, isSecret: true },
        { question: "the same once more", text: stage.passphrase, isSecret: true },
      ],
    },
    {
      kind: "act", view: "Today", row: "next tell of the library", action: "a simulated library", ends: "done",
      answers: [{ question: "its name", text: "vtl" }, { question: "folder of the simulated library", text: stage.library }],
    },
    {
      kind: "act", view: "Today", row: "next make a pool", action: "make a pool", ends: "done",
      answers: [{ question: "its name" }, { question: "cartridges of which library" }],
    },
    {
      kind: "act", view: "Today", row: "next make an archive", action: "make an archive", ends: "done",
      answers: [
        { question: "its name", text: "papers" }, { question: "which folder", text: join(stage.folder, "papers") },
        { question: "into which pool" }, { question: "and into which second pool", text: "" },
      ],
    },
    { kind: "act", view: "Today", row: "next take the first snapshot", action: "take a snapshot", ends: "started" },
    { kind: "see", view: "Jobs", row: "archive run papers ended", texts: ["archive run papers"] },
    { kind: "see", view: "Archives", row: "papers 1", texts: ["sources: "] },
    { kind: "see", view: "Cartridges", row: "onsite open", texts: ["SR0001L8"] },
    { kind: "check", what: "the snapshot is complete", check: snapshotIsComplete },
  ],
};
