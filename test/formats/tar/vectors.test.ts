import { describe, expect, it } from "vitest";
import { encodeHeader, type TarEntry, TarReader } from "../../../src/formats/tar/index.ts";

const plain: TarEntry = {
  path: Buffer.from("etc/motd"),
  type: "file",
  mode: 0o644,
  uid: 0,
  gid: 42,
  owner: "root",
  group: "shadow",
  mtimeNs: 1_700_000_000_000_000_000n,
  sizeBytes: 11,
};

/** Rows of `offset: bytes`; whatever no row names is zero. */
function block(rows: readonly (readonly [number, string])[], sizeBytes = 512): string {
  const bytes = Buffer.alloc(sizeBytes);
  for (const [offset, hex] of rows) Buffer.from(hex.replaceAll(" ", ""), "hex").copy(bytes, offset);
  return bytes.toString("hex");
}

/** Written down from POSIX.1-2017, pax, "ustar Interchange Format"; the checksum is what Python's tarfile adds up,
 * and 14 digits of device numbers, which it leaves out. */
const plainBlock = block([
  [0x000, "65 74 63 2f 6d 6f 74 64"], // etc/motd
  [0x064, "30 30 30 30 36 34 34 00"], // mode 0000644
  [0x06c, "30 30 30 30 30 30 30 00"], // uid
  [0x074, "30 30 30 30 30 35 32 00"], // gid 42
  [0x07c, "30 30 30 30 30 30 30 30 30 31 33 00"], // size 11
  [0x088, "31 34 35 32 34 37 37 30 34 30 30 00"], // 1700000000
  [0x094, "30 31 33 30 32 33 00 20"], // checksum
  [0x09c, "30"], // file
  [0x101, "75 73 74 61 72 00 30 30"], // ustar, version 00
  [0x109, "72 6f 6f 74"], // root
  [0x129, "73 68 61 64 6f 77"], // shadow
  [0x149, "30 30 30 30 30 30 30 00"],
  [0x151, "30 30 30 30 30 30 30 00"],
]);

describe("header bytes", () => {
  it("of a plain file are one ustar block", () => {
    expect(Buffer.from(encodeHeader(plain)).toString("hex")).toBe(plainBlock);
  });

  it("put a time below the second into an extended header", () => {
    const bytes = Buffer.from(encodeHeader({ ...plain, mtimeNs: -1_500_000_000n }));
    expect(bytes.length).toBe(3 * 512);
    expect(bytes.toString("latin1", 0, 15)).toBe("PaxHeaders/motd");
    expect(bytes.toString("latin1", 156, 157)).toBe("x");
    expect(bytes.toString("latin1", 512, 527)).toBe("14 mtime=-1.5\n\0");
    // What the ustar field cannot say is 0 there.
    expect(bytes.toString("latin1", 1024 + 136, 1024 + 148)).toBe("00000000000\0");
  });

  it("count the length of a pax record into itself where that adds a digit", () => {
    // " SCHILY.xattr.user.x=" and the newline are 22 bytes; two digits say up to 99, so 75 and 76 bytes of value are the border.
    const declared = [74, 75, 76, 77].map((length) => {
      const xattrs = [{ name: Buffer.from("user.x"), value: Buffer.alloc(length, "v") }];
      const text = Buffer.from(encodeHeader({ ...plain, xattrs })).toString("latin1", 512, 1024);
      const recordBytes = Number.parseInt(text, 10);
      expect(text.indexOf("\n")).toBe(recordBytes - 1);
      return recordBytes;
    });
    expect(declared).toEqual([98, 99, 101, 102]);
  });

  it("split a long path at a slash before asking for an extended header", () => {
    const path = Buffer.from(`${"p".repeat(90)}/${"n".repeat(99)}`);
    const bytes = Buffer.from(encodeHeader({ ...plain, path }));
    expect(bytes.length).toBe(512);
    expect(bytes.toString("latin1", 345, 345 + 91)).toBe(`${"p".repeat(90)}\0`);
    expect(bytes.toString("latin1", 0, 100)).toBe(`${"n".repeat(99)}\0`);
    expect(encodeHeader({ ...plain, path: Buffer.from("n".repeat(101)) }).length).toBe(3 * 512);
  });

  it("declare bytes that are no UTF-8 as such, before the records that hold them", () => {
    const bytes = Buffer.from(encodeHeader({ ...plain, path: Buffer.of(0x61, 0xff) }));
    expect(bytes.toString("latin1", 512, 512 + 33)).toBe("21 hdrcharset=BINARY\n11 path=a\u00ff\n\0");
  });

  it("put the map of a sparse file before its data, ended by an empty extent where the file ends in a hole", () => {
    const bytes = Buffer.from(encodeHeader({ ...plain, sizeBytes: 5000, sparseMap: [{ offsetBytes: 1024, lengthBytes: 8 }] }));
    expect(bytes.length).toBe(4 * 512);
    expect(bytes.toString("latin1", 1536, 1556)).toBe("2\n1024\n8\n5000\n0\n\0\0\0\0");
    expect(bytes.toString("latin1", 1024, 1024 + 24)).toBe("etc/GNUSparseFile.0/motd");
    expect(bytes.toString("latin1", 1024 + 124, 1024 + 135)).toBe("00000001010");
    const records = bytes.toString("latin1", 512, 1024).replaceAll("\0", "");
    expect(records).toBe(
      "28 GNU.sparse.name=etc/motd\n22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n28 GNU.sparse.realsize=5000\n",
    );
  });

  it("say of directories what is in them", () => {
    const bytes = Buffer.from(
      encodeHeader({
        ...plain,
        path: Buffer.from("d"),
        type: "directory",
        sizeBytes: 0,
        dumpdir: [
          { name: Buffer.from("a"), kind: "not-stored" },
          { name: Buffer.from("b"), kind: "directory" },
          { name: Buffer.from("c"), kind: "stored" },
        ],
      }),
    );
    expect(bytes.toString("latin1", 512, 512 + 27)).toBe("26 GNU.dumpdir=Na\0Db\0Yc\0\0\n\0");
    expect(bytes.toString("latin1", 1024, 1027)).toBe("d/\0");
  });
});

describe("foreign headers", () => {
  it("with base-256 numbers of GNU tar are read", () => {
    const size = block([
      [0x000, "62 69 67"],
      [0x064, "30 30 30 30 36 34 34 00"],
      [0x06c, "80 00 00 00 b2 d0 5e 00"], // uid 3000000000
      [0x074, "ff ff ff ff ff ff ff fe"], // gid -2
      [0x07c, "80 00 00 00 00 00 00 02 80 00 00 00"], // 10 GiB
      [0x088, "ff ff ff ff ff ff ff ff ff ff ff f6"], // ten seconds before 1970
      [0x094, "20 20 20 20 20 20 20 20"],
      [0x09c, "30"],
      [0x101, "75 73 74 61 72 20 20 00"],
    ]);
    const bytes = Buffer.from(size, "hex");
    const sum = bytes.reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 0x94, "latin1");
    const seen: { entry: TarEntry; storedBytes: number }[] = [];
    new TarReader({
      entry: (entry, _, storedBytes) => seen.push({ entry, storedBytes }),
      data: () => undefined,
      end: () => undefined,
    }).push(bytes);
    expect(seen).toHaveLength(1);
    expect(seen[0]!.storedBytes).toBe(10 * 1024 ** 3);
    expect(seen[0]!.entry).toMatchObject({ uid: 3_000_000_000, gid: 4_294_967_294, mtimeNs: -10_000_000_000n });
  });
});
