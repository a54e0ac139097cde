import { aclAccessAttribute, aclDefaultAttribute, aclToText } from "./acl.ts";
import { damaged } from "./damage.ts";
import { decodeDumpdir } from "./dumpdir.ts";
import type { EntryType, ExtendedAttribute, TarEntry } from "./entry.ts";
import type { RawHeader } from "./header.ts";
import type { PaxRecord } from "./pax.ts";
import { checkedExtents, decimal } from "./sparse.ts";
import { parsePaxTime } from "./time.ts";

/** What headers before the entry's own said about it. */
export interface Announced {
  /** GNU's `L` and `K`. */
  name?: Buffer;
  linkName?: Buffer;
  /** Of the extended header, in order. */
  records: readonly PaxRecord[];
}

export interface Interpreted {
  readonly entry: TarEntry;
  /** Bytes that follow in the stream, without padding. */
  readonly followingBytes: number;
  /** A GNU sparse 1.0 map stands before the data. */
  readonly mapFollows: boolean;
}

const types: Readonly<Record<string, EntryType>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  S: "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  D: "directory",
  "6": "fifo",
};
const nanosecondsOfSecond = 1_000_000_000n;
const idMax = 0xffff_ffff;
const slash = 0x2f;
const dot = 0x2e;

/** One entry from its header and all that was announced. Types that no standard knows are files, as POSIX asks. */
export function interpret(raw: RawHeader, announced: Announced): Interpreted {
  const pax = new Map(announced.records.map(({ keyword, value }) => [keyword, value as Buffer]));
  const number = (keyword: string): number | undefined => paxNumber(pax, keyword, raw.offset);
  const path = pax.get("GNU.sparse.name") ?? pax.get("path") ?? announced.name ?? raw.name;
  const type = typeOf(raw, path);
  const isFile = type === "file";
  const followingBytes = isFile || raw.type === "D" ? (number("size") ?? raw.size) : 0;
  const sizeBytes = isFile ? (number("GNU.sparse.realsize") ?? number("GNU.sparse.size") ?? followingBytes) : 0;
  const mapFollows = isFile && pax.get("GNU.sparse.major")?.toString("latin1") === "1";
  const map = isFile && !mapFollows ? announcedMap(announced.records, pax) : undefined;
  const entry: TarEntry = {
    path: cleanPath(path, raw.offset),
    type,
    mode: raw.mode & 0o7777,
    uid: id(number("uid") ?? raw.uid, raw.offset),
    gid: id(number("gid") ?? raw.gid, raw.offset),
    owner: (pax.get("uname") ?? raw.owner).toString(),
    group: (pax.get("gname") ?? raw.group).toString(),
    mtimeNs: paxMtime(pax, raw.offset) ?? BigInt(raw.mtimeSeconds) * nanosecondsOfSecond,
    sizeBytes,
    ...detailsOf(type, raw, pax, announced),
    ...attributes(announced.records, pax),
    ...(map ? { sparseMap: checkedExtents(map, sizeBytes, raw.offset) } : {}),
  };
  return { entry, followingBytes, mapFollows };
}

/** What only entries of one type have. */
function detailsOf(
  type: EntryType,
  raw: RawHeader,
  pax: ReadonlyMap<string, Buffer>,
  announced: Announced,
): Pick<TarEntry, "linkTarget" | "device" | "dumpdir"> {
  const link = pax.get("linkpath") ?? announced.linkName ?? raw.linkName;
  switch (type) {
    case "symlink":
      return { linkTarget: withoutNul(link, raw.offset) };
    case "hardlink":
      return { linkTarget: cleanPath(link, raw.offset) };
    case "character-device":
    case "block-device":
      return { device: { major: raw.deviceMajor, minor: raw.deviceMinor } };
    case "directory": {
      const dumpdir = pax.get("GNU.dumpdir");
      return dumpdir ? { dumpdir: decodeDumpdir(dumpdir, raw.offset) } : {};
    }
    case "file":
    case "fifo":
      return {};
  }
}

function typeOf(raw: RawHeader, path: Buffer): EntryType {
  const type = types[raw.type] ?? "file";
  // Before 1988 a directory was a file whose name ends in a slash.
  return type === "file" && raw.type !== "S" && path.at(-1) === slash ? "directory" : type;
}

