import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VolumeRecord } from "../../../src/records/index.ts";
import { passphraseBytes, quietly } from "../../support/appliance.ts";
import type { CommandBench, WatchedAppliance } from "./bench.ts";

/** One step of the reference job: what an operator asks for, and may ask for again after it failed. */
export interface ReferenceStep {
  readonly name: string;
  run(): Promise<void>;
}

export interface ReferenceJob {
  readonly watched: WatchedAppliance;
  readonly steps: readonly ReferenceStep[];
  /** The restored files of which a byte is not what was archived; those that are not there. */
  compare(): { readonly wrong: readonly string[]; readonly missing: readonly string[] };
  restore(): Promise<void>;
  volumes(): readonly VolumeRecord[];
}

/** A restore that came to its end and left something out, saying so. */
export class RestoreIncomplete extends Error {}

const fileBytes = 900_000;
export const libraryName = "vtl";
export const archiveName = "docs";
export const pools = ["one", "other"] as const;

/**
 * Two copies in two pools, spanning cartridges; a second snapshot behind the first; every volume verified; one exported by a mail slot, taken out, put back
 * and imported; everything restored. What is archived follows from nothing but the step.
 */
export async function beginReferenceJob(bench: CommandBench): Promise<ReferenceJob> {
  const watched = await bench.begin();
  const { operations, parts, folder, keyFile } = watched.appliance;
  const source = join(folder, "source");
  const back = join(folder, "back");
  mkdirSync(source, { recursive: true });
  for (let file = 0; file < 4; file += 1) writeFileSync(join(source, `file-${String(file)}`), bytesOf(`first ${String(file)}`, fileBytes));
  await operations.library.add({ name: libraryName, simulatorFolder: "/nowhere" });
  for (const pool of pools) await operations.pool.create({ name: pool, kind: "tape", library: libraryName });
  await operations.archive.create({
    name: archiveName, sources: [{ name: "source", path: source }], pools: [...pools], segmentSizeBytes: 512 * 1024, compression: "off",
  });
  const volumes = (): readonly VolumeRecord[] =>
    pools.flatMap((pool) => parts.inventory.volumesOfPool(pool)).filter(({ state }) => state !== "retired");
  const restore = async (): Promise<void> => {
    const { severity, problems, summary } = await operations.file.restore(
      {
        archive: archiveName, snapshot: undefined, paths: [], target: back, whenExists: "replace", owners: "none", includeDamaged: false, keyFile,
        passphrase: passphraseBytes,
      },
      quietly,
    );
    const lost = problems.filter((problem) => problem.severity === "err" || problem.severity === "fatal");
    if (lost.length > 0) throw new RestoreIncomplete(`${severity}: ${summary}; ${lost.map(({ code, text }) => `${code} ${text}`).join("; ")}`);
  };
  return {
    watched, volumes, restore,
    steps: [
      { name: "run", run: async () => { await operations.archive.run(archiveName, { full: false }, quietly); } },
      {
        name: "append",
        run: async () => {
          writeFileSync(join(source, "file-0"), bytesOf("second 0", fileBytes / 2));
          writeFileSync(join(source, "file-4"), bytesOf("second 4", fileBytes / 4));
          await operations.archive.run(archiveName, { full: false }, quietly);
        },
      },
      { name: "verify", run: async () => { for (const { barcode } of volumes()) await operations.volume.verify({ barcode }, quietly); } },
      { name: "export and import", run: async () => { await throughMailSlot(watched, volumes()[0]!.barcode); } },
      { name: "restore", run: restore },
    ],
    compare: () => differencesOf(source, join(back, "source"), back),
  };
}

/** Where a step was broken off, the cartridge lies wherever it was brought to: what is done already is not done again. */
async function throughMailSlot({ appliance, library: { hands } }: WatchedAppliance, barcode: string): Promise<void> {
  const { library } = appliance.operations;
  const where = async (): Promise<string | undefined> => (await hands.list()).find((one) => one.barcode === barcode)?.place.where;
  const before = await where();
  if (before !== "mailSlot" && before !== "shelf") await library.export(libraryName, [barcode], "to be looked at");
  if ((await where()) === "mailSlot") await hands.take(barcode);
  await hands.insert(barcode);
  await library.import(libraryName, "looked at");
}

function differencesOf(source: string, ...targets: readonly string[]): { readonly wrong: readonly string[]; readonly missing: readonly string[] } {
  const [wrong, missing]: [string[], string[]] = [[], []];
  for (const file of readdirSync(source)) {
    const restored = targets.map((target) => contentOf(join(target, file))).find((content) => content !== undefined);
    if (restored === undefined) missing.push(file);
    else if (!restored.equals(readFileSync(join(source, file)))) wrong.push(file);
  }
  return { wrong, missing };
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Bytes that follow from the words alone, and that do not compress. */
function bytesOf(words: string, sizeBytes: number): Buffer {
  return createHash("shake256", { outputLength: sizeBytes }).update(words).digest();
}
