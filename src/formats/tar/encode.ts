import { isAscii, isUtf8 } from "node:buffer";
import { StrongroomError } from "../../words/index.ts";
import { blockBytes, closeHeader, type Field, field, octalMax, paddingBytes, putOctal } from "./block.ts";
import { encodeDumpdir } from "./dumpdir.ts";
import type { EntryType, TarEntry } from "./entry.ts";
import { paxBytes, paxBytesMax, type PaxRecord, putPaxRecords } from "./pax.ts";
import { encodeSparseMap, extentBytes } from "./sparse.ts";
import { paxTime } from "./time.ts";

const typeFlags: Readonly<Record<EntryType, number>> = {
  file: 0x30,
  hardlink: 0x31,
  symlink: 0x32,
  "character-device": 0x33,
  "block-device": 0x34,
  directory: 0x35,
  fifo: 0x36,
};
const extendedHeaderFlag = 0x78;
const nanosecondsOfSecond = 1_000_000_000n;
const slash = 0x2f;
const none = Buffer.alloc(0);

/** Bytes of content that follow the header, without padding: the size, or what the extents of a sparse file hold. */
export function storedSizeBytes(entry: TarEntry): number {
  if (entry.type !== "file") return 0;
  return entry.sparseMap ? extentBytes(entry.sparseMap) : entry.sizeBytes;
}

/**
 * The header of an entry, a whole number of blocks: an extended header when a ustar header cannot say everything, the ustar
 * header, and
 * for a sparse file its map, so that what follows is `storedSizeBytes` of content and padding to the next block.
 * The same entry gives the same bytes.
 *
 * @throws StrongroomError TAR_HEADER_TOO_LARGE when attributes or names of one entry take more than 64 MiB.
 */
export function encodeHeader(entry: TarEntry): Uint8Array {
  const map = entry.sparseMap ? encodeSparseMap(entry.sparseMap, entry.sizeBytes) : undefined;
  const name = fieldName(entry);
  const seconds = wholeSeconds(entry.mtimeNs);
  const fields: UstarFields = {
    split: splitName(name),
    name,
    link: entry.linkTarget ?? none,
    owner: asBytes(entry.owner),
    group: asBytes(entry.group),
    storedBytes: storedSizeBytes(entry) + (map?.length ?? 0),
    seconds,
  };
  const records = paxRecords(entry, fields);
  const extendedBytes = records.length === 0 ? 0 : paxBytes(records);
  if (extendedBytes > paxBytesMax) throw tooLarge();
  const dataAt = extendedBytes === 0 ? 0 : blockBytes;
  const headerAt = dataAt + extendedBytes + paddingBytes(extendedBytes);
  const bytes = Buffer.alloc(headerAt + blockBytes + (map?.length ?? 0));
  if (extendedBytes > 0) {
    putExtendedHeader(bytes, name, extendedBytes, Math.min(Math.max(seconds, 0), octalMax.mtime));
    putPaxRecords(bytes, dataAt, records);
  }
  putUstarHeader(bytes, headerAt, entry, fields);
  if (map) bytes.set(map, headerAt + blockBytes);
  return bytes;
}

/** More than any record takes beside its value: length, keyword and line end. */
const recordBytesAtMost = 64;

/** A bound for the length of what encodeHeader makes, without making it; exact where attributes, holes or listings decide. */
export function headerBytesAtMost(entry: TarEntry): number {
  const { path, linkTarget, owner, group } = entry;
  if (entry.sparseMap || entry.dumpdir || entry.xattrs || entry.aclAccess !== undefined || entry.aclDefault !== undefined) {
    return encodeHeader(entry).length;
  }
  // Time, size, owner and group by number, and the character set: six short records; names where they are long or not ASCII.
  const nameBytes = [path.length, linkTarget?.length ?? 0, 3 * owner.length, 3 * group.length];
  const recordsBytes = 6 * recordBytesAtMost + nameBytes.reduce((sum, bytes) => sum + (bytes > 0 ? bytes + recordBytesAtMost : 0), 0);
  return 2 * blockBytes + recordsBytes + paddingBytes(recordsBytes);
}

