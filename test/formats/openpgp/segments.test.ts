import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSegmentOpener, createSegmentSealer } from "../../../src/formats/message/index.ts";
import { ciphers, noise, openAll, sealAll, sessionKey } from "./messages.ts";

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const chunk = 64 * 1024;
const edges = [
  0,
  1,
  185,
  186,
  511,
  512,
  8377,
  chunk - 7,
  chunk - 6,
  chunk - 5,
  2 * chunk - 6,
  2 * chunk + 20,
  3 * chunk + 1,
  4_194_304 - 70,
  4_194_304,
  9_000_001,
];

function split(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...[...places].sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
}

describe.each(ciphers)("a segment sealed with %s", (cipher) => {
  it.each(edges)("of %d bytes says its true size and hash, and opens to what it was", (sizeBytes) => {
    const plain = noise(sizeBytes);
    const sealed = sealAll({ cipher, plain: [plain] });
    expect(sealed.sizeBytes).toBe(sealed.message.length);
    expect(sha256(sealed.message).equals(sealed.sha256)).toBe(true);
    expect(openAll(sealed.message).equals(plain)).toBe(true);
    expect(openAll(sealed.message, 8191, sessionKey, true).equals(plain)).toBe(true);
  });

  it("is the same bytes however the plaintext is split, natively and by node:crypto", () => {
    const plain = noise(400_000);
    const whole = Buffer.from(sealAll({ cipher, plain: [plain] }).message);
    expect(whole.equals(sealAll({ cipher, plain: [plain], portable: true }).message)).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.nat(plain.length), { maxLength: 8 }), fc.nat(8), (places, together) => {
        const pieces = split(plain, places);
        const sealed = sealAll({ cipher, plain: [pieces.slice(0, together), ...pieces.slice(together)] });
        expect(whole.equals(sealed.message)).toBe(true);
        expect(sha256(whole).equals(sealed.sha256)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("opens however the message is split", () => {
    const plain = noise(150_000);
    const { message } = sealAll({ cipher, plain: [plain] });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), (stepBytes) => {
        expect(openAll(message, stepBytes).equals(plain)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(openAll(message.subarray(0), 1).equals(plain)).toBe(true);
  });

  it("digests every content, in order, wherever its ends fall", () => {
    const slab = noise(500_000);
    fc.assert(
      fc.property(fc.array(fc.nat(slab.length), { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (places, calls) => {
        const contents = split(slab, places);
        const perCall = Math.ceil(contents.length / calls);
        const groups = Array.from({ length: calls }, (_, call) => contents.slice(call * perCall, (call + 1) * perCall));
        const sealed = sealAll({
          cipher,
          plain: groups.map((group) => Buffer.concat(group)),
          contents: groups.map((group) => group.flatMap((content) => [content, null])),
        });
        expect(Buffer.concat(contents.map(sha256)).equals(sealed.contentDigests)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it("digests a hundred thousand tiny contents", () => {
    const count = 100_000;
    const contents = Array.from({ length: count }, (_, index) => [noise(5, index), null]).flat();
    const sealed = sealAll({ cipher, plain: [noise(10)], contents: [contents] });
    expect(sealed.contentDigests.length).toBe(count * 32);
    expect(sha256(noise(5, count - 1)).equals(sealed.contentDigests.subarray(-32))).toBe(true);
  });

  it("has used contents up when seal returns", () => {
    const content = noise(300_000);
    const before = sha256(content);
    const sealer = createSegmentSealer(
      { cipher, sessionKeyPackets: new Uint8Array(0), sessionKey: Uint8Array.from(sessionKey) },
      (t) => t.fill(1),
      () => undefined,
    );
    sealer.hashContent(content);
    sealer.seal(noise(3));
    content.fill(0);
    sealer.endContent();
    expect(before.equals(sealer.finish().contentDigests)).toBe(true);
  });

  it("zeroes the session key at the end, and takes nothing more", () => {
    for (const end of ["finish", "abandon"] as const) {
      const key = Uint8Array.from(sessionKey);
      const sealer = createSegmentSealer(
        { cipher, sessionKeyPackets: new Uint8Array(0), sessionKey: key },
        (t) => t.fill(1),
        () => undefined,
      );
      sealer.seal(noise(100_000));
      sealer[end]();
      expect(key.every((octet) => octet === 0)).toBe(true);
      expect(() => {
        sealer.seal(noise(1));
      }).toThrow(TypeError);
      sealer.abandon();
    }
  });

  it("is refused with any bit flipped, any end missing, anything added", () => {
    const message = Buffer.from(sealAll({ cipher, plain: [noise(2000)] }).message);
    const damaged = (bytes: Uint8Array): void => {
      expect(() => openAll(bytes, 777)).toThrow(expect.objectContaining({ code: "MESSAGE_DAMAGED" }));
    };
    for (let at = 0; at < message.length; at++) {
      const flipped = Buffer.from(message);
      flipped[at]! ^= 1 << (at % 8);
      damaged(flipped);
    }
    for (let length = 0; length < message.length; length += 13) damaged(message.subarray(0, length));
    damaged(message.subarray(0, -1));
    damaged(Buffer.concat([message, Buffer.alloc(1)]));
    damaged(Buffer.concat([message, message]));
  });

  it("is refused under another key, and the opener zeroes its key", () => {
    const { message } = sealAll({ cipher, plain: [noise(100_000)] });
    const key = new Uint8Array(32).fill(9);
    const opener = createSegmentOpener(key, () => undefined);
    expect(() => {
      opener.push(message);
      opener.finish();
    }).toThrow(expect.objectContaining({ code: "MESSAGE_DAMAGED" }));
    expect(key.every((octet) => octet === 0)).toBe(true);
  });
});

it("damage of any bytes is an error that says so, never another one", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(() => openAll(bytes, 50)).toThrow(expect.objectContaining({ kind: "mismatch", code: "MESSAGE_DAMAGED" }));
    }),
    { numRuns: 300 },
  );
});

it("a packet that claims gigabytes makes nobody gather them", () => {
  const opener = createSegmentOpener(Uint8Array.from(sessionKey), () => undefined);
  opener.push(Uint8Array.of(0xc1, 0xff, 0xff, 0xff, 0xff, 0xff));
  expect(() => {
    for (let at = 0; at < 20; at++) opener.push(new Uint8Array(128 * 1024));
  }).toThrow(expect.objectContaining({ code: "MESSAGE_DAMAGED" }));
});
