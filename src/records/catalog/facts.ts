import { StrongroomError } from "../../words/index.ts";
import type { EntryFacts, NewPiece } from "./contract.ts";

/**
 * What a row knows beyond its name, packed, because a column costs more than most of these values:
 *
 *     flags (1) | mode (2) | uid (varint) | gid (varint) | inode (4 or 8) | mtime (8 or 16) | ctime (8 or 16)
 *     | [length (8)] | [sha256 (32)]
 *
 * Flags: bits 0 to 2 the type; 3 has a piece at offset 0; 4 wide mtime; 5 wide ctime; 6 wide inode; 7 the piece's length is not
 * the size. Numbers are little-endian; times are nanoseconds since 1970, two's complement; varints are LEB128.
 */
export interface PackedFacts extends Pick<EntryFacts, "type" | "mode" | "uid" | "gid" | "mtimeNs" | "ctimeNs" | "inode"> {
  readonly piece: NewPiece | undefined;
}

const types = ["file", "directory", "symlink", "hardlink", "fifo", "character-device", "block-device"] as const;
const hasPiece = 0x08;
const wideMtime = 0x10;
const wideCtime = 0x20;
const wideInode = 0x40;
const ownLength = 0x80;

const sha256Bytes = 32;
const largestBytes = 128;
const maxUint32 = 0xffff_ffff;

/** Packs into one buffer that the next call uses again: the result is valid until then. */
export function factsPacker(): (entry: EntryFacts, piece: NewPiece | undefined) => Uint8Array {
  const bytes = new Uint8Array(largestBytes);
  const view = new DataView(bytes.buffer);
  return (entry, piece) => {
    let flags = types.indexOf(entry.type);
    view.setUint16(1, entry.mode & 0o7777, true);
    let at = putVarint(bytes, 3, entry.uid);
    at = putVarint(bytes, at, entry.gid);
    if (entry.inode > BigInt(maxUint32)) {
      flags |= wideInode;
      view.setBigUint64(at, entry.inode, true);
      at += 8;
    } else {
      view.setUint32(at, Number(entry.inode), true);
      at += 4;
    }
    if (!fitsInt64(entry.mtimeNs)) flags |= wideMtime;
    at = putTime(view, at, entry.mtimeNs, (flags & wideMtime) !== 0);
    if (!fitsInt64(entry.ctimeNs)) flags |= wideCtime;
    at = putTime(view, at, entry.ctimeNs, (flags & wideCtime) !== 0);
    if (piece !== undefined) {
      flags |= hasPiece;
      if (piece.lengthBytes !== entry.sizeBytes) {
        flags |= ownLength;
        view.setBigUint64(at, BigInt(piece.lengthBytes), true);
        at += 8;
      }
      bytes.set(checkedDigest(piece.sha256), at);
      at += sha256Bytes;
    }
    bytes[0] = flags;
    return bytes.subarray(0, at);
  };
}

export function unpackFacts(bytes: Uint8Array, sizeBytes: number): PackedFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(0);
  const uid = varint(bytes, 3);
  const gid = varint(bytes, uid.end);
  let at = gid.end;
  const inode = (flags & wideInode) !== 0 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
  at += (flags & wideInode) !== 0 ? 8 : 4;
  const mtimeNs = time(view, at, (flags & wideMtime) !== 0);
  at += (flags & wideMtime) !== 0 ? 16 : 8;
  const ctimeNs = time(view, at, (flags & wideCtime) !== 0);
  at += (flags & wideCtime) !== 0 ? 16 : 8;
  return {
    type: types[flags & 0x07] ?? "file",
    mode: view.getUint16(1, true),
    uid: uid.value,
    gid: gid.value,
    inode,
    mtimeNs,
    ctimeNs,
    piece: (flags & hasPiece) === 0 ? undefined : unpackPiece(bytes, view, at, (flags & ownLength) !== 0, sizeBytes),
  };
}

function unpackPiece(bytes: Uint8Array, view: DataView, at: number, hasLength: boolean, sizeBytes: number): NewPiece {
  const digestAt = hasLength ? at + 8 : at;
  return {
    offsetBytes: 0,
    lengthBytes: hasLength ? Number(view.getBigUint64(at, true)) : sizeBytes,
    sha256: new Uint8Array(bytes.subarray(digestAt, digestAt + sha256Bytes)),
  };
}

export function checkedDigest(digest: Uint8Array): Uint8Array {
  if (digest.length === sha256Bytes) return digest;
  throw new StrongroomError("internal", "DIGEST_INVALID", `a SHA-256 has 32 bytes, not ${String(digest.length)}`);
}

function fitsInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** 128 bits where 64 do not reach (before 1677, after 2262): no file system knows more. */
function putTime(view: DataView, at: number, timeNs: bigint, wide: boolean): number {
  view.setBigInt64(at, BigInt.asIntN(64, timeNs), true);
  if (!wide) return at + 8;
  view.setBigInt64(at + 8, BigInt.asIntN(64, timeNs >> 64n), true);
  return at + 16;
}

function time(view: DataView, at: number, wide: boolean): bigint {
  if (!wide) return view.getBigInt64(at, true);
  return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
}

function putVarint(bytes: Uint8Array, at: number, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > maxUint32) {
    throw new StrongroomError("internal", "OWNER_INVALID", `user and group numbers have 32 bits, not ${String(value)}`);
  }
  let rest = value;
  let end = at;
  while (rest >= 0x80) {
    bytes[end] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 0x80);
    end += 1;
  }
  bytes[end] = rest;
  return end + 1;
}

function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  let end = at;
  for (; end < bytes.length && bytes[end]! >= 0x80; end += 1) {
    value += (bytes[end]! & 0x7f) * scale;
    scale *= 0x80;
  }
  return { value: value + (bytes[end] ?? 0) * scale, end: end + 1 };
}
