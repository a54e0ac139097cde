import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aclFromText,
  aclToText,
  encodeHeader,
  endOfArchive,
  paddingBytes,
  storedSizeBytes,
  type TarEntry,
  TarReader,
  type TarReaderOptions,
} from "../../../src/formats/tar/index.ts";
import type { StrongroomError } from "../../../src/words/index.ts";

const plain: TarEntry = {
  path: Buffer.from("file"),
  type: "file",
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: "",
  group: "",
  mtimeNs: 0n,
  sizeBytes: 0,
};

type Event =
  readonly ["entry", TarEntry, number, number] | readonly ["data", string] | readonly ["end"] | readonly ["damage", string];

/** Everything the reader tells, data joined, in pieces of `pieceBytes`. */
function read(
  stream: Uint8Array,
  pieceBytes = stream.length,
  options: TarReaderOptions = {},
): { events: Event[]; ending: string } {
  const events: Event[] = [];
  const reader = new TarReader(
    {
      entry: (entry, headerOffset, storedBytes) => events.push(["entry", entry, headerOffset, storedBytes]),
      data: (chunk) => {
        const last = events.at(-1);
        const hex = Buffer.from(chunk).toString("hex");
        if (last?.[0] === "data") events[events.length - 1] = ["data", last[1] + hex];
        else events.push(["data", hex]);
      },
      end: () => events.push(["end"]),
      damage: (error) => events.push(["damage", error.code]),
    },
    options,
  );
  for (let at = 0; at < stream.length; at += pieceBytes) reader.push(stream.subarray(at, at + pieceBytes));
  return { events, ending: reader.finish() };
}

function stored(entry: TarEntry): Buffer {
  const bytes = storedSizeBytes(entry);
  return Buffer.concat([encodeHeader(entry), Buffer.alloc(bytes, 0x5a), Buffer.alloc(paddingBytes(bytes))]);
}

const nameBytes = fc
  .uint8Array({ minLength: 1, maxLength: 120 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x41 : byte))));
const component = nameBytes.filter((name) => !name.equals(Buffer.from(".")));
const path = fc
  .array(component, { minLength: 1, maxLength: 5 })
  .map((names) => Buffer.concat(names.flatMap((name, at) => (at === 0 ? [name] : [Buffer.from("/"), name]))));
const id = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 0xffff_fffe }));
const account = fc.oneof(
  fc.constant("root"),
  fc.string({ unit: "binary", maxLength: 40 }).filter((text) => !text.includes("\0") && text.isWellFormed()),
);
const xattr = fc.record({
  name: nameBytes.map((bytes) => Buffer.concat([Buffer.from("user."), bytes.map((byte) => (byte === 0x0a ? 0x0b : byte))])),
  value: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
});
const sparse = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 1500 })), { maxLength: 40 })
  .chain((pairs) => {
    let at = 0;
    const sparseMap = pairs.map(([gap, lengthBytes]) => {
      const offsetBytes = at + gap;
      at = offsetBytes + lengthBytes;
      return { offsetBytes, lengthBytes };
    });
    return fc.integer({ min: at + 1, max: at + 20_000_000_000 }).map((sizeBytes) => ({ sparseMap, sizeBytes }));
  });

