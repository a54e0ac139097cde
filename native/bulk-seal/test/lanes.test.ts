import { execFileSync } from "node:child_process";
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { available, createLanes, createPortableLanes, type Lanes } from "../index.js";

const none = new Uint8Array(0);
const nothing = { mdc: none, message: none, contents: [], digests: none };

/** Bytes that differ everywhere, made without a generator that has state. */
function patterned(lengthBytes: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  for (let at = 0; at < lengthBytes; at++) bytes[at] = Math.imul(at + seed, 2654435761) >>> 21;
  return bytes;
}

function sha(algorithm: "sha1" | "sha256", bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash(algorithm).update(bytes).digest());
}

/** Cuts at random places, ends included; empty pieces too. */
const cuts = (lengthBytes: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(lengthBytes), { maxLength: 6 }).map((places) => [0, ...places.sort((a, b) => a - b), lengthBytes]);

const laneLengths = fc.record({
  cipher: fc.nat(1200),
  mdc: fc.nat(1200),
  message: fc.nat(1200),
  contents: fc.array(fc.nat(400), { maxLength: 5 }),
  offset: fc.nat(63),
  seed: fc.nat(1e6),
});
const laneCase = laneLengths.chain((lengths) =>
  fc.record({
    lengths: fc.constant(lengths),
    cipherCuts: cuts(lengths.cipher),
    mdcCuts: cuts(lengths.mdc),
    messageCuts: cuts(lengths.message),
  }),
);