/** The relative form that TarEntry promises; a leading `/` and `..` are left for whoever unpacks to judge. */
function cleanPath(path: Buffer, headerOffset: number): Uint8Array {
  let start = 0;
  while (path[start] === dot && path[start + 1] === slash) {
    start += 2;
    while (path[start] === slash) start += 1;
  }
  let end = path.length;
  while (end > start + 1 && path[end - 1] === slash) end -= 1;
  const clean = start >= end ? Buffer.from(".") : Buffer.from(path.subarray(start, end));
  return withoutNul(clean, headerOffset);
}

function withoutNul(bytes: Buffer, headerOffset: number): Buffer {
  if (bytes.includes(0)) throw damaged("a name holds a NUL", headerOffset);
  return Buffer.from(bytes);
}

function paxNumber(pax: ReadonlyMap<string, Buffer>, keyword: string, headerOffset: number): number | undefined {
  const value = pax.get(keyword);
  // An empty value takes a record back (POSIX.1-2017, pax).
  if (value === undefined || value.length === 0) return undefined;
  const number = decimal(value.toString("latin1", 0, 20));
  if (number === undefined) throw damaged(`an extended header has a ${keyword} that is no number`, headerOffset);
  return number;
}

function paxMtime(pax: ReadonlyMap<string, Buffer>, headerOffset: number): bigint | undefined {
  const value = pax.get("mtime");
  if (value === undefined || value.length === 0) return undefined;
  const time = parsePaxTime(value.toString("latin1", 0, 80));
  if (time === undefined) throw damaged("an extended header has a time that is no number", headerOffset);
  return time;
}

/** Old writers put -2 for nobody: the same 32 bits. */
function id(value: number, headerOffset: number): number {
  if (value > idMax || value < -0x8000_0000) throw damaged("an owner number is larger than any", headerOffset);
  return value >>> 0;
}

/** Sparse formats 0.0 (one record an offset, one a length) and 0.1 (one record). */
function announcedMap(records: readonly PaxRecord[], pax: ReadonlyMap<string, Buffer>): number[] | undefined {
  const map = pax.get("GNU.sparse.map");
  if (map) {
    return map
      .toString("latin1")
      .split(",")
      .map((part) => decimal(part) ?? Number.NaN);
  }
  if (!pax.has("GNU.sparse.offset")) return undefined;
  return records
    .filter(({ keyword }) => keyword === "GNU.sparse.offset" || keyword === "GNU.sparse.numbytes")
    .map(({ value }) => decimal((value as Buffer).toString("latin1", 0, 20)) ?? Number.NaN);
}

const schily = "SCHILY.xattr.";
const libarchive = "LIBARCHIVE.xattr.";
const selinux = "RHT.security.selinux";

function attributes(
  records: readonly PaxRecord[],
  pax: ReadonlyMap<string, Buffer>,
): Pick<TarEntry, "xattrs" | "aclAccess" | "aclDefault"> {
  const found = new Map<string, Buffer>();
  for (const { keyword, value } of records) {
    if (keyword.startsWith(schily)) {
      const name = keyword.slice(schily.length).replace(/%(25|3D)/g, (code) => (code === "%25" ? "%" : "="));
      found.set(name, value as Buffer);
    } else if (keyword.startsWith(libarchive)) {
      const name = keyword
        .slice(libarchive.length)
        .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      if (!found.has(name)) found.set(name, Buffer.from((value as Buffer).toString("latin1"), "base64"));
    } else if (keyword === selinux) {
      if (!found.has("security.selinux")) found.set("security.selinux", value as Buffer);
    }
  }
  const aclAccess = pax.get("SCHILY.acl.access")?.toString() ?? aclOf(found.get(aclAccessAttribute));
  const aclDefault = pax.get("SCHILY.acl.default")?.toString() ?? aclOf(found.get(aclDefaultAttribute));
  const xattrs: ExtendedAttribute[] = [];
  for (const [name, value] of found) {
    if (name === aclAccessAttribute || name === aclDefaultAttribute) continue;
    xattrs.push({ name: Buffer.from(name, "latin1"), value: Buffer.from(value) });
  }
  return {
    ...(xattrs.length > 0 ? { xattrs } : {}),
    ...(aclAccess === undefined ? {} : { aclAccess }),
    ...(aclDefault === undefined ? {} : { aclDefault }),
  };
}

const aclOf = (bytes: Buffer | undefined): string | undefined => (bytes ? aclToText(bytes) : undefined);
