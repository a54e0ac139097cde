import { join } from "node:path";
import { makeAppliance } from "./appliance.ts";
import { type Bench, discardFolder, freshFolder, measureChild, mebibyte, seal, segmentSizeFor } from "./bench.ts";
import { incompressible, makeFiles, smallSizes, textLike } from "./data.ts";
import { type Cost, interleave, type Rounds } from "./measure.ts";

export type DataKind = "incompressible" | "text";

/** What was measured of one tree. */
export interface Measured {
  readonly title: string;
  readonly bytes: number;
  readonly rounds: Rounds;
}

const fileBytes = 8 * mebibyte;

/** Names of what is measured: rows of the table and keys of the JSON. */
export const ways = {
  seal: "seal",
  sealOcb: "seal, ocb",
  gpg: "tar | gpg --encrypt",
  gpgSign: "tar | gpg --sign --encrypt",
  zstdGpgSign: "tar | zstd -3 -T0 | gpg --sign --encrypt",
  open: "restore from the spool",
  gpgTar: "gpg -d | tar x",
  archive: "seal + place + verify, on a tape in memory",
  restore: "restore from that tape",
} as const;

/** Sealing alone, restoring alone, and what stock tools need for the same. */
export async function measureBulk(bench: Bench, kind: DataKind): Promise<Measured> {
  const { source, bytes } = makeSource(bench, kind);
  const { stock } = bench;
  const target = join(bench.folder, "restored");
  const open = async (): Promise<Cost> => {
    const spool = join(bench.folder, "spool");
    return await measureChild(bench, { job: "open", spool, keys: bench.keys, target: freshFolder(bench, "restored") });
  };
  const rounds = await interleave(
    bench.rounds,
    {
      [ways.gpgSign]: async () => await stock.signAndEncrypt(source),
      [ways.sealOcb]: async () => await seal(bench, source, bytes, "ocb"),
      [ways.zstdGpgSign]: async () => await stock.compressSignAndEncrypt(source),
      [ways.seal]: async () => await seal(bench, source, bytes, "mdc"),
      [ways.gpg]: async () => await stock.encrypt(source),
      [ways.open]: open,
      // Opens what `tar | gpg --encrypt` left: the fastest a user could have.
      [ways.gpgTar]: async () => await stock.restore(target),
    },
    sayCost(bench, kind, bytes),
  );
  for (const name of ["source", "spool", "restored"]) discardFolder(bench, name);
  return { title: `${kind}, ${gigabytes(bytes)} in files of ${String(fileBytes / mebibyte)} MiB`, bytes, rounds };
}

/** The whole way of an archive run and back, with records, journal, changer and drive. */
export async function measureAppliance(bench: Bench, kind: DataKind): Promise<Measured> {
  const { source, bytes } = makeSource(bench, kind);
  const folder = join(bench.folder, "appliance");
  const archive = async (): Promise<Cost> => {
    discardFolder(bench, "appliance");
    await makeAppliance({ folder, source, capacityBytes: bytes * 2 + 64 * mebibyte, segmentSizeBytes: segmentSizeFor(bytes) });
    return await measureChild(bench, { job: "archive", folder });
  };
  const restore = async (): Promise<Cost> => {
    return await measureChild(bench, { job: "restore", folder, target: freshFolder(bench, "restored") });
  };
  const rounds = await interleave(
    bench.rounds,
    {
      [ways.gpgSign]: async () => await bench.stock.signAndEncrypt(source),
      [ways.archive]: archive,
      [ways.restore]: restore,
    },
    sayCost(bench, kind, bytes),
  );
  for (const name of ["source", "appliance", "restored"]) discardFolder(bench, name);
  return { title: `${kind}, ${gigabytes(bytes)}, the whole appliance`, bytes, rounds };
}

export async function measureSmallFiles(bench: Bench): Promise<Measured> {
  const sizeOf = smallSizes();
  const source = freshFolder(bench, "source");
  const meanBytes = 10_240;
  bench.say(`making ${String(bench.smallFiles)} small files`);
  const { bytes, files } = makeFiles(source, bench.smallFiles * meanBytes, sizeOf, incompressible());
  const rounds = await interleave(
    bench.rounds,
    {
      [ways.gpgSign]: async () => await bench.stock.signAndEncrypt(source),
      [ways.seal]: async () => await seal(bench, source, bytes, "mdc"),
      [ways.sealOcb]: async () => await seal(bench, source, bytes, "ocb"),
    },
    sayCost(bench, "small files", bytes),
  );
  for (const name of ["source", "spool"]) discardFolder(bench, name);
  return { title: `${String(files)} incompressible files of 4 to 16 KiB, ${gigabytes(bytes)}`, bytes, rounds };
}

export interface MemoryFigure {
  readonly sealedBytes: number;
  readonly peakRssBytes: number;
}

/**
 * The peak of a process that seals ever more: the same 1 GB as 1, 5 and 20 sources side by side, each segment removed once it is
 * whole. Segments of 1 GiB, so that length of a segment counts too.
 */
export async function measureMemory(bench: Bench): Promise<readonly MemoryFigure[]> {
  const source = freshFolder(bench, "source");
  const { bytes } = makeFiles(source, 1e9, () => fileBytes, incompressible());
  const figures: MemoryFigure[] = [];
  for (const repeat of [1, 5, 20]) {
    const request = { source, repeat, keys: bench.keys, cipher: "mdc", segmentSizeBytes: 1024 * mebibyte, discard: true } as const;
    const cost = await measureChild(bench, { job: "seal", ...request, spool: freshFolder(bench, "spool") });
    bench.say(`sealing ${gigabytes(bytes * repeat)}: peak ${String(Math.round(cost.peakRssBytes! / 1e6))} MB`);
    figures.push({ sealedBytes: bytes * repeat, peakRssBytes: cost.peakRssBytes! });
  }
  for (const name of ["source", "spool"]) discardFolder(bench, name);
  return figures;
}

function makeSource(bench: Bench, kind: DataKind): { readonly source: string; readonly bytes: number } {
  const source = freshFolder(bench, "source");
  bench.say(`making ${gigabytes(bench.sizeBytes)} of ${kind} data`);
  const { bytes } = makeFiles(source, bench.sizeBytes, () => fileBytes, kind === "text" ? textLike() : incompressible());
  return { source, bytes };
}

function sayCost(bench: Bench, what: string, bytes: number): (name: string, cost: Cost) => void {
  return (name, { seconds }) => {
    bench.say(`${what}: ${name}: ${(bytes / 1e6 / seconds).toFixed(0)} MB/s`);
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
