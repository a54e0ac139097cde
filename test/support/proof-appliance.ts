import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLibrary } from "../../simulator/index.ts";
import { openCatalog, openInventory, openStore } from "../../src/records/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { type Answer, inProcess, start, type Started, type Surroundings } from "./command-line.ts";

export interface ProofWishes {
  readonly cartridges?: number;
  readonly capacityBytes?: number;
  readonly drives?: number;
  readonly slots?: number;
}

/** The last line of `--json` output: the summary of a job, or how it failed. */
export type JsonLine = Readonly<Record<string, unknown>>;

const mebibyte = 1024 * 1024;
export const proofPassphrase = "a passphrase for proofs";

/** A whole appliance in a temporary folder, reached by its command line alone: library `vtl`, tape pool `vault`, folder pool `usb`. */
export class ProofAppliance {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  at(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  get library(): string {
    return this.at("lib");
  }

  get keyOptions(): readonly string[] {
    return ["--key", this.at("keys", "operations-private-key.asc"), "--passphrase-file", this.at("passphrase")];
  }

  async run(line: readonly string[], surroundings: Surroundings = {}): Promise<Answer> {
    return await inProcess(["--state", this.at("state"), ...line], surroundings);
  }

  start(line: readonly string[]): Started {
    return start(["--state", this.at("state"), ...line]);
  }

  /** The same, for what must work: anything but the expected exit code fails with everything that was said. */
  async must(line: readonly string[], code = 0): Promise<Answer> {
    const answer = await this.run(line);
    if (answer.code === code) return answer;
    throw new Error(`${line.join(" ")}: exit code ${String(answer.code)}, not ${String(code)}\n${answer.out}${answer.err}`);
  }

  /** The JSON document of a command, or the last record of a job. */
  async json(line: readonly string[], code = 0): Promise<JsonLine> {
    const { out } = await this.must([...line, "--json"], code);
    return out.startsWith("{\n") ? JSON.parse(out) as JsonLine : lastRecord(out);
  }

  async restore(archive: string, target: string, more: readonly string[] = [], code = 0): Promise<JsonLine> {
    return await this.json(["file", "restore", archive, "--to", target, ...this.keyOptions, "--owners", "by-number", ...more], code);
  }

  /** The records as they are on disk now. */
  records<T>(look: (records: { readonly catalog: ReturnType<typeof openCatalog>; readonly inventory: ReturnType<typeof openInventory> }) => T): T {
    const store = openStore(this.at("state", "strongroom.db"));
    try {
      return look({ catalog: openCatalog(store), inventory: openInventory(store) });
    } finally {
      store.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function lastRecord(out: string): JsonLine {
  return JSON.parse(out.trimEnd().split("\n").at(-1)!) as JsonLine;
}

export async function makeProofAppliance(wishes: ProofWishes = {}, name = "proof"): Promise<ProofAppliance> {
  const appliance = new ProofAppliance(mkdtempSync(join(tmpdir(), "strongroom-proof-")));
  const { cartridges = 6, capacityBytes = 4 * mebibyte, drives = 2, slots = 10 } = wishes;
  writeFileSync(appliance.at("passphrase"), `${proofPassphrase}\n`, { mode: 0o600 });
  const barcodes = Array.from({ length: cartridges }, (_, index) => `SR000${String(index + 1)}L8`);
  const library = await createLibrary(
    appliance.library,
    { drives, slots, mailSlots: 2, cartridges: barcodes.map((barcode) => ({ barcode, capacityBytes })) },
    systemRandom,
  );
  await library.close();
  const lines = [
    ["appliance", "init", "--name", name],
    ["key", "init", "--export", appliance.at("keys"), "--passphrase-file", appliance.at("passphrase")],
    ["library", "add", "vtl", "--simulator", appliance.library],
    ["pool", "create", "vault", "--kind", "tape", "--library", "vtl"],
    ["pool", "create", "usb", "--kind", "folder"],
  ];
  for (const line of lines) await appliance.must(line);
  return appliance;
}
