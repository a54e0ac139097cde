import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Bench, mebibyte } from "./bench.ts";
import { benchCatalog } from "./catalog.ts";
import { makeBenchKeys } from "./keys.ts";
import { Shell } from "./measure.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { measureAppliance, measureBulk, measureMemory, measureSmallFiles } from "./parts.ts";
import { primitives, StockTools } from "./peers.ts";
import { figuresOf, printFigures, type Results } from "./report.ts";
import { measureSimulator } from "./simulator.ts";
import { openWorkspace } from "./workspace.ts";

/** Source, spool and two outputs of peers at a time, and the rows of the catalog. */
function neededBytes({ sizeBytes, smallFiles, catalogRows, parts }: Options): number {
  const trees = Math.max(sizeBytes, smallFiles * 16_384, parts.includes("rss") ? 1.5e9 : 0);
  return trees * 4.5 + catalogRows * 400;
}

async function measureParts(bench: Bench, { parts }: Options): Promise<Results> {
  const results: Results = { bulk: {}, appliance: {} };
  for (const part of parts) {
    switch (part) {
      case "incompressible":
        results.primitives = primitives();
        results.bulk[part] = await measureBulk(bench, part);
        break;
      case "text":
        results.bulk[part] = await measureBulk(bench, part);
        break;
      case "small":
        results.small = await measureSmallFiles(bench);
        break;
      case "appliance":
        results.appliance.incompressible = await measureAppliance(bench, "incompressible");
        results.appliance.text = await measureAppliance(bench, "text");
        break;
      case "catalog":
        results.catalog = measureCatalog(bench);
        break;
      case "simulator":
        bench.say("the virtual library in this process, and a cartridge on virtual time");
        results.simulator = await measureSimulator(bench.rounds, Math.min(bench.sizeBytes, 1024 * mebibyte), bench.virtualFillBytes);
        break;
      case "rss":
        results.memory = await measureMemory(bench);
    }
  }
  return results;
}

function measureCatalog(bench: Bench): ReturnType<typeof benchCatalog> {
  const folder = join(bench.folder, "catalog");
  mkdirSync(folder);
  bench.say(`filling a catalog with ${String(bench.catalogRows)} rows`);
  return benchCatalog({ rows: bench.catalogRows, folder });
}

async function run(options: Options): Promise<void> {
  const workspace = openWorkspace(neededBytes(options));
  const shell = new Shell();
  let stock: StockTools | undefined;
  let stopped: NodeJS.Signals | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      stopped ??= signal;
      shell.stop();
    });
  }
  try {
    stock = new StockTools(workspace.folder, shell);
    const keys = join(workspace.folder, "keys");
    mkdirSync(keys);
    await makeBenchKeys(keys);
    const say = (line: string): void => {
      if (stopped) throw new Error(`stopped by ${stopped}`);
      console.error(line);
    };
    say(`working in ${workspace.folder}${workspace.isInMemory ? "" : ", which is not in memory: a disk is measured too"}`);
    const { folder } = workspace;
    const { rounds, sizeBytes, smallFiles, catalogRows, virtualFillBytes } = options;
    const bench: Bench = { folder, keys, shell, stock, rounds, sizeBytes, smallFiles, catalogRows, virtualFillBytes, say };
    const results = await measureParts(bench, options);
    const figures = figuresOf(results, rounds);
    if (options.json) console.log(JSON.stringify(figures, undefined, 2));
    else printFigures(results, figures);
  } catch (error) {
    if (!stopped) throw error;
    console.error(`bench: stopped by ${stopped}`);
    process.exitCode = 130;
  } finally {
    stock?.close();
    workspace.remove();
  }
}

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`bench: ${(error as Error).message}\n${usage}`);
  process.exit(2);
}
if (options) await run(options);
else console.log(usage);
