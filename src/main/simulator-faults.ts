import { type FaultHands, openLibrary } from "../../simulator/index.ts";
import type { SimulatorFaults } from "../cli/index.ts";
import { StrongroomError, systemRandom } from "../words/index.ts";
import { readRuleFile } from "./simulator-service.ts";

async function withFaults<T>(folder: string, work: (hands: FaultHands) => T): Promise<T> {
  const library = await openLibrary(folder, systemRandom);
  try {
    if (library.faultHands === undefined) throw new StrongroomError("internal", "FAULT_SHELF", "a library in a folder keeps no rules of faults");
    return work(library.faultHands);
  } finally {
    await library.close();
  }
}

/** Rules that wait in the folders of simulated libraries. */
export const simulatorFaults: SimulatorFaults = {
  add: (folder, rules) => withFaults(folder, (hands) => hands.add("text" in rules ? rules.text : readRuleFile(rules.file))),
  list: (folder) => withFaults(folder, (hands) => hands.list().map(({ rule }) => JSON.stringify(rule))),
  clear: (folder) => withFaults(folder, (hands) => hands.clear()),
  strikes: (folder) =>
    withFaults(folder, (hands) => hands.strikes().map(({ timeMs, lun, cdb, phase, effect }) => ({ timeMs, lun, cdb, phase, fault: effect.kind }))),
};