interface UstarFields {
  readonly name: Buffer;
  readonly split: number;
  readonly link: Uint8Array;
  readonly owner: Buffer;
  readonly group: Buffer;
  readonly storedBytes: number;
  readonly seconds: number;
}

/**
 * Directories end in a slash. A sparse file has a name of its own kind, so that a tar that knows no maps does not pass them off
 * as content.
 */
function fieldName(entry: TarEntry): Buffer {
  const path = asBuffer(entry.path);
  if (entry.type === "directory") {
    const named = Buffer.allocUnsafe(path.length + 1);
    named.set(path);
    named[path.length] = slash;
    return named;
  }
  if (!entry.sparseMap) return path;
  const cut = path.lastIndexOf(slash) + 1;
  return Buffer.concat([path.subarray(0, cut), Buffer.from("GNUSparseFile.0/"), path.subarray(cut)]);
}

/** Where a name is split into prefix and name: 0 for no prefix, -1 when a ustar header cannot hold it. */
function splitName(name: Buffer): number {
  if (!isAscii(name)) return -1;
  if (name.length <= field.name.bytes) return 0;
  // The slash itself is not stored; a directory's own slash must stay with its name.
  for (let at = Math.min(field.prefix.bytes, name.length - 2); at > 0 && name.length - at - 1 <= field.name.bytes; at -= 1) {
    if (name[at] === slash) return at;
  }
  return -1;
}

/** Everything that the ustar header cannot say, names first. */
function paxRecords(entry: TarEntry, fields: UstarFields): PaxRecord[] {
  const records = nameRecords(entry, fields);
  const text = (keyword: string, value: string): void => {
    records.push({ keyword, value: Buffer.from(value, "latin1") });
  };
  if (fields.storedBytes > octalMax.size) text("size", String(fields.storedBytes));
  if (entry.uid > octalMax.id) text("uid", String(entry.uid));
  if (entry.gid > octalMax.id) text("gid", String(entry.gid));
  if (!isOctalTime(fields.seconds, entry.mtimeNs)) text("mtime", paxTime(entry.mtimeNs));
  if (entry.sparseMap) {
    text("GNU.sparse.major", "1");
    text("GNU.sparse.minor", "0");
    text("GNU.sparse.realsize", String(entry.sizeBytes));
  }
  if (entry.aclAccess !== undefined) text("SCHILY.acl.access", entry.aclAccess);
  if (entry.aclDefault !== undefined) text("SCHILY.acl.default", entry.aclDefault);
  for (const { name, value } of entry.xattrs ?? []) records.push({ keyword: `SCHILY.xattr.${xattrKeyword(name)}`, value });
  if (entry.dumpdir) records.push({ keyword: "GNU.dumpdir", value: encodeDumpdir(entry.dumpdir) });
  return records;
}

function nameRecords(entry: TarEntry, fields: UstarFields): PaxRecord[] {
  const records: PaxRecord[] = [];
  const add = (keyword: string, value: Uint8Array): void => {
    records.push({ keyword, value });
  };
  if (fields.split < 0) add("path", fields.name);
  if (entry.sparseMap) add("GNU.sparse.name", entry.path);
  if (fields.link.length > field.linkName.bytes || !isAscii(fields.link)) add("linkpath", fields.link);
  if (fields.owner.length >= field.owner.bytes || !isAscii(fields.owner)) add("uname", fields.owner);
  if (fields.group.length >= field.group.bytes || !isAscii(fields.group)) add("gname", fields.group);
  // It rules the records that follow it, so it stands first.
  if (records.some(({ value }) => !isUtf8(value))) records.unshift({ keyword: "hdrcharset", value: Buffer.from("BINARY") });
  return records;
}

function isOctalTime(seconds: number, timeNs: bigint): boolean {
  return seconds >= 0 && seconds <= octalMax.mtime && BigInt(seconds) * nanosecondsOfSecond === timeNs;
}

