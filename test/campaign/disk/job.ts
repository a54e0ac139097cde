import { cpSync, existsSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { proofPassphrase, ProofAppliance } from "../../support/proof-appliance.ts";
import { makeProofTree } from "../../support/proof-tree.ts";

/** One command of the job that is disturbed. */
export interface DiskStep {
  readonly name: string;
  /** As it is to be given now. */
  readonly line: readonly string[];
  /** A warning means that something is missing, so the command is given again. */
  readonly isWholeOrNothing?: boolean;
}

export const archive = "docs";
export const volumes = ["ONE00001", "TWO00001"] as const;
/** Whoever is asked for another volume has two folders more, on disks of their own. */
export const pools = ["one", "two"] as const;

/**
 * The whole life of a small appliance, as commands: made, keys, two pools with a volume each, an archive, a run, a run that takes everything
 * again, both volumes verified, metrics written, a part restored, the records made anew from the volumes. Everything that must outlast the power lies below
 * `disk`: state, exported keys, volumes, what is restored. The source does not, and nothing touches it: a file made anew between the plan and the reading
 * would rightly be told as changed.
 */
export class DiskJob {
  readonly disk: string;
  readonly appliance: DiskAppliance;
  readonly steps: readonly DiskStep[];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = realpathSync(folder);
    this.disk = join(this.#folder, "disk");
    this.appliance = new DiskAppliance(this.#folder);
    writeFileSync(join(this.#folder, "passphrase"), `${proofPassphrase}\n`, { mode: 0o600 });
    makeProofTree(this.source, { files: 24, largeBytes: 150_000 });
    const step = (name: string, line: readonly string[]): DiskStep => ({ name, line });
    const rebuildLine = (): readonly string[] => this.#rebuildLine();
    this.steps = [
      step("appliance-init", ["appliance", "init", "--name", "power"]),
      step("key-init", ["key", "init", "--export", join(this.disk, "keys"), "--passphrase-file", join(this.#folder, "passphrase")]),
      ...pools.map((pool) => step(`pool-create-${pool}`, ["pool", "create", pool, "--kind", "folder"])),
      ...pools.map((pool, at) => step(`volume-init-${pool}`, ["volume", "init", volumes[at]!, "--pool", pool, "--folder", join(this.disk, pool)])),
      step("archive-create", ["archive", "create", archive, "--source", this.source, ...pools.flatMap((pool) => ["--pool", pool]), "--segment-size", "96KiB"]),
      step("run-1", ["archive", "run", archive]),
      step("run-2", ["archive", "run", archive, "--full"]),
      ...pools.map((pool, at) => step(`verify-${pool}`, ["volume", "verify", volumes[at]!])),
      step("status", ["status", "--prometheus", join(this.disk, "metrics.prom")]),
      { ...step("restore", this.#restoreLine()), isWholeOrNothing: true },
      { name: "rebuild", get line() { return rebuildLine(); } },
    ];
  }

  get source(): string {
    return join(this.#folder, "source");
  }

  get target(): string {
    return join(this.#folder, "back");
  }

  /** Where the part is restored that must outlast the power. Without links, which the recording has no words for. */
  get keptTarget(): string {
    return join(this.disk, "back");
  }

  get keptPart(): string {
    return join(this.source, "large");
  }

  #restoreLine(): readonly string[] {
    return ["file", "restore", archive, basename(this.keptPart), "--to", this.keptTarget, ...this.appliance.keyOptions, "--when-exists", "replace"];
  }

  /** Whoever was asked for another volume has more than two. */
  #rebuildLine(): readonly string[] {
    const folders = readdirSync(this.disk).filter((name) => pools.some((pool) => name === pool || name.startsWith(`${pool}-`)));
    return ["appliance", "rebuild", ...this.appliance.keyOptions, ...folders.flatMap((name) => ["--from", join(this.disk, name)])];
  }

  /** Another volume for a pool that is asked for one; the barcode tells which. */
  spareVolume(pool: string): readonly string[] {
    let number = 2;
    while (existsSync(join(this.disk, `${pool}-${String(number)}`))) number += 1;
    return ["volume", "init", `${pool.toUpperCase()}0000${String(number)}`, "--pool", pool, "--folder", join(this.disk, `${pool}-${String(number)}`)];
  }

  /** What an operator does who is told that the folder for his keys is not empty, before any key is in use. */
  emptyKeysFolder(): void {
    for (const name of readdirSync(join(this.disk, "keys"))) rmSync(join(this.disk, "keys", name));
  }

  keep(name: string): void {
    cpSync(this.disk, join(this.#folder, name), { recursive: true, preserveTimestamps: true });
  }

  putBack(name: string): void {
    rmSync(this.disk, { recursive: true, force: true });
    cpSync(join(this.#folder, name), this.disk, { recursive: true, preserveTimestamps: true });
  }
}

/** The appliance of the job: its state and its keys lie on the disk that loses power. */
export class DiskAppliance extends ProofAppliance {
  override at(...parts: string[]): string {
    const [first = "", ...rest] = parts;
    return first === "state" || first === "keys" ? join(this.folder, "disk", first, ...rest) : join(this.folder, ...parts);
  }
}
