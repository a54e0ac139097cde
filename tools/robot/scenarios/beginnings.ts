import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stage } from "../contract.ts";

/** Where private keys and passphrase of a stage are, as an operator would type it. */
export const keyFile = (stage: Stage): string => join(stage.folder, "keys", "operations-private-key.asc");

export async function makeAppliance(stage: Stage): Promise<void> {
  await stage.run(["appliance", "init", "--name", "vault"]);
}

export interface Stock {
  readonly cartridges: number;
  readonly slots?: number;
  readonly mailSlots?: number;
  readonly capacity?: string;
}

export async function makeLibrary(stage: Stage, { cartridges, slots = 10, mailSlots = 2, capacity = "64MiB" }: Stock): Promise<void> {
  const line = ["--cartridges", String(cartridges), "--slots", String(slots), "--mail-slots", String(mailSlots), "--capacity", capacity];
  await stage.run(["simulator", "create", stage.library, ...line]);
}

/** An appliance with keys, library, pool and archive, before its first snapshot. */
export async function makeEverything(stage: Stage, stock: Stock, archiveOptions: readonly string[] = []): Promise<void> {
  await makeAppliance(stage);
  const passphraseFile = join(stage.folder, "passphrase");
  writeFileSync(passphraseFile, `${stage.passphrase}\n`, { mode: 0o600 });
  await stage.run(["key", "init", "--export", join(stage.folder, "keys"), "--passphrase-file", passphraseFile]);
  await makeLibrary(stage, stock);
  await stage.run(["library", "add", "vtl", "--simulator", stage.library]);
  await stage.run(["pool", "create", "onsite", "--kind", "tape", "--library", "vtl"]);
  await stage.run(["archive", "create", "papers", "--source", join(stage.folder, "papers"), "--pool", "onsite", ...archiveOptions]);
}

/** Files that do not compress, the same on every machine. */
export function writePapers(stage: Stage, files: number, sizeBytes: number): void {
  const folder = join(stage.folder, "papers");
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= files; number += 1) writeFileSync(join(folder, `paper-${String(number)}.bin`), noise(number, sizeBytes));
}

function noise(seed: number, sizeBytes: number): Uint8Array {
  return createHash("shake256", { outputLength: sizeBytes }).update(`paper ${String(seed)}`).digest();
}

export async function snapshotIsComplete(stage: Stage): Promise<string | undefined> {
  const shown = await stage.run(["snapshot", "show", "papers", "--json"]).catch((error: unknown) => String(error));
  return shown.includes("\"state\": \"complete\"") ? undefined : shown;
}

/** The process of a job that runs and lives. */
export async function jobProcess(stage: Stage): Promise<number | undefined> {
  const { jobs } = JSON.parse(await stage.run(["job", "list", "--json"])) as { readonly jobs: readonly { readonly state: string; readonly process_id: number }[] };
  const number = jobs.find(({ state }) => state === "running")?.process_id;
  return number !== undefined && existsSync(`/proc/${String(number)}`) ? number : undefined;
}
