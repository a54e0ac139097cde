import type { DumpdirName } from "../../formats/tar/index.ts";
import type { EntryRecord } from "../../records/index.ts";
import type { WalkedEntry, WalkedName } from "./planner.ts";

/** What the base knows of one directory: rows by name, those not seen yet. */
interface KnownDirectory {
  readonly path: string;
  readonly rows: Map<string, EntryRecord>;
}

/**
 * Compares a walk with an earlier snapshot, directory by directory, as the walk goes: holds the rows of the directories between the root and
 * where the walk stands, nothing more. What the walk passed without showing is gone, with everything below it.
 */
export class Comparison {
  readonly #childrenOf: (directory: Uint8Array) => readonly EntryRecord[];
  readonly #subtreeOf: (path: Uint8Array) => Iterable<EntryRecord>;
  readonly #onRetired: (row: EntryRecord) => void;
  readonly #stack: KnownDirectory[] = [];
  readonly #roots = new Map<string, EntryRecord>();

  constructor(
    childrenOf: (directory: Uint8Array) => readonly EntryRecord[],
    subtreeOf: (path: Uint8Array) => Iterable<EntryRecord>,
    onRetired: (row: EntryRecord) => void,
  ) {
    this.#childrenOf = childrenOf;
    this.#subtreeOf = subtreeOf;
    this.#onRetired = onRetired;
    for (const row of rootRows(childrenOf, subtreeOf)) this.#roots.set(keyOf(row.path), row);
  }

  /** Takes note of an entry of the walk. A changed one retires the row it replaces. */
  see(walked: WalkedEntry): "new" | "changed" | "unchanged" {
    const { entry } = walked;
    const path = keyOf(entry.path);
    const row = this.#takeRow(path);
    if (entry.type === "directory") this.#enter(path, entry.path, row, walked.names);
    if (!row) return "new";
    const isAsItWas = isSame(row, { ...walked, type: entry.type, sizeBytes: entry.sizeBytes, mtimeNs: entry.mtimeNs });
    const same = isAsItWas && !(entry.type === "directory" && this.#storesIn(walked.names));
    // The root of a source is stored in every snapshot, and so replaces its row in every snapshot.
    if (same && keyOf(walked.sourcePath) !== ".") return "unchanged";
    if (row.type === "directory" && entry.type !== "directory") this.#retireBelow(row);
    this.#onRetired(row);
    return same ? "unchanged" : "changed";
  }

  /**
   * Whether something in the directory just entered will be stored. tar makes such a file anew, which changes the directory's own time; so the
   * directory has to be stored with it, although it is as it was: a file that was written in place leaves its directory alone.
   */
  #storesIn(names: readonly WalkedName[] | undefined): boolean {
    const { rows } = this.#stack.at(-1)!;
    return (names ?? []).some((child) => {
      if (child.type === "directory") return false;
      const row = rows.get(keyOf(child.name));
      return row === undefined || !isSame(row, child);
    });
  }

  /** The listing that makes `tar --incremental` remove what is gone. To be asked right after `see` of that directory. */
  dumpdirOf(walked: WalkedEntry): readonly DumpdirName[] | undefined {
    if (walked.entry.type !== "directory" || walked.names === undefined) return undefined;
    const known = this.#stack.at(-1);
    return walked.names.map((child) => {
      if (child.type === "directory") return { name: child.name, kind: "directory" };
      const row = known?.rows.get(keyOf(child.name));
      return { name: child.name, kind: row && isSame(row, child) ? "not-stored" : "stored" };
    });
  }

  finish(): void {
    while (this.#stack.length > 0) this.#leave();
    for (const row of this.#roots.values()) this.#retire(row);
    this.#roots.clear();
  }

  #takeRow(path: string): EntryRecord | undefined {
    const slash = path.lastIndexOf("/");
    const parent = slash < 0 ? "." : path.slice(0, slash);
    while (this.#stack.length > 0 && this.#stack.at(-1)!.path !== parent) this.#leave();
    const known = this.#stack.at(-1);
    const rows = known?.rows ?? this.#roots;
    const name = known ? path.slice(slash + 1) : path;
    const row = rows.get(name);
    rows.delete(name);
    return row;
  }

  #enter(path: string, bytes: Uint8Array, row: EntryRecord | undefined, names: readonly WalkedName[] | undefined): void {
    const rows = new Map<string, EntryRecord>();
    // What cannot be read now is not gone: an unreadable directory keeps its rows by not being compared.
    if (row?.type === "directory" && names !== undefined) {
      for (const child of this.#childrenOf(bytes)) rows.set(nameOf(child.path), child);
    }
    this.#stack.push({ path, rows });
  }

  #leave(): void {
    for (const row of this.#stack.pop()!.rows.values()) this.#retire(row);
  }

  #retire(row: EntryRecord): void {
    if (row.type === "directory") this.#retireBelow(row);
    this.#onRetired(row);
  }

  #retireBelow(directory: EntryRecord): void {
    for (const row of this.#subtreeOf(directory.path)) if (row.id !== directory.id) this.#onRetired(row);
  }
}

const dot = Buffer.from(".");

/** `.` where the base had a single source, else the one-component paths of its sources. */
function rootRows(childrenOf: (directory: Uint8Array) => readonly EntryRecord[], subtreeOf: (path: Uint8Array) => Iterable<EntryRecord>): readonly EntryRecord[] {
  for (const first of subtreeOf(dot)) {
    if (keyOf(first.path) === ".") return [first];
    break;
  }
  return childrenOf(dot);
}

/** Bytes as a key: one character a byte. */
function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function nameOf(path: Uint8Array): string {
  const key = keyOf(path);
  return key.slice(key.lastIndexOf("/") + 1);
}

/**
 * A change of content, owner, mode, links or attributes changes ctime, which no program can set back; size, mtime and inode guard against a
 * clock that was set back. An entry that had trouble when it was read is always read again.
 */
function isSame(row: EntryRecord, now: Omit<WalkedName, "name">): boolean {
  return (
    row.condition === "intact" &&
    row.type === now.type &&
    row.sizeBytes === (now.type === "file" ? now.sizeBytes : row.sizeBytes) &&
    row.mtimeNs === now.mtimeNs &&
    row.ctimeNs === now.ctimeNs &&
    row.inode === now.inode
  );
}
