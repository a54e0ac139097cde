import { closeSync } from "node:fs";
import { makeDirectoryAt, openDirectoryAt } from "posix-entries";

const descriptorsMax = 64;
/** Until its own metadata come, and for directories that the archive does not describe: for the restoring user only. */
const newDirectoryMode = 0o700;

/** Open directories below the target, the most recently used ones, each opened from its parent without following links. */
export class OpenDirectories {
  readonly #rootFd: number;
  /** By path; the order of the map is the order of use. */
  readonly #descriptors = new Map<string, number>();
  readonly #held = new Set<number>();

  constructor(rootFd: number) {
    this.#rootFd = rootFd;
  }

  /**
   * The descriptor of the directory at `components`, valid until the next call. With `make`, missing ones are made.
   * @throws what the system says: ENOTDIR or ELOOP when a component is a link or no directory, ENOENT when one is missing.
   */
  open(components: readonly Buffer[], make: boolean): number {
    let key = keyOf(components);
    let depth = components.length;
    while (depth > 0 && !this.#descriptors.has(key)) {
      depth -= 1;
      key = key.slice(0, key.length - components[depth]!.length - 1);
    }
    let fd = depth === 0 ? this.#rootFd : this.#used(key);
    for (; depth < components.length; depth += 1) {
      const name = components[depth]!;
      const next = openOrMake(fd, name, make);
      key += `/${name.toString("latin1")}`;
      // The parent may be closed by this: its child is open already.
      this.#keep(key, next);
      fd = next;
    }
    return fd;
  }

  /** Calls back with the descriptor of a directory that stays open whatever else is opened meanwhile. */
  holding<T>(components: readonly Buffer[], act: (directoryFd: number) => T): T {
    const fd = this.open(components, false);
    this.#held.add(fd);
    try {
      return act(fd);
    } finally {
      this.#held.delete(fd);
    }
  }

  close(): void {
    for (const fd of this.#descriptors.values()) closeSync(fd);
    this.#descriptors.clear();
  }

  #used(key: string): number {
    const fd = this.#descriptors.get(key)!;
    this.#descriptors.delete(key);
    this.#descriptors.set(key, fd);
    return fd;
  }

  #keep(key: string, fd: number): void {
    this.#descriptors.set(key, fd);
    if (this.#descriptors.size <= descriptorsMax) return;
    for (const [oldest, oldestFd] of this.#descriptors) {
      if (this.#held.has(oldestFd)) continue;
      this.#descriptors.delete(oldest);
      closeSync(oldestFd);
      return;
    }
  }
}

const keyOf = (components: readonly Buffer[]): string => components.map((name) => `/${name.toString("latin1")}`).join("");

function openOrMake(parentFd: number, name: Buffer, make: boolean): number {
  try {
    return openDirectoryAt(parentFd, name);
  } catch (error) {
    if (!make || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    makeDirectoryAt(parentFd, name, newDirectoryMode);
    return openDirectoryAt(parentFd, name);
  }
}
