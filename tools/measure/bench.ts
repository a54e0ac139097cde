import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChildReport, ChildRequest } from "./child.ts";
import type { Cost, Shell } from "./measure.ts";
import type { StockTools } from "./peers.ts";

/** What every part of the measurement works with. */
export interface Bench {
  readonly folder: string;
  readonly keys: string;
  readonly shell: Shell;
  readonly stock: StockTools;
  readonly rounds: number;
  /** How much of each kind of data. */
  readonly sizeBytes: number;
  readonly smallFiles: number;
  readonly catalogRows: number;
  readonly virtualFillBytes: number;
  /** A line about what is going on. */
  readonly say: (line: string) => void;
}

export const mebibyte = 1024 * 1024;

/**
 * Sixteen segments of what is measured, so that two threads end together. An archive of many terabytes has as many of 4 GiB, and
 * neither size makes a byte faster.
 */
export function segmentSizeFor(totalBytes: number): number {
  return Math.max(4 * mebibyte, Math.ceil(totalBytes / 16 / mebibyte) * mebibyte);
}

/** Runs a job of ours in a process of its own and measures that from its start to its end. */
export async function measureChild(bench: Bench, request: ChildRequest): Promise<Cost> {
  const requestPath = join(bench.folder, "request.json");
  writeFileSync(requestPath, JSON.stringify(request));
  const child = join(import.meta.dirname, "child.ts");
  const root = join(import.meta.dirname, "../..");
  // As tools/strongroom starts the program.
  const command = `root='${root}'; . "$root/tools/runtime.sh"; '${process.execPath}' $STRONGROOM_NODE_OPTIONS '${child}' '${requestPath}'`;
  const { cost, output } = await bench.shell.measure(command);
  const { peakRssBytes } = JSON.parse(output) as ChildReport;
  return { ...cost, peakRssBytes };
}

/** An empty folder of that name in the workspace; what was in it is gone. */
export function freshFolder(bench: Bench, name: string): string {
  const path = join(bench.folder, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  return path;
}

export function discardFolder(bench: Bench, name: string): void {
  rmSync(join(bench.folder, name), { recursive: true, force: true });
}

/** Seals a tree into the folder `spool`, which stays until the next call. */
export async function seal(bench: Bench, source: string, totalBytes: number, cipher: "mdc" | "ocb"): Promise<Cost> {
  const spool = freshFolder(bench, "spool");
  const segmentSizeBytes = segmentSizeFor(totalBytes);
  return await measureChild(bench, { job: "seal", source, repeat: 1, keys: bench.keys, spool, cipher, segmentSizeBytes, discard: false });
}
