import { readFileSync } from "node:fs";

/** One thing that happened to the disk, as recorder.h writes it. Paths are below the watched folder. */
export type DiskEvent =
  | { readonly kind: "create" | "open"; readonly path: string; readonly inode: bigint; readonly mode: number }
  | { readonly kind: "write"; readonly path: string; readonly inode: bigint; readonly offset: number; readonly data: Uint8Array }
  | { readonly kind: "truncate"; readonly path: string; readonly inode: bigint; readonly sizeBytes: number }
  | { readonly kind: "rename" | "link"; readonly path: string; readonly to: string }
  | { readonly kind: "unlink"; readonly path: string }
  | { readonly kind: "mkdir"; readonly path: string; readonly mode: number }
  | { readonly kind: "sync"; readonly path: string; readonly inode: bigint }
  | { readonly kind: "sync-folder"; readonly path: string }
  /** Changes nothing, but may fail. */
  | { readonly kind: "read"; readonly path: string }
  /** Everything on the disk of this path, which is called by the first part of it. */
  | { readonly kind: "sync-all"; readonly path: string }
  | { readonly kind: "chmod"; readonly path: string; readonly mode: number };

const headBytes = 40;
const unknownKind = 12;

/** Throws for what the recorder saw and did not understand, and for a log that is cut off: a replay of it would prove nothing. */
export function readDiskLog(path: string): readonly DiskEvent[] {
  const log = readFileSync(path);
  const events: DiskEvent[] = [];
  for (let at = 0; at < log.length;) {
    if (log.length - at < headBytes) throw new Error("the log of the disk is cut off");
    const [kind, pathBytes, otherBytes, dataBytes] = [0, 4, 8, 12].map((field) => log.readUInt32LE(at + field)) as [number, number, number, number];
    const [inode, offset, mode] = [log.readBigUInt64LE(at + 16), Number(log.readBigUInt64LE(at + 24)), log.readUInt32LE(at + 32)];
    const [from, to, data] = [at + headBytes, at + headBytes + pathBytes, at + headBytes + pathBytes + otherBytes];
    at = data + dataBytes;
    if (at > log.length) throw new Error("the log of the disk is cut off");
    events.push(eventOf(kind, { path: log.toString("utf8", from, to), other: log.toString("utf8", to, data), data: log.subarray(data, at), inode, offset, mode }));
  }
  return events;
}

interface Fields {
  readonly path: string;
  readonly other: string;
  readonly data: Uint8Array;
  readonly inode: bigint;
  readonly offset: number;
  readonly mode: number;
}

function eventOf(kind: number, { path, other, data, inode, offset, mode }: Fields): DiskEvent {
  switch (kind) {
    case 1: return { kind: "create", path, inode, mode };
    case 2: return { kind: "open", path, inode, mode };
    case 3: return { kind: "write", path, inode, offset, data };
    case 4: return { kind: "truncate", path, inode, sizeBytes: offset };
    case 5: return { kind: "rename", path, to: other };
    case 6: return { kind: "link", path, to: other };
    case 7: return { kind: "unlink", path };
    case 8: return { kind: "mkdir", path, mode };
    case 9: return { kind: "sync", path, inode };
    case 10: return { kind: "sync-folder", path };
    case 11: return { kind: "chmod", path, mode };
    case 13: return { kind: "sync-all", path };
    case 14: return { kind: "read", path };
    case unknownKind: throw new Error(`the recorder does not understand ${other} on ${path}`);
    default: throw new Error(`the log of the disk has a record of kind ${String(kind)}`);
  }
}
