import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { createDiscardingStore } from "../../simulator/storage/index.ts";

const sha256 = (...blocks: readonly Uint8Array[]): string => blocks.reduce((hash, block) => hash.update(block), createHash("sha256")).digest("hex");
const block = (fill: number, sizeBytes = 1000): Uint8Array => new Uint8Array(sizeBytes).fill(fill);

it("forgets content, keeps sizes, order and the hash of each tape file", async () => {
  const store = createDiscardingStore({ hashes: true });
  await store.append(block(1));
  await store.append(block(2, 10));
  await store.appendFilemarks(2);
  await store.append(block(3));
  expect(store.index.objectCount).toBe(5);
  expect(store.fileDigests()).toEqual([sha256(block(1), block(2, 10)), sha256(), sha256(block(3))]);
  const target = block(9, 20);
  await store.read(1, target);
  expect([...target]).toEqual([...block(0, 10), ...block(9, 10)]);
});

it("tells no hash of a file that was cut in the middle, and a new one of a file that begins anew", async () => {
  const store = createDiscardingStore({ hashes: true });
  for (const fill of [1, 2, 3]) await store.append(block(fill));
  await store.appendFilemarks(1);
  await store.sync();
  await store.append(block(4));
  await store.append(block(5));
  await store.dropUnsynced();
  await store.append(block(6));
  expect(store.fileDigests()).toEqual([sha256(block(1), block(2), block(3)), sha256(block(6))]);
  await store.truncate(2);
  await store.append(block(7));
  expect(store.fileDigests()).toEqual([undefined]);
  await store.truncate(0);
  await store.append(block(8));
  expect(store.fileDigests()).toEqual([sha256(block(8))]);
});

it("gives back what its generator makes, terabytes from its beginning, without holding anything", async () => {
  const content = (objectNumber: number, target: Uint8Array): void => { target.fill(objectNumber & 0xff); };
  const store = createDiscardingStore({ content, hashes: false });
  const one = block(0, 8 * 2 ** 20);
  for (let number = 0; number < 200_000; number += 1) await store.append(one);
  expect(store.index.dataBytes).toBe(200_000 * 8 * 2 ** 20);
  expect([...store.index.runs()]).toHaveLength(1);
  const target = new Uint8Array(16);
  await store.read(199_999, target);
  expect([...target]).toEqual([...block(199_999 & 0xff, 16)]);
  expect(store.fileDigests()).toEqual([undefined]);
});