const common = {
  path,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: id,
  gid: id,
  owner: account,
  group: account,
  mtimeNs: fc.oneof(fc.constant(1_700_000_000_000_000_000n), fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n })),
};
const optional = {
  xattrs: fc.uniqueArray(xattr, { minLength: 1, maxLength: 3, selector: ({ name }) => name.toString("hex") }),
  aclAccess: fc.constant("user::rw-,user:7:r--,group::r--,mask::r--,other::---"),
};
const required: { requiredKeys: (keyof typeof common | "type" | "sizeBytes")[] } = {
  requiredKeys: ["path", "mode", "uid", "gid", "owner", "group", "mtimeNs", "type", "sizeBytes"],
};
const none = fc.constant(0);
const anyEntry: fc.Arbitrary<TarEntry> = fc.oneof(
  fc.record(
    { ...common, ...optional, type: fc.constant("file" as const), sizeBytes: fc.integer({ min: 0, max: 2000 }) },
    required,
  ),
  fc
    .tuple(fc.record({ ...common, ...optional, type: fc.constant("file" as const), sizeBytes: none }, required), sparse)
    .map(([entry, map]) => ({ ...entry, ...map })),
  fc.record({ ...common, type: fc.constant("symlink" as const), sizeBytes: none, linkTarget: path }),
  fc.record({ ...common, type: fc.constant("hardlink" as const), sizeBytes: none, linkTarget: path }),
  fc.record({ ...common, type: fc.constant("fifo" as const), sizeBytes: none }),
  fc.record({
    ...common,
    type: fc.constantFrom("character-device" as const, "block-device" as const),
    sizeBytes: none,
    device: fc.record({ major: fc.integer({ min: 0, max: 4095 }), minor: fc.integer({ min: 0, max: 0xfffff }) }),
  }),
  fc.record({
    ...common,
    type: fc.constant("directory" as const),
    sizeBytes: none,
    aclDefault: fc.constant("user::rwx,group::r-x,other::---"),
    dumpdir: fc.array(
      fc.record({ name: component, kind: fc.constantFrom("directory" as const, "stored" as const, "not-stored" as const) }),
      { maxLength: 5 },
    ),
  }),
);

