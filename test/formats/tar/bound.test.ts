import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeHeader, headerBytesAtMost, type TarEntry } from "../../../src/formats/tar/index.ts";

const bytes = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength }).map((all) => all.map((byte) => (byte === 0 ? 0x61 : byte)));

const entry: fc.Arbitrary<TarEntry> = fc.record(
  {
    path: bytes(600),
    type: fc.constantFrom("file", "directory", "symlink", "hardlink", "fifo"),
    mode: fc.nat(0o7777),
    uid: fc.nat(4_294_967_294),
    gid: fc.nat(4_294_967_294),
    owner: fc.string({ unit: "grapheme", maxLength: 60 }),
    group: fc.string({ unit: "grapheme", maxLength: 60 }),
    mtimeNs: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 63n - 1n }),
    sizeBytes: fc.nat(Number.MAX_SAFE_INTEGER),
    linkTarget: bytes(600),
  },
  { requiredKeys: ["path", "type", "mode", "uid", "gid", "owner", "group", "mtimeNs", "sizeBytes"] },
);

describe("headerBytesAtMost", () => {
  it("bounds every header, whole blocks too", () => {
    fc.assert(
      fc.property(entry, (one) => {
        const bound = headerBytesAtMost(one);
        expect(bound % 512).toBe(0);
        expect(encodeHeader(one).length).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 500 },
    );
  });

  it("is the length itself where attributes decide", () => {
    const base = { path: Buffer.from("a"), type: "file", mode: 0, uid: 0, gid: 0, owner: "", group: "", mtimeNs: 1n, sizeBytes: 9 } as const;
    const one = { ...base, xattrs: [{ name: Buffer.from("user.x"), value: Buffer.alloc(3000) }] };
    expect(headerBytesAtMost(one)).toBe(encodeHeader(one).length);
  });
});
