import type { DirectoryItem } from "posix-entries";

/**
 * Remembers the first path of every file with several names, so that the later names become hard links. An entry is forgotten
 * when all its
 * names were met, so memory is bounded by the groups that are open at one time: about 200 bytes and a path for each, and at most
 * `groupsMax` of them; beyond that a name is stored as a file of its own, which loses no content.
 */
export class LinkGroups {
  readonly #groups = new Map<string, { readonly first: Uint8Array; left: number }>();
  readonly #groupsMax: number;
  #overflowed = false;

  constructor(groupsMax = 4_000_000) {
    this.#groupsMax = groupsMax;
  }

  /** True once a name could not be remembered. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** The first path of the same file; undefined when this is the first, which is then remembered. */
  meet(item: Pick<DirectoryItem, "device" | "inode" | "links">, path: Uint8Array): Uint8Array | undefined {
    if (item.links < 2) return undefined;
    const key = keyOf(item);
    const group = this.#groups.get(key);
    if (group) {
      group.left -= 1;
      if (group.left === 0) this.#groups.delete(key);
      return group.first;
    }
    if (this.#groups.size >= this.#groupsMax) this.#overflowed = true;
    else this.#groups.set(key, { first: Buffer.from(path), left: item.links - 1 });
    return undefined;
  }

  /** Takes back a first meeting whose entry could not be stored: the next name then stands for the file. */
  forget(item: Pick<DirectoryItem, "device" | "inode">): void {
    this.#groups.delete(keyOf(item));
  }
}

const keyOf = (item: Pick<DirectoryItem, "device" | "inode">): string => `${String(item.device)}:${String(item.inode)}`;