describe("what we write, read again", () => {
  it("is the same entries, whatever they are and however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 4 }), fc.integer({ min: 1, max: 1100 }), (entries, pieceBytes) => {
        const stream = Buffer.concat([...entries.map(stored), endOfArchive]);
        const whole = read(stream);
        expect(whole.ending).toBe("end-marker");
        expect(whole.events.filter(([kind]) => kind === "entry").map(([, entry]) => normal(entry as TarEntry))).toEqual(
          entries.map(normal),
        );
        expect(read(stream, pieceBytes)).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  it("has a size beyond what eleven octal digits can say", () => {
    const { events, ending } = read(encodeHeader({ ...plain, sizeBytes: 9_000_000_000 }));
    expect(events).toHaveLength(1);
    expect(events[0]![3]).toBe(9_000_000_000);
    expect(ending).toBe("inside-content");
  });

  it("is the same byte by byte", () => {
    const entries: TarEntry[] = [
      { ...plain, sizeBytes: 700, mtimeNs: 1n },
      {
        ...plain,
        path: Buffer.from("x".repeat(300)),
        sizeBytes: 9_000_000_000,
        sparseMap: [{ offsetBytes: 8_999_999_000, lengthBytes: 513 }],
      },
      { ...plain, type: "symlink", linkTarget: Buffer.from("y".repeat(300)) },
    ];
    const stream = Buffer.concat([...entries.map(stored), endOfArchive]);
    expect(read(stream, 1)).toEqual(read(stream));
  });
});

/** Buffers and plain arrays compare as bytes; an empty directory record stands for one that is there. */
function normal(entry: TarEntry): unknown {
  return JSON.parse(
    JSON.stringify(entry, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    (_, value: unknown) => (isBufferJson(value) ? Buffer.from(value.data).toString("hex") : value),
  );
}

function isBufferJson(value: unknown): value is { data: number[] } {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value;
}

describe("where a stream begins and ends", () => {
  const two = Buffer.concat([stored({ ...plain, sizeBytes: 1000 }), stored({ ...plain, path: Buffer.from("second") })]);

  it("inside a file: its rest comes as data, then the next entry", () => {
    const { events, ending } = read(two.subarray(512 + 512), 100, { continuedBytes: 488, streamOffset: 1024 });
    expect(events.map(([kind]) => kind)).toEqual(["data", "end", "entry", "end"]);
    expect(events[2]![2]).toBe(1536);
    expect(ending).toBe("between-entries");
  });

  it("is told: end marker, between entries, inside content, inside a header", () => {
    expect(read(two).ending).toBe("between-entries");
    expect(read(Buffer.concat([two, endOfArchive, Buffer.from("rubbish")])).ending).toBe("end-marker");
    expect(read(two.subarray(0, 1000)).ending).toBe("inside-content");
    expect(read(two.subarray(0, 100)).ending).toBe("inside-header");
    expect(read(Buffer.from(encodeHeader({ ...plain, mtimeNs: 1n })).subarray(0, 1024)).ending).toBe("inside-header");
  });

  it("a lone block of zeros ends nothing", () => {
    expect(read(Buffer.concat([Buffer.alloc(512), two])).events).toHaveLength(5);
  });
});

function refusal(stream: Uint8Array, options: TarReaderOptions = {}): StrongroomError {
  try {
    read(stream, 777, options);
  } catch (error) {
    return error as StrongroomError;
  }
  throw new Error("the stream was read without complaint");
}

/** An extended header with this text, in front of a file. */
function withPax(text: string | Buffer): Buffer {
  const body = Buffer.from(text as string, "latin1");
  const header = Buffer.from(encodeHeader({ ...plain, sizeBytes: body.length }));
  header[156] = 0x78;
  return Buffer.concat([seal(header), body, Buffer.alloc(paddingBytes(body.length)), encodeHeader(plain)]);
}

function seal(header: Buffer): Buffer {
  header.fill(0x20, 148, 156);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
    "latin1",
  );
  return header;
}

describe("hostile streams", () => {
  it("any flipped bit of a header is found", () => {
    const header = Buffer.from(encodeHeader({ ...plain, path: Buffer.from("name"), owner: "owner" }));
    for (let bit = 0; bit < 512 * 8; bit += 7) {
      // The two bytes behind the digits of the checksum say nothing.
      if (bit >> 3 === 154 || bit >> 3 === 155) continue;
      const flipped = Buffer.from(header);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(refusal(flipped).code, `bit ${String(bit)}`).toBe("TAR_DAMAGED");
    }
  });

  it("damage names its place", () => {
    const good = stored({ ...plain, sizeBytes: 1 });
    const bad = Buffer.from(encodeHeader(plain));
    bad[0]! ^= 1;
    expect(refusal(Buffer.concat([good, bad]), { streamOffset: 10_240 }).message).toContain("at byte 11264 of the tar stream");
  });

  for (const [what, text] of [
    ["a length of nothing", "path=x\n"],
    ["a length that is too long", "999 path=x\n"],
    ["a length that is too short", "3 path=x\n"],
    ["a negative length", "-11 path=x\n"],
    ["a length of many digits", "00000000000000000000011 path=x\n"],
    ["no keyword", "5 =x\n"],
    ["no equals sign", "7 path\n"],
    ["a NUL in a path", "12 path=a\0b\n"],
    ["a size that is no number", "12 size=-1\n".replace("12", "11")],
    ["a size beyond all numbers", "35 size=99999999999999999999999999\n"],
    ["an owner beyond all numbers", "18 uid=4294967296\n"],
    ["a time that is no time", "15 mtime=never\n"],
    ["an endless time", `${String(13 + 500)} mtime=${"9".repeat(500)}\n`.replace("513", "511")],
  ] as const) {
    it(`refuses an extended header with ${what}`, () => {
      expect(refusal(withPax(text)).code).toBe("TAR_DAMAGED");
    });
  }

  it("refuses an extended header larger than any, without waiting for it", () => {
    const header = Buffer.from(encodeHeader({ ...plain, sizeBytes: 64 * 1024 * 1024 + 1 }));
    header[156] = 0x78;
    expect(refusal(seal(header)).code).toBe("TAR_DAMAGED");
  });

  for (const [what, map] of [
    ["no number", "x\n"],
    ["too many extents", "1000001\n"],
    ["extents out of order", "2\n100\n10\n50\n10\n"],
    ["an extent behind the end", "1\n4999\n2\n"],
    ["an extent of another length than its data", "1\n0\n9\n"],
    ["an endless number", "9".repeat(100)],
  ] as const) {
    it(`refuses a sparse map with ${what}`, () => {
      const good = Buffer.from(encodeHeader({ ...plain, sizeBytes: 5000, sparseMap: [{ offsetBytes: 1024, lengthBytes: 8 }] }));
      good.fill(0, 1536);
      good.write(map, 1536, "latin1");
      expect(refusal(Buffer.concat([good, Buffer.alloc(512)])).code).toBe("TAR_DAMAGED");
    });
  }

  it("never does anything but read or refuse, whatever the bytes", () => {
    const real = Buffer.concat([
      stored({ ...plain, sizeBytes: 5000, mtimeNs: 5n, sparseMap: [{ offsetBytes: 1024, lengthBytes: 8 }] }),
      stored({
        ...plain,
        path: Buffer.from("y".repeat(200)),
        xattrs: [{ name: Buffer.from("user.a"), value: Buffer.from("b") }],
      }),
      endOfArchive,
    ]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 6 }), fc.boolean(), (changes, mend) => {
        const bytes = Buffer.from(real);
        for (const [at, value] of changes) bytes[at] = value;
        // With right checksums the damage reaches what is behind them.
        if (mend) {
          for (let at = 0; at < bytes.length; at += 512) {
            if (bytes.toString("latin1", at + 257, at + 262) === "ustar") seal(bytes.subarray(at, at + 512));
          }
        }
        try {
          read(bytes, 300);
        } catch (error) {
          expect((error as StrongroomError).code).toBe("TAR_DAMAGED");
        }
      }),
      { numRuns: 300 },
    );
  });

  it("goes on at the next header when told to", () => {
    const broken = stored({ ...plain, path: Buffer.from("broken"), sizeBytes: 600 });
    broken[0]! ^= 1;
    const stream = Buffer.concat([
      stored({ ...plain, sizeBytes: 10 }),
      broken,
      stored({ ...plain, path: Buffer.from("after") }),
      endOfArchive,
    ]);
    const { events, ending } = read(stream, 100, { resynchronise: true });
    expect(
      events.filter(([kind]) => kind === "entry").map(([, entry]) => Buffer.from((entry as TarEntry).path).toString()),
    ).toEqual(["file", "after"]);
    expect(events.filter(([kind]) => kind === "damage")).toEqual([["damage", "TAR_DAMAGED"]]);
    expect(ending).toBe("end-marker");
  });

  it("ignores global headers", () => {
    const header = Buffer.from(encodeHeader({ ...plain, sizeBytes: 20 }));
    header[156] = 0x67;
    const stream = Buffer.concat([seal(header), Buffer.alloc(512, "20 path=/etc/shadow\n"), stored(plain)]);
    expect(read(stream).events[0]![1]).toMatchObject({ path: Buffer.from("file") });
  });
});

