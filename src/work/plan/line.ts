import type { TarEntry } from "../../formats/tar/index.ts";

/** One entry that the snapshot will store: its tar header to be, where to read its content, what to compare next time. */
export interface PlanLine {
  /** Index into the plan's roots. */
  readonly root: number;
  /** Path below that root, bytes; `.` is the root itself. */
  readonly sourcePath: Uint8Array;
  readonly entry: TarEntry;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

/** Bytes and text of the same length: every byte becomes the character of that code, so that JSON carries any name and stays readable. */
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1");

interface LineJson {
  r: number;
  /** Source path, where it differs from the entry's. */
  s?: string;
  p: string;
  t: TarEntry["type"];
  m: number;
  u: number;
  g: number;
  o?: string;
  w?: string;
  mt: string;
  ct: string;
  i: string;
  z?: number;
  l?: string;
  d?: [number, number];
  x?: [string, string][];
  aa?: string;
  ad?: string;
  sp?: [number, number][];
  dd?: [string, "d" | "s" | "n"][];
}

/** One line of JSON without its newline, every character below U+0100: write it as latin1. */
export function encodePlanLine(line: PlanLine): string {
  const { entry } = line;
  const path = textOf(entry.path);
  const source = textOf(line.sourcePath);
  const json: LineJson = {
    r: line.root,
    p: path,
    t: entry.type,
    m: entry.mode,
    u: entry.uid,
    g: entry.gid,
    mt: String(entry.mtimeNs),
    ct: String(line.ctimeNs),
    i: String(line.inode),
  };
  if (source !== path) json.s = source;
  if (entry.owner !== "") json.o = textOf(Buffer.from(entry.owner));
  if (entry.group !== "") json.w = textOf(Buffer.from(entry.group));
  if (entry.sizeBytes !== 0) json.z = entry.sizeBytes;
  if (entry.linkTarget) json.l = textOf(entry.linkTarget);
  if (entry.device) json.d = [entry.device.major, entry.device.minor];
  if (entry.xattrs) json.x = entry.xattrs.map(({ name, value }) => [textOf(name), textOf(value)]);
  if (entry.aclAccess !== undefined) json.aa = entry.aclAccess;
  if (entry.aclDefault !== undefined) json.ad = entry.aclDefault;
  if (entry.sparseMap) json.sp = entry.sparseMap.map(({ offsetBytes, lengthBytes }) => [offsetBytes, lengthBytes]);
  if (entry.dumpdir) json.dd = entry.dumpdir.map(({ name, kind }) => [textOf(name), dumpdirLetters[kind]]);
  return JSON.stringify(json);
}

/** The reverse of encodePlanLine. The plan is our own file, written whole before it was named; it is not checked again. */
export function decodePlanLine(text: string): PlanLine {
  const json = JSON.parse(text) as LineJson;
  const path = bytesOf(json.p);
  const entry: TarEntry = {
    path,
    type: json.t,
    mode: json.m,
    uid: json.u,
    gid: json.g,
    owner: json.o === undefined ? "" : Buffer.from(json.o, "latin1").toString(),
    group: json.w === undefined ? "" : Buffer.from(json.w, "latin1").toString(),
    mtimeNs: BigInt(json.mt),
    sizeBytes: json.z ?? 0,
    ...(json.l === undefined ? {} : { linkTarget: bytesOf(json.l) }),
    ...(json.d === undefined ? {} : { device: { major: json.d[0], minor: json.d[1] } }),
    ...(json.x === undefined ? {} : { xattrs: json.x.map(([name, value]) => ({ name: bytesOf(name), value: bytesOf(value) })) }),
    ...(json.aa === undefined ? {} : { aclAccess: json.aa }),
    ...(json.ad === undefined ? {} : { aclDefault: json.ad }),
    ...(json.sp === undefined
      ? {}
      : { sparseMap: json.sp.map(([offsetBytes, lengthBytes]) => ({ offsetBytes, lengthBytes })) }),
    ...(json.dd === undefined
      ? {}
      : { dumpdir: json.dd.map(([name, letter]) => ({ name: bytesOf(name), kind: dumpdirKinds[letter] })) }),
  };
  return {
    root: json.r,
    sourcePath: json.s === undefined ? path : bytesOf(json.s),
    entry,
    ctimeNs: BigInt(json.ct),
    inode: BigInt(json.i),
  };
}

const dumpdirLetters = { directory: "d", stored: "s", "not-stored": "n" } as const;
const dumpdirKinds = { d: "directory", s: "stored", n: "not-stored" } as const;
