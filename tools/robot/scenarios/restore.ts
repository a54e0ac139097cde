import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Scenario, Stage } from "../contract.ts";
import { keyFile, makeEverything, writePapers } from "./beginnings.ts";

const wanted = "paper-2.bin";

function isSame(stage: Stage): string | undefined {
  try {
    const [before, after] = [join(stage.folder, "papers", wanted), join(stage.folder, "back", wanted)].map((path) => readFileSync(path));
    return before!.equals(after!) ? undefined : "the bytes differ";
  } catch (error) {
    return String(error);
  }
}

export const restoreFromShelf: Scenario = {
  name: "restore-from-shelf",
  what: "one file back from a volume that is not in the library: asked for, put into a mail slot, compared",
  prepare: async (stage) => {
    writePapers(stage, 3, 500_000);
    await makeEverything(stage, { cartridges: 2 });
    await stage.run(["archive", "run", "papers"]);
    await stage.run(["library", "export", "vtl", "SR0001L8", "--why", "to the shelf"]);
    await stage.carry("to-shelf", ["SR0001L8"]);
    await stage.run(["library", "show", "vtl"]);
  },
  steps: (stage) => [
    {
      kind: "act", view: "Archives", row: "papers", action: "restore", ends: "started",
      answers: [
        { question: "which paths", text: wanted },
        { question: "restore into which folder", text: join(stage.folder, "back") },
        { question: "file of the private key", text: keyFile(stage) },
        { question: "its passphrase", text: stage.passphrase, isSecret: true },
      ],
      confirms: ["SR0001L8"],
    },
    { kind: "see", view: "Today", row: "NEEDED SR0001L8", texts: ["NEEDED"] },
    { kind: "carry", way: "to-mail-slots", barcodes: ["SR0001L8"] },
    { kind: "see", view: "Jobs", row: "file restore papers ended", texts: ["file restore"] },
    { kind: "check", what: "the file is the same byte for byte", check: () => isSame(stage) },
  ],
};