function conformance(name: string, create: (key: Uint8Array) => Lanes): void {
  describe(name, () => {
    it.each(["encrypt", "decrypt"] as const)("%ss and hashes the same however the bytes are split", (direction) => {
      fc.assert(
        fc.property(laneCase, ({ lengths, cipherCuts, mdcCuts, messageCuts }) => {
          const key = patterned(32, lengths.seed);
          const slab = patterned(4096, lengths.seed + 1).subarray(lengths.offset);
          const [input, mdc, message] = [
            slab.subarray(0, lengths.cipher),
            slab.subarray(7, 7 + lengths.mdc),
            slab.subarray(9, 9 + lengths.message),
          ];
          const contents = lengths.contents.map((lengthBytes, index) => slab.subarray(index, index + lengthBytes));
          const output = new Uint8Array(input.length + 1);
          const digests = new Uint8Array(32 * contents.length);
          const lanes = create(key);
          const steps = Math.max(cipherCuts.length, mdcCuts.length, messageCuts.length) - 1;
          const piece = (bytes: Uint8Array, places: number[], step: number): Uint8Array =>
            bytes.subarray(places[step] ?? bytes.length, places[step + 1] ?? bytes.length);
          let digestsDone = 0;
          for (let step = 0; step < steps; step++) {
            // One content per step, cut in two; the rest in the last step.
            const due = step === steps - 1 ? contents.slice(step) : contents.slice(step, step + 1);
            const list = due.flatMap((content) => [
              content.subarray(0, content.length >> 1),
              content.subarray(content.length >> 1),
              null,
            ]);
            const ends = due.length * 32;
            lanes[direction](piece(input, cipherCuts, step), piece(output.subarray(1), cipherCuts, step), {
              mdc: piece(mdc, mdcCuts, step),
              message: piece(message, messageCuts, step),
              contents: list,
              digests: digests.subarray(digestsDone, digestsDone + ends),
            });
            digestsDone += ends;
          }
          const make = direction === "encrypt" ? createCipheriv : createDecipheriv;
          expect(output.subarray(1)).toEqual(new Uint8Array(make("aes-256-cfb", key, new Uint8Array(16)).update(input)));
          expect(lanes.mdc()).toEqual(sha("sha1", mdc));
          expect(lanes.messageDigest()).toEqual(sha("sha256", message));
          expect(digests).toEqual(new Uint8Array(Buffer.concat(contents.map((content) => sha("sha256", content)))));
          lanes.dispose();
        }),
        { numRuns: 150 },
      );
    });

    it("goes on after a digest was asked for", () => {
      const lanes = create(patterned(32, 1));
      const bytes = patterned(1000, 2);
      lanes.encrypt(none, none, { ...nothing, mdc: bytes.subarray(0, 333), message: bytes.subarray(0, 100) });
      expect(lanes.mdc()).toEqual(sha("sha1", bytes.subarray(0, 333)));
      lanes.encrypt(none, none, { ...nothing, mdc: bytes.subarray(333), message: bytes.subarray(100) });
      expect(lanes.mdc()).toEqual(sha("sha1", bytes));
      expect(lanes.messageDigest()).toEqual(sha("sha256", bytes));
    });

    it("keeps a content open over calls until its end mark", () => {
      const lanes = create(patterned(32, 1));
      const bytes = patterned(500, 3);
      const digests = new Uint8Array(64);
      for (let at = 0; at < bytes.length; at += 7)
        {lanes.encrypt(none, none, { ...nothing, contents: [bytes.subarray(at, at + 7)] });}
      lanes.encrypt(none, none, { ...nothing, contents: [null, null], digests });
      expect(digests.subarray(0, 32)).toEqual(sha("sha256", bytes));
      expect(digests.subarray(32)).toEqual(sha("sha256", none));
    });

    it("refuses what would break it, and changes nothing by that", () => {
      const lanes = create(patterned(32, 1));
      const slab = new Uint8Array(256);
      expect(() => create(new Uint8Array(31))).toThrow(TypeError);
      expect(() => {
        lanes.encrypt(slab, new Uint8Array(255), nothing);
      }).toThrow(TypeError);
      expect(() => {
        lanes.encrypt(slab.subarray(0, 100), slab.subarray(99, 199), nothing);
      }).toThrow(TypeError);
      expect(() => {
        lanes.encrypt(none, none, { ...nothing, contents: [null] });
      }).toThrow(TypeError);
      expect(() => {
        lanes.encrypt(none, none, { ...nothing, contents: new Array<null>(4097).fill(null), digests: new Uint8Array(32 * 4097) });
      }).toThrow(TypeError);
      expect(() => {
        lanes.encrypt(slab, new Uint8Array(256), { ...nothing, message: "text" as unknown as Uint8Array });
      }).toThrow(TypeError);
      expect(() => {
        lanes.encrypt(slab, new Uint8Array(256), { ...nothing, contents: [3 as unknown as Uint8Array] });
      }).toThrow(TypeError);
      expect(lanes.mdc()).toEqual(sha("sha1", none));
      const output = new Uint8Array(256);
      lanes.encrypt(slab, output, nothing);
      expect(output).toEqual(new Uint8Array(createCipheriv("aes-256-cfb", patterned(32, 1), new Uint8Array(16)).update(slab)));
    });

    it("does nothing any more once disposed of", () => {
      const lanes = create(patterned(32, 1));
      lanes.dispose();
      lanes.dispose();
      expect(() => {
        lanes.encrypt(none, none, nothing);
      }).toThrow(TypeError);
      expect(() => lanes.mdc()).toThrow(TypeError);
      expect(() => lanes.messageDigest()).toThrow(TypeError);
    });
  });
}

conformance("portable lanes", createPortableLanes);
if (available) conformance("native lanes", createLanes);
else
  {it("native lanes", ({ skip }) => {
    skip(`this processor (${arch()}) has not what they need, or the addon was not built`);
  });}

it("the native lanes are clean under the address and undefined-behaviour sanitizers", ({ skip }) => {
  if (arch() !== "x64" || !available) skip("there are no native lanes on this machine");
  const folder = mkdtempSync(join(tmpdir(), "bulk-seal-"));
  try {
    const root = join(import.meta.dirname, "..");
    const sources = readdirSync(join(root, "src"))
      .filter((name) => name.endsWith(".c") && !name.startsWith("addon"))
      .map((name) => join(root, "src", name));
    const program = join(folder, "sanitize");
    execFileSync("cc", [
      "-std=gnu17",
      "-O1",
      "-g",
      "-fsanitize=address,undefined",
      "-fno-sanitize-recover=all",
      "-I",
      join(root, "src"),
      "-o",
      program,
      join(root, "test", "sanitize.c"),
      ...sources,
    ]);
    expect(execFileSync(program, { encoding: "utf8" })).toBe("clean\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
