import type { EntryType } from "../../formats/tar/index.ts";

/** What is compared between a walk and the last snapshot. The catalog's rows have these. */
export interface ComparedFacts {
  readonly type: EntryType;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

/**
 * Whether an entry is as the last snapshot has it. The ctime moves with every change of content, owner, mode or attributes and
 * cannot be set
 * back by a user, so equality of all five is trusted; a doubt costs one more reading.
 */
export function compareWithBase(entry: ComparedFacts, base: ComparedFacts): "unchanged" | "changed" {
  const same =
    entry.type === base.type &&
    entry.sizeBytes === base.sizeBytes &&
    entry.mtimeNs === base.mtimeNs &&
    entry.ctimeNs === base.ctimeNs &&
    entry.inode === base.inode;
  return same ? "unchanged" : "changed";
}
