import type { Scenario } from "../contract.ts";
import { makeEverything, writePapers } from "./beginnings.ts";

export const loadAndUnload: Scenario = {
  name: "load-and-unload",
  what: "a cartridge into a drive and back, by menu",
  prepare: async (stage) => {
    writePapers(stage, 1, 1000);
    await makeEverything(stage, { cartridges: 3 });
  },
  steps: () => [
    { kind: "act", view: "Library", row: "slot SR0002L8", action: "load into a drive", ends: "done" },
    { kind: "see", view: "Library", row: "drive 0 SR0002L8", texts: ["came from: slot 2"] },
    { kind: "act", view: "Library", row: "drive 0 SR0002L8", action: "unload", ends: "done" },
    { kind: "see", view: "Library", row: "slot SR0002L8", texts: ["SR0002L8"] },
    { kind: "see", view: "Library", row: "drive 0 empty", texts: ["drive 0"] },
  ],
};
