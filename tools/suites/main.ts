import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeEverything } from "./decoding.ts";
import { printDecodings, printTable } from "./report.ts";
import { rowsOf, type UnitKind } from "./rows.ts";
import { serve } from "./serve.ts";
import { runSuite, type SuiteResult } from "./suite.ts";
import { startTgt } from "./tgt.ts";

const kinds = Object.keys(rowsOf) as UnitKind[];
const folder = mkdtempSync(join(tmpdir(), "strongroom-conformance-"));
const keep = process.argv.slice(2).includes("--keep");

async function main(): Promise<boolean> {
  const disguise = buildDisguise();
  const ours = await judgeOurs(disguise);
  const tgt = await judgeTgt(disguise);
  let isSound = true;
  for (const kind of kinds) isSound = printTable(kind, ours.results.get(kind)!, tgt.get(kind)!) && isSound;
  return printDecodings(ours.decodings) && isSound;
}

function buildDisguise(): string {
  const file = join(folder, "any-unit.so");
  const source = new URL("any-unit.c", import.meta.url).pathname;
  const { status, stderr } = spawnSync(process.env["CC"] ?? "cc", ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", file, source, "-ldl"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`any-unit.c does not compile: ${stderr}`);
  return file;
}

async function judgeOurs(disguise: string) {
  const served = await serve();
  try {
    const { port, targets } = served.target;
    const url = (kind: UnitKind): string => `iscsi://127.0.0.1:${String(port)}/${targets[0]!}/${String(served.units[kind])}`;
    const results = await judge("ours", url, disguise);
    return { results, decodings: await decodeEverything(served.library.port(), served.units.tape, folder) };
  } finally {
    await served.close();
  }
}

async function judgeTgt(disguise: string): Promise<ReadonlyMap<UnitKind, SuiteResult>> {
  const tgt = await startTgt(join(folder, "tgt-files"));
  try {
    return await judge("tgt", tgt.url, disguise);
  } finally {
    await tgt.stop();
  }
}

async function judge(who: string, url: (kind: UnitKind) => string, disguise: string): Promise<ReadonlyMap<UnitKind, SuiteResult>> {
  const logs = join(folder, who);
  mkdirSync(logs);
  const results = new Map<UnitKind, SuiteResult>();
  for (const kind of kinds) results.set(kind, await runSuite({ kind, url: url(kind), disguise, logFile: join(logs, `${kind}.log`) }));
  return results;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  if (keep) console.log(`what the suites said is in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
