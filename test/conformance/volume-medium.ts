import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  objectChunks, type ObjectRole, packPlainTar, readWhole, streamOfBytes, type VolumeMedium,
} from "../../src/formats/volume/index.ts";

export interface MediumUnderTest {
  /** An empty medium of about that capacity; the same cartridge again with `reopen`. */
  open(capacityBytes: number): Promise<{ readonly medium: VolumeMedium; reopen(): Promise<VolumeMedium> }>;
}

const largestBytes = 64 * 1024 * 1024;

/** What every VolumeMedium guarantees (src/formats/volume/medium.ts). */
export function volumeMediumConformance(name: string, { open }: MediumUnderTest): void {
  describe(`volume medium: ${name}`, () => {
    it("has no objects when it is blank", async () => {
      const { medium } = await open(largestBytes);
      expect(await medium.countObjects()).toBe(0);
      expect(await medium.readObject(0)).toBe("end-of-data");
      await medium.close();
    });

    it("gives back objects of any size in any order", async () => {
      const { medium, reopen } = await open(largestBytes);
      const sizes = [1, 10_239, 512 * 1024, 512 * 1024 + 1, 3_000_000, 2 * 1024 * 1024];
      await writeAll(medium, sizes);
      await medium.close();
      const again = await reopen();
      expect(await again.countObjects()).toBe(sizes.length + 1);
      for (const number of [3, 1, 2, 6, 5, 4]) {
        expect(digestible(await take(again, number))).toBe(digestible(bytesOf(number, sizes[number - 1]!)));
      }
      expect(await again.readObject(sizes.length + 1)).toBe("end-of-data");
      await again.close();
    });

    it("cuts what it is given in any pieces to the same object", async () => {
      const { medium } = await open(largestBytes);
      await writeAll(medium, []);
      const bytes = bytesOf(1, 1_500_001);
      const writer = await medium.writeObject(1, "segment");
      for (let at = 0, step = 1; at < bytes.length; at += step, step = (step * 7) % 300_007 + 1) {
        expect(await writer.write(bytes.subarray(at, at + step))).toBe("written");
      }
      expect(await writer.finish()).toBe("finished");
      expect(digestible(await take(medium, 1))).toBe(digestible(bytes));
      await medium.close();
    });

    it("discards what was behind an object that is written again", async () => {
      const { medium } = await open(largestBytes);
      await writeAll(medium, [1000, 2000, 3000, 4000]);
      await put(medium, 2, "trailer", bytesOf(9, 500));
      expect(await medium.countObjects()).toBe(3);
      expect(digestible(await take(medium, 1))).toBe(digestible(bytesOf(1, 1000)));
      expect(digestible(await take(medium, 2))).toBe(digestible(bytesOf(9, 500)));
      expect(await medium.readObject(3)).toBe("end-of-data");
      await medium.close();
    });

    it("keeps the objects before one that was abandoned, and takes another in its place", async () => {
      const { medium } = await open(largestBytes);
      await writeAll(medium, [1000]);
      const writer = await medium.writeObject(2, "segment");
      await writer.write(bytesOf(5, 2_000_000));
      await writer.abandon();
      expect(await medium.countObjects()).toBe(2);
      await put(medium, 2, "seal", bytesOf(7, 77));
      expect(digestible(await take(medium, 1))).toBe(digestible(bytesOf(1, 1000)));
      expect(digestible(await take(medium, 2))).toBe(digestible(bytesOf(7, 77)));
      await medium.close();
    });

    it("answers full at the end of the medium, and a shorter object fits after abandon", async () => {
      const { medium } = await open(4 * 1024 * 1024);
      await writeAll(medium, [100_000]);
      const writer = await medium.writeObject(2, "segment");
      const chunk = bytesOf(3, 1024 * 1024);
      const results: string[] = [];
      for (let count = 0; count < 8 && results.at(-1) !== "full"; count += 1) results.push(await writer.write(chunk));
      expect(results.at(-1)).toBe("full");
      await writer.abandon();
      await put(medium, 2, "trailer", bytesOf(8, 20_000));
      expect(digestible(await take(medium, 2))).toBe(digestible(bytesOf(8, 20_000)));
      await medium.close();
    });

    it("has objects for good once it was synced, and not while one is open", async () => {
      const { medium, reopen } = await open(largestBytes);
      await writeAll(medium, [1000, 2000]);
      await medium.sync();
      await medium.sync();
      const writer = await medium.writeObject(3, "segment");
      await expect(medium.sync()).rejects.toMatchObject({ code: "OBJECT_OPEN" });
      await writer.abandon();
      await put(medium, 3, "segment", bytesOf(3, 3000));
      await medium.sync();
      await medium.close();
      const again = await reopen();
      expect(await again.countObjects()).toBe(4);
      expect(digestible(await take(again, 3))).toBe(digestible(bytesOf(3, 3000)));
      await again.close();
    });

    it("syncs what lies before an object that was given up, and what was written in the place of another", async () => {
      const { medium } = await open(largestBytes);
      await writeAll(medium, [1000, 2000, 3000]);
      await put(medium, 2, "trailer", bytesOf(9, 500));
      const writer = await medium.writeObject(3, "segment");
      await writer.write(bytesOf(5, 1_500_000));
      await writer.abandon();
      await medium.sync();
      expect(await medium.countObjects()).toBe(3);
      expect(digestible(await take(medium, 2))).toBe(digestible(bytesOf(9, 500)));
      await medium.close();
    });

    it("tells less room after writing", async () => {
      const { medium } = await open(largestBytes);
      const before = await medium.capacity();
      await writeAll(medium, [2_000_000]);
      const after = await medium.capacity();
      expect(after.totalBytes).toBeGreaterThanOrEqual(after.remainingBytes);
      expect(before.remainingBytes - after.remainingBytes).toBeGreaterThanOrEqual(2_000_000);
      await medium.close();
    });

    it("refuses a gap, and two open objects", async () => {
      const { medium } = await open(largestBytes);
      await expect(medium.writeObject(3, "segment")).rejects.toMatchObject({ code: "VOLUME_GAP" });
      await writeAll(medium, [10]);
      const writer = await medium.writeObject(2, "segment");
      await expect(medium.readObject(0)).rejects.toMatchObject({ code: "OBJECT_OPEN" });
      await writer.abandon();
      await medium.close();
    });

    it("can be left in the middle of an object", async () => {
      const { medium } = await open(largestBytes);
      await writeAll(medium, [4_000_000, 1000]);
      const reader = await medium.readObject(1);
      if (reader === "end-of-data") throw new Error("object 1 is missing");
      expect(await reader.read(Buffer.alloc(1024 * 1024))).toBeGreaterThan(0);
      await reader.close();
      expect(digestible(await take(medium, 2))).toBe(digestible(bytesOf(2, 1000)));
      await medium.close();
    });

    it("takes a note", async () => {
      const { medium } = await open(largestBytes);
      await medium.writeNote({ volumeUuid: "6f0c7a52-3f0e-4a8e-9d38-0a8a3b6f7c11", pool: "daily", writtenAtMs: 1.8e12 });
      await writeAll(medium, [10]);
      expect(await medium.countObjects()).toBe(2);
      await medium.close();
    });
  });
}

