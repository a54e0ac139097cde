import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openOperations } from "../../src/main/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { createLibrary } from "../../simulator/index.ts";

export interface NewAppliance {
  /** Where the appliance, its library and its keys will be. */
  readonly folder: string;
  readonly source: string;
  readonly capacityBytes: number;
  readonly segmentSizeBytes: number;
}

export interface ArchiveRequest {
  readonly folder: string;
}

export interface RestoreRequest extends ArchiveRequest {
  readonly target: string;
}

const barcode = "BENCH1L9";

const passphrase = async (): Promise<Uint8Array> => await Promise.resolve(Buffer.from("bench"));
const quietly = { observer: { progress: () => undefined, event: () => undefined }, signal: new AbortController().signal };
const stateOf = (folder: string): string => join(folder, "state");

/**
 * A whole appliance with a simulated library of one drive and one cartridge in the same folder, which is memory when the folder is:
 * the drive is never what is waited for.
 */
export async function makeAppliance({ folder, source, capacityBytes, segmentSizeBytes }: NewAppliance): Promise<void> {
  mkdirSync(folder);
  const libraryFolder = join(folder, "library");
  const description = { drives: 1, slots: 1, mailSlots: 0, cartridges: [{ barcode, capacityBytes }] };
  await (await createLibrary(libraryFolder, description, systemRandom)).close();
  const { operations, close } = openOperations(stateOf(folder));
  try {
    await operations.appliance.init({ name: "bench", contacts: [] });
    await operations.key.init({ exportFolder: join(folder, "keys"), passphrase });
    await operations.library.add({ name: "memory", simulatorFolder: libraryFolder });
    await operations.pool.create({ name: "bench", kind: "tape", library: "memory" });
    await operations.volume.init({ barcode, pool: "bench" });
    await operations.archive.create({
      name: "bench",
      sources: [{ name: "data", path: source }],
      pools: ["bench"],
      segmentSizeBytes,
      verify: true,
    });
  } finally {
    await close();
  }
}

/** Seals, places and verifies everything. Returns the bytes of content. */
export async function archiveOnce({ folder }: ArchiveRequest): Promise<number> {
  const { operations, close } = openOperations(stateOf(folder));
  try {
    const run = await operations.archive.run("bench", { full: true }, quietly);
    if (run.severity !== "ok" && run.severity !== "note") throw new Error(run.summary);
    return run.snapshot.totals!.newContentBytes;
  } finally {
    await close();
  }
}

/** Fetches the newest snapshot from its volume, compares every segment with its seal, and restores all of it. */
export async function restoreOnce({ folder, target }: RestoreRequest): Promise<number> {
  const { operations, close } = openOperations(stateOf(folder));
  try {
    const keyFile = join(folder, "keys", "operations-private-key.asc");
    const request = { archive: "bench", snapshot: undefined, paths: [], target, whenExists: "refuse", owners: "by-number" } as const;
    const restored = await operations.file.restore({ ...request, includeDamaged: false, keyFile, passphrase }, quietly);
    if (restored.problems.length > 0) throw new Error(restored.problems[0]!.text);
    return restored.contentBytes;
  } finally {
    await close();
  }
}