/** A keyword ends at the first `=`, so GNU tar writes `%3D` for one in a name, and `%25` for the percent sign. */
function xattrKeyword(name: Uint8Array): string {
  return asBuffer(name).toString("latin1").replaceAll("%", "%25").replaceAll("=", "%3D");
}

function putExtendedHeader(bytes: Buffer, name: Buffer, extendedBytes: number, seconds: number): void {
  const end = name.at(-1) === slash ? name.length - 1 : name.length;
  const start = end === 0 ? 0 : name.lastIndexOf(slash, end - 1) + 1;
  const written = bytes.write("PaxHeaders/", 0, "latin1");
  // Only a tar older than 2001 shows this name; where the true one may hold anything, this one is kept printable.
  for (let at = start, to = written; at < end && to < field.name.bytes; at += 1, to += 1) {
    const byte = name[at]!;
    bytes[to] = byte > 0x20 && byte < 0x7f ? byte : 0x5f;
  }
  putOctal(bytes, 0, field.mode, 0o600);
  putOctal(bytes, 0, field.uid, 0);
  putOctal(bytes, 0, field.gid, 0);
  putOctal(bytes, 0, field.size, extendedBytes);
  putOctal(bytes, 0, field.mtime, seconds);
  bytes[field.type.at] = extendedHeaderFlag;
  closeHeader(bytes, 0);
}

function putUstarHeader(bytes: Buffer, at: number, entry: TarEntry, fields: UstarFields): void {
  if (fields.split > 0) {
    putBytes(bytes, at, field.prefix, fields.name.subarray(0, fields.split));
    putBytes(bytes, at, field.name, fields.name.subarray(fields.split + 1));
  } else {
    putBytes(bytes, at, field.name, fields.name);
  }
  putOctal(bytes, at, field.mode, entry.mode & 0o7777);
  // What does not fit is said by the extended header; the field is then 0 or the nearest.
  putOctal(bytes, at, field.uid, entry.uid > octalMax.id ? 0 : entry.uid);
  putOctal(bytes, at, field.gid, entry.gid > octalMax.id ? 0 : entry.gid);
  putOctal(bytes, at, field.size, fields.storedBytes > octalMax.size ? 0 : fields.storedBytes);
  putOctal(bytes, at, field.mtime, Math.min(Math.max(fields.seconds, 0), octalMax.mtime));
  bytes[at + field.type.at] = typeFlags[entry.type];
  putBytes(bytes, at, field.linkName, fields.link);
  // A cut name could be another account's: better none.
  if (fields.owner.length < field.owner.bytes) putBytes(bytes, at, field.owner, fields.owner);
  if (fields.group.length < field.group.bytes) putBytes(bytes, at, field.group, fields.group);
  putOctal(bytes, at, field.deviceMajor, deviceNumber(entry.device?.major));
  putOctal(bytes, at, field.deviceMinor, deviceNumber(entry.device?.minor));
  closeHeader(bytes, at);
}

function putBytes(bytes: Buffer, at: number, place: Field, value: Uint8Array): void {
  bytes.set(value.length > place.bytes ? value.subarray(0, place.bytes) : value, at + place.at);
}

function deviceNumber(value = 0): number {
  if (value <= octalMax.device) return value;
  // Linux has 12 bits of major and 20 of minor numbers, which fit.
  throw new StrongroomError("internal", "TAR_DEVICE_NUMBER", "a device number is larger than any device has");
}

function wholeSeconds(timeNs: bigint): number {
  const seconds = timeNs / nanosecondsOfSecond;
  return Number(timeNs < 0n && seconds * nanosecondsOfSecond !== timeNs ? seconds - 1n : seconds);
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asBytes = (text: string): Buffer => (text === "" ? none : Buffer.from(text));

function tooLarge(): StrongroomError {
  return new StrongroomError("failed", "TAR_HEADER_TOO_LARGE", "one entry has more than 64 MiB of names and attributes", {
    hint: "split the directory, or exclude it from the archive",
  });
}
