import { execFileSync } from "node:child_process";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createZstdFramer, createZstdUnframer, emptyFrame } from "../../../src/formats/zstd/index.ts";

const KiB = 1024;

function noise(lengthBytes: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: lengthBytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function prose(lengthBytes: number): Uint8Array {
  const words = ["tape ", "drive ", "slot ", "library ", "segment ", "seal ", "volume ", "2031\n"];
  let text = "";
  for (const octet of noise(lengthBytes / 4, 7)) text += words[octet & 7]!;
  return Buffer.from(text.slice(0, lengthBytes));
}

function frames(stretches: readonly Uint8Array[], level: number | undefined = 3): Buffer[] {
  const all: Buffer[] = [];
  const framer = createZstdFramer({
    level,
    sink: (pieces) => {
      all.push(Buffer.concat(pieces));
    },
  });
  for (const stretch of stretches) framer.frame(stretch);
  return all;
}

function unframe(packed: Uint8Array, stepBytes = packed.length, frameBytesMax?: number): Buffer {
  const pieces: Buffer[] = [];
  const sink = (content: Uint8Array): void => {
    pieces.push(Buffer.from(content));
  };
  const unframer = createZstdUnframer(frameBytesMax === undefined ? { sink } : { sink, frameBytesMax });
  for (let at = 0; at < packed.length; at += stepBytes) unframer.push(packed.subarray(at, at + stepBytes));
  unframer.finish();
  return Buffer.concat(pieces);
}

const zstd = (args: readonly string[], input: Uint8Array): Buffer =>
  execFileSync("zstd", ["-q", "-c", ...args], { input, maxBuffer: 256 * KiB * KiB });

describe("the framer", () => {
  const stretches = [
    noise(1),
    noise(128 * KiB),
    prose(300 * KiB),
    noise(128 * KiB + 1),
    Buffer.alloc(500 * KiB),
    noise(5000 * KiB),
    prose(5000 * KiB),
    noise(17),
  ];

  it.each([3, 19, undefined])("at level %s makes what zstd itself unpacks, and our reader too", (level) => {
    const packed = Buffer.concat(frames(level === 19 ? stretches.slice(0, 4) : stretches, level));
    const plain = Buffer.concat(level === 19 ? stretches.slice(0, 4) : stretches);
    expect(zstd(["-d"], packed).equals(plain)).toBe(true);
    expect(unframe(packed).equals(plain)).toBe(true);
  });

  it("leaves dense data alone at three bytes per 128 KiB, without copying it", () => {
    const stretch = noise(1024 * KiB);
    const pieces: Uint8Array[] = [];
    createZstdFramer({
      level: 3,
      sink: (frame) => {
        pieces.push(...frame);
      },
    }).frame(stretch);
    expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(stretch.length + 9 + 8 * 3);
    expect(pieces.filter((piece) => piece.buffer === stretch.buffer)).toHaveLength(8);
  });

  it("compresses what pays, also right after a long run of dense data", () => {
    const made = frames([...Array.from({ length: 40 }, (_, seed) => noise(64 * KiB, seed)), prose(64 * KiB)]);
    expect(made[39]!.length).toBeGreaterThan(64 * KiB);
    expect(made[40]!.length).toBeLessThan(32 * KiB);
  });

  it("finds repeats in dense bytes after a while, and never makes a frame longer than raw blocks are", () => {
    const repeated = Buffer.concat(Array.from({ length: 64 }, () => noise(4 * KiB)));
    expect(Math.min(...frames(Array.from({ length: 17 }, () => repeated)).map((frame) => frame.length))).toBeLessThan(
      repeated.length / 4,
    );
    for (const frame of frames([noise(100), noise(200 * KiB)])) expect(frame.length).toBeLessThanOrEqual(200 * KiB + 9 + 6);
  });

  it("has a frame for nothing at all, which zstd takes where it refuses no frames", () => {
    expect(execFileSync("zstd", ["-d", "-q"], { input: emptyFrame })).toHaveLength(0);
    expect(() => execFileSync("zstd", ["-d", "-q"], { input: "", stdio: "pipe" })).toThrow();
    expect(unframe(emptyFrame)).toHaveLength(0);
  });

  it("cuts a long stretch into frames of 4 MiB, which state their size", () => {
    const made = frames([noise(9 * KiB * KiB)], undefined);
    expect(made.map((frame) => frame.readUInt32LE(5))).toEqual([4 * KiB * KiB, 4 * KiB * KiB, KiB * KiB]);
    expect(frames([new Uint8Array(0)])).toEqual([]);
  });
});

describe("the unframer", () => {
  const plain = Buffer.concat([prose(400 * KiB), noise(200 * KiB), Buffer.alloc(300 * KiB, 7)]);

  it.each([
    ["-1", "--check"],
    ["-3", "--no-check"],
    ["-19", "--no-content-size"],
    ["--fast=5"],
    ["-3", "--long=24"],
    ["-3", "-B65536", "-T2"],
  ])("reads what zstd %s %s makes", (...args) => {
    expect(unframe(zstd(args.filter(Boolean), plain), 1000).equals(plain)).toBe(true);
  });

  it("reads any row of frames, split anywhere", () => {
    const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
    const packed = Buffer.concat([
      ...frames([prose(3000), noise(2000), noise(1)]),
      skippable,
      zstd(["--check"], noise(10)),
      zstd([], new Uint8Array(0)),
      skippable,
    ]);
    const whole = Buffer.concat([prose(3000), noise(2000), noise(1), noise(10)]);
    expect(zstdDecompressSync(packed).equals(whole)).toBe(true);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: packed.length }), (stepBytes) => {
        expect(unframe(packed, stepBytes).equals(whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(unframe(packed, 1).equals(whole)).toBe(true);
    expect(unframe(new Uint8Array(0)).length).toBe(0);
  });

  it("says so when anything is missing or is no frame", () => {
    const packed = Buffer.concat(frames([prose(3000), noise(1000)]));
    const first = frames([prose(3000)])[0]!.length;
    for (let length = 1; length < packed.length; length += 7) {
      if (length !== first)
        {expect(() => unframe(packed.subarray(0, length))).toThrow(expect.objectContaining({ code: "ZSTD_DAMAGED" }));}
    }
    expect(() => unframe(Buffer.from("this is no frame"))).toThrow(expect.objectContaining({ code: "ZSTD_DAMAGED" }));
    expect(() => unframe(Buffer.concat([packed, Buffer.alloc(4)]))).toThrow(expect.objectContaining({ code: "ZSTD_DAMAGED" }));
  });

  it("never fails in another way, whatever it is given", () => {
    const packed = Buffer.concat(frames([prose(2000), noise(500)]));
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(packed.length - 1), value: fc.nat(255) }), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const damaged = Buffer.from(packed);
          for (const { at, value } of changes) damaged[at] = value;
          try {
            unframe(damaged, 100);
          } catch (error) {
            expect(["ZSTD_DAMAGED", "ZSTD_UNSUPPORTED"]).toContain((error as { code: unknown }).code);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("bounds what a frame may make of it, said or unsaid", () => {
    const bomb = zstdCompressSync(Buffer.alloc(8 * KiB * KiB));
    const stated = zstd(["--stream-size=8388608"], Buffer.alloc(8 * KiB * KiB));
    for (const frame of [bomb, stated, zstd(["--no-content-size"], Buffer.alloc(8 * KiB * KiB))]) {
      expect(() => unframe(frame, 100, KiB * KiB)).toThrow(expect.objectContaining({ code: "ZSTD_UNSUPPORTED" }));
      expect(unframe(frame, 100).length).toBe(8 * KiB * KiB);
    }
    // One byte in a raw block, under a window of 128 MiB.
    const wide = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x09, 0, 0, 0x61]);
    expect(zstdDecompressSync(wide).toString()).toBe("a");
    expect(() => unframe(wide)).toThrow(expect.objectContaining({ code: "ZSTD_UNSUPPORTED" }));
  });

  it("refuses a frame that needs a dictionary", () => {
    expect(() => unframe(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 0x07, 0x01, 0x09, 0, 0, 0x61]))).toThrow(
      expect.objectContaining({ code: "ZSTD_UNSUPPORTED" }),
    );
  });
});
