import { applianceOperations } from "./appliance.ts";
import { archiveOperations } from "./archives.ts";
import type { Operations } from "./contract.ts";
import { driveOperations } from "./drives.ts";
import { fileOperations } from "./files.ts";
import { jobOperations } from "./jobs.ts";
import { keyOperations } from "./keys.ts";
import { libraryOperations } from "./libraries.ts";
import type { OperationParts } from "./parts.ts";
import { poolOperations } from "./pools.ts";
import { snapshotOperations } from "./snapshots.ts";
import { volumeOperations } from "./volumes.ts";
import { Workshop } from "./workshop.ts";

export type * from "./contract.ts";
export type { NetworkLibraries, NetworkPlace, NetworkTarget, NetworkUnits, OperationParts } from "./parts.ts";
export { rebuildFolder, rebuildRecords } from "./rebuild.ts";
export { explainSense, explainTapeAlert, type TapeAlertExplanation } from "./sense-explanation.ts";
export { planSources } from "./sources.ts";

/** Everything an existing appliance can do. Making a new one needs no parts: see initAppliance in main. */
export type ExistingOperations = Omit<Operations, "appliance" | "device"> & { readonly appliance: Omit<Operations["appliance"], "init" | "adopt" | "rebuild"> };

export function createOperations(parts: OperationParts): ExistingOperations {
  const workshop = new Workshop(parts);
  const archive = archiveOperations(parts, workshop);
  return {
    appliance: applianceOperations(parts, workshop),
    key: keyOperations(parts, workshop),
    library: libraryOperations(parts, workshop),
    drive: driveOperations(parts, workshop),
    pool: poolOperations(parts),
    volume: volumeOperations(parts, workshop),
    archive,
    snapshot: snapshotOperations(parts),
    file: fileOperations(parts, workshop),
    job: jobOperations(parts, {
      // Which snapshot is gone on with, and whether it is full, is in the records.
      "archive run": async (name, options) => await archive.run(name, { full: false }, options),
    }),
    close: () => workshop.close(),
  };
}
