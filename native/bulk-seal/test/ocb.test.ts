import { createCipheriv } from "node:crypto";
import { arch } from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { available, createOcb, createPortableOcb, type OcbEncryptor } from "../index.js";

const none = new Uint8Array(0);
const ocbCase = fc.record({
  key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  // Its last six bits choose how far the first offset is shifted.
  nonce: fc.uint8Array({ minLength: 15, maxLength: 15 }),
  associated: fc.uint8Array({ maxLength: 40 }),
  plain: fc.uint8Array({ maxLength: 700 }),
  cuts: fc.array(fc.nat(700), { maxLength: 6 }),
});

function byNode(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-ocb", key, nonce, { authTagLength: 16 });
  cipher.setAAD(associated);
  return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
}

/** Cut at `cuts`, every piece into exactly the room it needs. */
function inPieces(ocb: OcbEncryptor, plain: Uint8Array, cuts: readonly number[]): Uint8Array {
  const places = [...cuts.map((cut) => Math.min(cut, plain.length)), plain.length].sort((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const to of places) {
    const room = new Uint8Array(to - (to % 16) - (from - (from % 16)));
    expect(ocb.update(plain.subarray(from, to), room)).toBe(room.length);
    pieces.push(room);
    from = to;
  }
  const end = new Uint8Array(31);
  pieces.push(end.subarray(0, ocb.finish(end)));
  return new Uint8Array(Buffer.concat(pieces));
}

function conformance(name: string, create: (key: Uint8Array) => OcbEncryptor): void {
  describe(name, () => {
    it("gives what node:crypto gives, however the bytes are split, message after message", () => {
      fc.assert(
        fc.property(ocbCase, fc.uint8Array({ maxLength: 40 }), ({ key, nonce, associated, plain, cuts }, other) => {
          const ocb = create(key);
          ocb.start(nonce, associated);
          expect(inPieces(ocb, plain, cuts)).toEqual(byNode(key, nonce, associated, plain));
          const next = Uint8Array.from(nonce, (byte) => byte ^ 0x5a);
          ocb.start(next, none);
          expect(inPieces(ocb, other, [])).toEqual(byNode(key, next, none, other));
          ocb.dispose();
        }),
        { numRuns: 300 },
      );
    });

    it("keeps its offsets over a chunk of 4 MiB", () => {
      const key = new Uint8Array(32).fill(3);
      const nonce = new Uint8Array(15).fill(9);
      const plain = new Uint8Array(4 * 1024 * 1024).map((_, at) => Math.imul(at, 2654435761) >>> 24);
      const ocb = create(key);
      ocb.start(nonce, none);
      const cuts = Array.from({ length: 63 }, (_, index) => (index + 1) * 65_537);
      expect(Buffer.compare(inPieces(ocb, plain, cuts), byNode(key, nonce, none, plain))).toBe(0);
    });

    it("refuses what would break it, and changes nothing by that", () => {
      const key = new Uint8Array(32);
      const nonce = new Uint8Array(15);
      const slab = new Uint8Array(256);
      expect(() => create(new Uint8Array(31))).toThrow(TypeError);
      const ocb = create(key);
      expect(() => { ocb.start(new Uint8Array(12), none); }).toThrow(TypeError);
      ocb.start(nonce, none);
      expect(() => ocb.update(slab.subarray(0, 32), new Uint8Array(31))).toThrow(TypeError);
      expect(() => ocb.update(slab.subarray(0, 32), slab.subarray(31, 63))).toThrow(TypeError);
      expect(() => ocb.finish(new Uint8Array(30))).toThrow(TypeError);
      expect(inPieces(ocb, slab.subarray(0, 100), [])).toEqual(byNode(key, nonce, none, slab.subarray(0, 100)));
    });

    it("does nothing any more once disposed of", () => {
      const ocb = create(new Uint8Array(32));
      ocb.start(new Uint8Array(15), none);
      ocb.dispose();
      ocb.dispose();
      expect(() => { ocb.start(new Uint8Array(15), none); }).toThrow(TypeError);
      expect(() => ocb.update(none, none)).toThrow(TypeError);
      expect(() => ocb.finish(new Uint8Array(31))).toThrow(TypeError);
    });
  });
}

conformance("portable OCB", createPortableOcb);
if (available) conformance("native OCB", createOcb);
else {
  it("native OCB", ({ skip }) => {
    skip(`this processor (${arch()}) has not what it needs, or the addon was not built`);
  });
}