/** A bootstrap, then objects of those sizes. */
async function writeAll(medium: VolumeMedium, sizes: readonly number[]): Promise<void> {
  const bootstrap = packPlainTar([{ name: "README-FIRST.txt", ...streamOfBytes(Buffer.from("hello\n")) }], 1.8e12);
  await put(medium, 0, "bootstrap", (await readWhole(bootstrap.chunks(), bootstrap.sizeBytes))!);
  for (const [index, size] of sizes.entries()) await put(medium, index + 1, index % 2 === 0 ? "segment" : "seal", bytesOf(index + 1, size));
}

async function put(medium: VolumeMedium, number: number, role: ObjectRole, bytes: Uint8Array): Promise<void> {
  const writer = await medium.writeObject(number, role);
  expect(await writer.write(bytes)).not.toBe("full");
  expect(await writer.finish()).toBe("finished");
}

async function take(medium: VolumeMedium, number: number): Promise<Uint8Array> {
  const reader = await medium.readObject(number);
  if (reader === "end-of-data") throw new Error(`object ${String(number)} is missing`);
  return (await readWhole(objectChunks(reader), largestBytes))!;
}

function bytesOf(seed: number, sizeBytes: number): Uint8Array {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0, state = seed; at < sizeBytes; at += 1) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** Short enough to stand in a message. */
function digestible(bytes: Uint8Array): string {
  return `${String(bytes.length)} bytes ${createHash("sha256").update(bytes).digest("hex")}`;
}
