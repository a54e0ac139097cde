import { availableParallelism, cpus } from "node:os";
import type { CatalogFigures } from "./catalog.ts";
import { type Cost, median, type Rounds, speedRatio } from "./measure.ts";
import { type DataKind, type Measured, type MemoryFigure, ways } from "./parts.ts";
import { limitOf, type Primitives } from "./peers.ts";
import type { SimulatorFigures } from "./simulator.ts";

/** Everything one run measured; what was left out is missing. */
export interface Results {
  readonly bulk: Partial<Record<DataKind, Measured>>;
  readonly appliance: Partial<Record<DataKind, Measured>>;
  primitives?: Primitives;
  small?: Measured;
  catalog?: CatalogFigures;
  simulator?: SimulatorFigures;
  memory?: readonly MemoryFigure[];
}

/** The one object of --json. Ratios above 1 mean that we are faster; each is the median of the ratios of interleaved rounds. */
export function figuresOf(results: Results, rounds: number): Record<string, unknown> {
  const { bulk, small, catalog, primitives, memory } = results;
  return {
    rounds,
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    ...(bulk.incompressible && primitives ? bulkRatios(bulk.incompressible, primitives) : {}),
    ...(bulk.text ? textRatios(bulk.text) : {}),
    ...(small ? { smallFilesVsTarGpg: ratio(small.rounds, ways.seal, ways.gpgSign) } : {}),
    ...(small ? { smallFilesOcbVsTarGpg: ratio(small.rounds, ways.sealOcb, ways.gpgSign) } : {}),
    ...(results.appliance.incompressible ? applianceRatios(results.appliance.incompressible) : {}),
    ...peakOf(results),
    ...(catalog ? catalogFigures(catalog) : {}),
    ...(results.simulator ?? {}),
    ...(memory ? { peakRssBySealedGB: memory.map(({ sealedBytes, peakRssBytes }) => [sealedBytes / 1e9, megabytes(peakRssBytes)]) } : {}),
    details: allMeasured(results).map(({ title, bytes, rounds: costs }) => ({
      title,
      ways: Object.fromEntries([...costs].map(([name, its]) => [name, summaryOf(its, bytes)])),
    })),
    ...(primitives ? { primitivesMBps: Object.fromEntries(Object.entries(primitives).map(([name, rate]) => [name, megabytes(rate as number)])) } : {}),
  };
}

function bulkRatios({ rounds, bytes }: Measured, primitives: Primitives): Record<string, number> {
  const sealRate = median(rounds.get(ways.seal)!.map(({ seconds }) => bytes / seconds));
  return {
    sealVsGpgSign: ratio(rounds, ways.seal, ways.gpgSign),
    sealVsGpg: ratio(rounds, ways.seal, ways.gpg),
    sealVsZstdGpgSign: ratio(rounds, ways.seal, ways.zstdGpgSign),
    sealOcbVsGpgSign: ratio(rounds, ways.sealOcb, ways.gpgSign),
    sealVsLimit: rounded(sealRate / limitOf(primitives)),
    restoreVsGpg: ratio(rounds, ways.open, ways.gpgTar),
  };
}

function textRatios({ rounds }: Measured): Record<string, number> {
  return {
    textSealVsGpgSign: ratio(rounds, ways.seal, ways.gpgSign),
    textSealVsGpg: ratio(rounds, ways.seal, ways.gpg),
    textSealVsZstdGpgSign: ratio(rounds, ways.seal, ways.zstdGpgSign),
    textSealOcbVsZstdGpgSign: ratio(rounds, ways.sealOcb, ways.zstdGpgSign),
    textRestoreVsGpg: ratio(rounds, ways.open, ways.gpgTar),
  };
}

function applianceRatios({ rounds }: Measured): Record<string, number> {
  return { archiveVsGpgSign: ratio(rounds, ways.archive, ways.gpgSign) };
}

function catalogFigures(catalog: CatalogFigures): Record<string, number> {
  return {
    catalogRows: catalog.rows,
    catalogRowsPerSecond: catalog.rowsPerSecond,
    catalogBytesPerRow: catalog.bytesPerRow,
    findNameMs: catalog.findNameMs,
    findPrefixMs: catalog.findPrefixMs,
    findNothingMs: catalog.findNothingMs,
    childrenRowsPerSecond: catalog.childrenRowsPerSecond,
  };
}

/** The highest peak of all processes that only sealed. */
function peakOf(results: Results): { readonly peakRssMB?: number } {
  const sealed = allMeasured(results).flatMap(({ rounds }) => [...(rounds.get(ways.seal) ?? []), ...(rounds.get(ways.sealOcb) ?? [])]);
  const peaks = [...sealed, ...(results.memory ?? [])].map(({ peakRssBytes }) => peakRssBytes ?? 0);
  return peaks.length === 0 ? {} : { peakRssMB: megabytes(Math.max(...peaks)) };
}

/** The tables for people. */
export function printFigures(results: Results, figures: Record<string, unknown>): void {
  for (const measured of allMeasured(results)) printTable(measured);
  if (results.primitives) {
    const rates = Object.entries(results.primitives).map(([name, rate]) => `${name} ${String(megabytes(rate as number))}`);
    console.log(`\nbare primitives of openssl, one core, MB/s: ${rates.join(", ")}`);
    console.log(`their sum on ${String(availableParallelism())} cores, one after the other: ${String(megabytes(limitOf(results.primitives)))} MB/s`);
  }
  console.log("");
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === "number" || typeof value === "string") console.log(`${name.padEnd(26)} ${String(value)}`);
  }
  for (const { sealedBytes, peakRssBytes } of results.memory ?? []) {
    console.log(`peak RSS after sealing ${(sealedBytes / 1e9).toFixed(0)} GB: ${String(megabytes(peakRssBytes))} MB`);
  }
}

function printTable({ title, bytes, rounds }: Measured): void {
  const peer = ways.gpgSign;
  console.log(`\n${title}`);
  console.log(`${"".padEnd(44)}    MB/s  CPU s/GB  peak RSS MB  x ${peer}`);
  for (const [name, costs] of rounds) {
    const { MBps, cpuSecondsPerGB, peakRssMB } = summaryOf(costs, bytes);
    const isOneWay = name !== ways.open && name !== ways.gpgTar && name !== ways.restore;
    const columns = [
      String(MBps).padStart(7),
      cpuSecondsPerGB.toFixed(2).padStart(9),
      String(peakRssMB ?? "").padStart(12),
      (isOneWay ? ratio(rounds, name, peer).toFixed(2) : "").padStart(8),
    ];
    console.log(`${name.padEnd(44)} ${columns.join(" ")}`);
  }
}

function summaryOf(costs: readonly Cost[], bytes: number) {
  const peaks = costs.flatMap(({ peakRssBytes }) => (peakRssBytes === undefined ? [] : [peakRssBytes]));
  return {
    MBps: megabytes(median(costs.map(({ seconds }) => bytes / seconds))),
    cpuSecondsPerGB: rounded(median(costs.map(({ cpuSeconds }) => (cpuSeconds / bytes) * 1e9))),
    ...(peaks.length === 0 ? {} : { peakRssMB: megabytes(Math.max(...peaks)) }),
  };
}

function allMeasured({ bulk, appliance, small }: Results): readonly Measured[] {
  return [bulk.incompressible, bulk.text, small, appliance.incompressible, appliance.text].filter((measured) => measured !== undefined);
}

function ratio(rounds: Rounds, name: string, peer: string): number {
  return rounded(speedRatio(rounds, name, peer));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
