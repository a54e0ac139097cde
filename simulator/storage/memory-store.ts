/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { BlockIndex } from "./block-index.ts";
import type { CartridgeStore } from "./contract.ts";

const extentBytes = 16 * 1024 * 1024;

/** A cartridge in memory, for measurements and tests: as fast as copying. It outlives closing as long as the object does. */
export function createMemoryStore(): CartridgeStore {
  const index = new BlockIndex();
  // Extents stay when the cartridge is written over, since fresh pages cost more than the copy itself.
  const extents: Uint8Array[] = [];
  let syncedObjects = 0;
  const eachPiece = (
    offsetBytes: number,
    sizeBytes: number,
    copy: (extent: Uint8Array, from: number, done: number, size: number) => void,
  ): void => {
    for (let done = 0; done < sizeBytes;) {
      const at = Math.floor((offsetBytes + done) / extentBytes);
      const from = (offsetBytes + done) % extentBytes;
      const size = Math.min(extentBytes - from, sizeBytes - done);
      while (extents.length <= at) extents.push(Buffer.allocUnsafeSlow(extentBytes));
      copy(extents[at]!, from, done, size);
      done += size;
    }
  };
  return {
    index,
    get syncedObjects() { return syncedObjects; },
    append: async (block) => {
      eachPiece(index.dataBytes, block.length, (extent, from, done, size) => {
        extent.set(size === block.length ? block : block.subarray(done, done + size), from);
      });
      index.append({ sizeBytes: block.length, count: 1 });
    },
    appendFilemarks: async (count) => {
      index.append({ sizeBytes: 0, count });
    },
    read: async (objectNumber, target) => {
      const object = index.objectAt(objectNumber);
      if (object?.kind !== "block") return;
      eachPiece(object.offsetBytes, Math.min(object.sizeBytes, target.length), (extent, from, done, size) => {
        target.set(extent.subarray(from, from + size), done);
      });
    },
    truncate: async (objectNumber) => {
      index.truncate(objectNumber);
      syncedObjects = Math.min(syncedObjects, objectNumber);
    },
    sync: async () => {
      syncedObjects = index.objectCount;
    },
    dropUnsynced: async () => {
      index.truncate(syncedObjects);
    },
    close: async () => undefined,
  };
}
