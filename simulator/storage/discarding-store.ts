/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { createHash, type Hash } from "node:crypto";
import { BlockIndex } from "./block-index.ts";
import type { CartridgeStore } from "./contract.ts";

export interface DiscardingStore extends CartridgeStore {
  /**
   * SHA-256 over all blocks of each tape file, the open one at the end of data included. Undefined where it cannot be told: nobody hashed it, or the
   * file was cut in the middle and written on.
   */
  fileDigests(): readonly (string | undefined)[];
}

export interface Discarding {
  /** Fills a block that is read: the same for the same object number each time. Zeros unless given. */
  readonly content?: (objectNumber: number, target: Uint8Array) => void;
  /** Whether blocks are hashed before they are forgotten: half a second a gigabyte. */
  readonly hashes: boolean;
}

/**
 * A cartridge that keeps the sizes and the order of its objects, and forgets what is in them: terabytes take as much memory as there are changes of the
 * block size. What was written comes back only where `content` makes the same.
 */
export function createDiscardingStore({ content, hashes }: Discarding): DiscardingStore {
  const index = new BlockIndex();
  let syncedObjects = 0;
  let digests: (string | undefined)[] = [];
  let open: Hash | undefined = hashes ? createHash("sha256") : undefined;
  const digestOfOpen = (): string | undefined => open?.copy().digest("hex");
  const cutTo = (objectNumber: number): void => {
    if (objectNumber >= index.objectCount) return;
    const files = index.filemarksBefore(objectNumber);
    const startsFile = objectNumber === 0 || index.filemarksBefore(objectNumber - 1) < files;
    index.truncate(objectNumber);
    digests = digests.slice(0, files);
    open = hashes && startsFile ? createHash("sha256") : undefined;
  };
  return {
    index,
    get syncedObjects() { return syncedObjects; },
    append: async (block) => {
      open?.update(block);
      index.append({ sizeBytes: block.length, count: 1 });
    },
    appendFilemarks: async (count) => {
      for (let mark = 0; mark < count; mark += 1) {
        digests.push(digestOfOpen());
        open = hashes ? createHash("sha256") : undefined;
      }
      index.append({ sizeBytes: 0, count });
    },
    read: async (objectNumber, target) => {
      const object = index.objectAt(objectNumber);
      if (object?.kind !== "block") return;
      const room = target.subarray(0, object.sizeBytes);
      if (content) content(objectNumber, room);
      else room.fill(0);
    },
    truncate: async (objectNumber) => {
      cutTo(objectNumber);
      syncedObjects = Math.min(syncedObjects, objectNumber);
    },
    sync: async () => { syncedObjects = index.objectCount; },
    dropUnsynced: async () => { cutTo(syncedObjects); },
    close: async () => undefined,
    fileDigests: () => [...digests, digestOfOpen()],
  };
}