describe("access control lists", () => {
  const accounts = {
    userId: (name: string) => (name === "ann" ? 501 : undefined),
    groupId: (name: string) => (name === "staff" ? 50 : undefined),
  };
  const text = "user::rw-,user:501:r--,group::r--,group:50:-w-,mask::rwx,other::--x";
  const bytes =
    "02000000" +
    "01000600ffffffff" +
    "02000400f5010000" +
    "04000400ffffffff" +
    "0800020032000000" +
    "10000700ffffffff" +
    "20000100ffffffff";

  it("are turned from the kernel's bytes to text and back", () => {
    expect(aclToText(Buffer.from(bytes, "hex"))).toBe(text);
    expect(Buffer.from(aclFromText(text, accounts)).toString("hex")).toBe(bytes);
  });

  it("are read in the long form with names, comments and any order, and with star's numbers", () => {
    const long = "other::--x\nmask::rwx\nuser::rw-\nuser:ann:r--\t#effective:r--\ngroup::r--\ngroup:unknown:-w-:50\n";
    expect(Buffer.from(aclFromText(long, accounts)).toString("hex")).toBe(bytes);
  });

  for (const bad of ["user:nobody-here:rwx", "nonsense", "user::rwz", "user:4294967295:rwx", "mask:1:rwx", "user"]) {
    it(`are refused as ${bad}`, () => {
      expect(() => aclFromText(bad, accounts)).toThrow(expect.objectContaining({ code: "ACL_UNREADABLE" }));
    });
  }

  it("of another version or length are none", () => {
    expect(aclToText(Buffer.from("03000000", "hex"))).toBeUndefined();
    expect(aclToText(Buffer.from(bytes, "hex").subarray(0, 10))).toBeUndefined();
    expect(aclToText(Buffer.from("02000000" + "40000100ffffffff", "hex"))).toBeUndefined();
  });
});
