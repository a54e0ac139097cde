import { describe, expect, it } from "vitest";
import { loaded, memoryLibrary, move, send, slot, drive as driveAddress, tape, u16 } from "./initiator.ts";

const block = (sizeBytes: number, value = 1): Uint8Array => new Uint8Array(sizeBytes).fill(value);

/** Objects: 0-2 blocks of 100, 200, 300 bytes; 3 a mark; 4 a block of 400; 5, 6 marks; 7 a block of 500; end of data at 8. */
async function recorded() {
  const all = await loaded(await memoryLibrary());
  const { drive } = all;
  for (const size of [100, 200, 300]) await drive.write(block(size));
  await drive.marks(1);
  await drive.write(block(400));
  await drive.marks(2);
  await drive.write(block(500));
  await drive.rewind();
  return all;
}

describe("readiness", () => {
  it("answers power-on then no-medium when empty", async () => {
    const drive = tape(await (await memoryLibrary()).transport(1));
    expect(await drive.ready()).toBe("6/29/00");
    expect(await drive.ready()).toBe("2/3a/00");
    expect((await drive.read(10)).sense).toBe("2/3a/00");
  });

  it("attention-28-00-after-the-gripper-brought-a-cartridge, once", async () => {
    const library = await memoryLibrary();
    const [changer, transport] = [await library.transport(0), await library.transport(1)];
    const drive = tape(transport);
    await drive.ready();
    await send(changer, [0, 0, 0, 0, 0, 0]);
    expect(await move(changer, slot(0), driveAddress(0))).toBe("good");
    expect(await drive.ready()).toBe("6/28/00");
    expect(await drive.ready()).toBe("good");
  });

  it("inquiry-leaves-the-attention, request-sense-takes-it", async () => {
    const transport = await (await memoryLibrary()).transport(1);
    const dataIn = new Uint8Array(96);
    expect((await send(transport, [0x12, 0, 0, 0, 96, 0], { dataIn })).sense).toBe("good");
    expect(dataIn[0]).toBe(1);
    expect((await send(transport, [0x03, 0, 0, 0, 96, 0], { dataIn })).transferredBytes).toBe(18);
    expect([dataIn[2], dataIn[12], dataIn[13]]).toEqual([6, 0x29, 0]);
    expect(await tape(transport).ready()).toBe("2/3a/00");
  });

  it("becoming-ready-as-often-as-described", async () => {
    const library = await memoryLibrary({ becomingReadyAnswers: 2, cartridges: [{ barcode: "A", capacityBytes: 65536 }] });
    const [changer, transport] = [await library.transport(0), await library.transport(1)];
    const drive = tape(transport);
    await drive.ready();
    await send(changer, [0, 0, 0, 0, 0, 0]);
    await move(changer, slot(0), driveAddress(0));
    const answers = [await drive.ready(), await drive.ready(), await drive.ready(), await drive.ready()];
    expect(answers).toEqual(["6/28/00", "2/04/01", "2/04/01", "good"]);
  });

  it("cleaning-cartridge-02-30-03, and the gripper may take it", async () => {
    const library = await memoryLibrary({ cartridges: [{ barcode: "CLN001CU", capacityBytes: 65536, kind: "cleaning" }] });
    const { changer, drive } = await loaded(library);
    expect(await drive.ready()).toBe("2/30/03");
    expect(await move(changer, driveAddress(0), slot(0))).toBe("good");
    expect(await drive.ready()).toBe("2/3a/00");
  });

  it("unload-then-load threads again without an attention for who asked", async () => {
    const { drive } = await recorded();
    expect(await drive.unload()).toBe("good");
    expect(await drive.ready()).toBe("2/3a/00");
    expect(await drive.load()).toBe("good");
    expect(await drive.ready()).toBe("good");
  });

  it("unload-prevented-5-53-02", async () => {
    const { drive } = await recorded();
    await drive.prevent();
    expect(await drive.unload()).toBe("5/53/02");
    await drive.allow();
    expect(await drive.unload()).toBe("good");
  });
});

describe("reading", () => {
  it("read-filemark-0-00-01-with-the-whole-length-as-residual, and steps over it", async () => {
    const { drive } = await recorded();
    await drive.locate(3);
    expect((await drive.read(4096)).sense).toBe("0/00/01 FM info=4096");
    expect((await drive.position()).object).toBe(4);
  });

  it("read-end-of-data-8-00-05-without-EOM, and stays", async () => {
    const { drive } = await recorded();
    await drive.space(3, 0);
    expect((await drive.read(4096)).sense).toBe("8/00/05 info=4096");
    expect((await drive.read(4096)).sense).toBe("8/00/05 info=4096");
    expect((await drive.position()).object).toBe(8);
  });

  it("read-underlength-ILI-positive, read-overlength-ILI-negative", async () => {
    const { drive } = await recorded();
    const under = await drive.read(150);
    expect([under.sense, under.data.length]).toEqual(["0/00/00 ILI info=50", 100]);
    const over = await drive.read(150);
    expect([over.sense, over.data.length]).toEqual(["0/00/00 ILI info=-50", 150]);
    expect((await drive.position()).object).toBe(2);
  });

  it("mode-sense-of-page-0 gives header and block descriptor alone, as Linux's st asks for them", async () => {
    const { transport } = await recorded();
    const dataIn = new Uint8Array(12);
    expect((await send(transport, [0x1a, 0, 0, 0, 12, 0], { dataIn })).sense).toBe("good");
    expect([dataIn[0], dataIn[3], dataIn[4]]).toEqual([11, 8, 0x5e]);
    expect((await send(transport, [0x1a, 0, 0, 1, 12, 0], { dataIn })).sense).toBe("5/24/00");
  });

  it("read-SILI-is-silent-about-underlength, and about overlength in variable mode only", async () => {
    const { drive } = await recorded();
    expect((await drive.read(150, 2)).sense).toBe("good");
    expect((await drive.read(150, 2)).sense).toBe("good");
    await drive.setBlockSize(150);
    expect((await drive.read(150, 2)).sense).toBe("0/00/00 ILI info=-150");
  });

  it("read-fixed-needs-a-block-size, refuses SILI, reports blocks that are left", async () => {
    const { drive } = await recorded();
    expect((await drive.read(1, 1)).sense).toBe("5/24/00");
    await drive.setBlockSize(100);
    expect((await drive.read(1, 3)).sense).toBe("5/24/00");
    expect((await drive.read(3, 1, 300)).sense).toBe("0/00/00 ILI info=2");
    expect((await drive.position()).object).toBe(2);
  });

  it("read-fixed-stops-at-filemark and at end of data", async () => {
    const { drive } = await loaded(await memoryLibrary());
    await drive.setBlockSize(100);
    expect(await drive.write(block(200), 1, 2)).toBe("good");
    await drive.marks(1);
    await drive.rewind();
    const first = await drive.read(5, 1, 500);
    expect([first.sense, first.data.length]).toEqual(["0/00/01 FM info=3", 200]);
    expect((await drive.read(5, 1, 500)).sense).toBe("8/00/05 info=5");
  });
});

describe("spacing", () => {
  const cases: [name: string, from: number, code: number, count: number, sense: string, at: number][] = [
    ["space6-blocks-forward", 0, 0, 2, "good", 2],
    ["space6-blocks-up-to-a-filemark", 0, 0, 3, "good", 3],
    ["space6-blocks-stops-behind-filemark", 1, 0, 5, "0/00/01 FM info=3", 4],
    ["space6-blocks-past-end-of-data", 7, 0, 3, "8/00/05 info=2", 8],
    ["space6-blocks-back", 3, 0, -2, "good", 1],
    ["space6-blocks-back-stops-before-filemark", 5, 0, -3, "0/00/01 FM info=2", 3],
    ["space6-blocks-back-past-beginning", 2, 0, -3, "0/00/04 EOM info=1", 0],
    ["space6-filemarks-forward", 0, 1, 2, "good", 6],
    ["space6-filemarks-past-end-of-data", 0, 1, 5, "8/00/05 info=2", 8],
    ["space6-filemarks-back", 8, 1, -2, "good", 5],
    ["space6-filemarks-back-past-beginning", 4, 1, -3, "0/00/04 EOM info=2", 0],
    ["space6-sequential-filemarks-forward", 0, 2, 2, "good", 7],
    ["space6-sequential-filemarks-missing", 0, 2, 3, "8/00/05 info=3", 8],
    ["space6-sequential-filemarks-back", 8, 2, -2, "good", 5],
    ["space6-end-of-data", 0, 3, 0, "good", 8],
    ["space6-count-zero", 3, 1, 0, "good", 3],
    ["space6-setmarks-are-obsolete", 3, 4, 1, "5/24/00", 3],
  ];
  it.each(cases)("%s", async (_name, from, code, count, sense, at) => {
    const { drive } = await recorded();
    await drive.locate(from);
    expect(await drive.space(code, count)).toBe(sense);
    expect((await drive.position()).object).toBe(at);
  });

  it("space16-takes-64-bits", async () => {
    const { transport, drive } = await recorded();
    const space16 = (count: bigint): Promise<{ sense: string }> => {
      const cdb = new Uint8Array(16);
      cdb.set([0x91, 1]);
      new DataView(cdb.buffer).setBigInt64(4, count);
      return send(transport, [...cdb]);
    };
    expect((await space16(3n)).sense).toBe("good");
    expect((await drive.position()).object).toBe(7);
    expect((await space16(-2n)).sense).toBe("good");
    expect((await drive.position()).object).toBe(5);
    // 2^40 does not fit into 32 bits: INFORMATION must not be called valid.
    expect((await space16(2n ** 40n)).sense).toBe("8/00/05");
  });

  it.each([
    ["locate16-object", 6, 0, "good", 6],
    ["locate16-object-past-end-of-data", 9, 0, "8/00/05", 8],
    ["locate16-file", 2, 1, "good", 6],
    ["locate16-file-0-is-the-beginning", 0, 1, "good", 0],
    ["locate16-file-past-end-of-data", 4, 1, "8/00/05", 8],
    ["locate16-end-of-data", 0, 3, "good", 8],
    ["locate16-unknown-destination", 0, 2, "5/24/00", 0],
  ] as const)("%s", async (_name, target, type, sense, at) => {
    const { drive } = await recorded();
    expect(await drive.locate(target, type)).toBe(sense);
    expect((await drive.position()).object).toBe(at);
  });

  it("locate10 and read-position short and extended agree", async () => {
    const { transport } = await recorded();
    expect((await send(transport, [0x2b, 0, 0, 0, 0, 0, 5, 0, 0, 0])).sense).toBe("good");
    const short = new Uint8Array(20);
    await send(transport, [0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0], { dataIn: short });
    expect([short[7], short[11]]).toEqual([5, 5]);
    const extended = new Uint8Array(32);
    await send(transport, [0x34, 8, 0, 0, 0, 0, 0, 0, 32, 0], { dataIn: extended });
    expect([extended[3], extended[15]]).toEqual([0x1c, 5]);
  });

  it("read-position-flags-the-beginning and counts files", async () => {
    const { drive } = await recorded();
    expect(await drive.position()).toEqual({ object: 0, file: 0, flags: 0x80 });
    await drive.locate(6);
    expect(await drive.position()).toEqual({ object: 6, file: 2, flags: 0 });
  });
});

describe("writing", () => {
  it("write-mid-tape-ends-data-there", async () => {
    const { drive } = await recorded();
    await drive.locate(1);
    expect(await drive.write(block(50, 9))).toBe("good");
    expect((await drive.read(100)).sense).toBe("8/00/05 info=100");
    await drive.rewind();
    expect((await drive.read(100)).data).toEqual(block(100));
    expect((await drive.read(50)).data).toEqual(block(50, 9));
  });

  it("write-filemarks-mid-tape and erase end data there too", async () => {
    const { drive } = await recorded();
    await drive.locate(4);
    await drive.marks(1);
    expect((await drive.read(1)).sense).toBe("8/00/05 info=1");
    await drive.locate(2);
    expect(await drive.erase()).toBe("good");
    expect((await drive.read(1)).sense).toBe("8/00/05 info=1");
  });

  it("write-protected-7-27-00 for all that writes; reading works; the header tells", async () => {
    const library = await memoryLibrary();
    await library.hands.setWriteProtected("SR0001L8", true);
    const { drive, transport } = await loaded(library);
    expect([await drive.write(block(10)), await drive.marks(1), await drive.erase()]).toEqual(["7/27/00", "7/27/00", "7/27/00"]);
    expect(await drive.marks(0)).toBe("good");
    const header = new Uint8Array(4);
    await send(transport, [0x1a, 8, 0x3f, 0, 4, 0], { dataIn: header });
    expect(header[2]! & 0x80).toBe(0x80);
  });

  it("worm-appends-only-07-30-0C", async () => {
    const { drive } = await loaded(await memoryLibrary({ cartridges: [{ barcode: "W", capacityBytes: 1e7, kind: "worm" }] }));
    expect(await drive.write(block(10))).toBe("good");
    await drive.rewind();
    expect([await drive.write(block(10)), await drive.marks(1), await drive.erase()]).toEqual(["7/30/0c", "7/30/0c", "7/30/0c"]);
    await drive.space(3, 0);
    expect(await drive.write(block(10))).toBe("good");
  });

  it("early-warning-0-00-02-with-each-write-behind-the-point, then overflow-D-00-02-with-residual", async () => {
    const { drive } = await loaded(await memoryLibrary({ cartridges: [{ barcode: "S", capacityBytes: 400_000 }] }));
    expect([await drive.write(block(150_000)), await drive.write(block(150_000))]).toEqual(["good", "good"]);
    expect(await drive.write(block(60_000))).toBe("0/00/02 EOM info=0");
    expect(await drive.marks(1)).toBe("0/00/02 EOM info=0");
    expect((await drive.position()).flags & 0x40).toBe(0x40);
    expect(await drive.write(block(60_000))).toBe("d/00/02 EOM info=60000");
    expect((await drive.position()).object).toBe(4);
    expect(await drive.marks(100)).toBe("d/00/02 EOM info=23");
  });

  it("programmable-early-warning-0-00-07-once", async () => {
    const { drive, transport } = await loaded(await memoryLibrary({ cartridges: [{ barcode: "S", capacityBytes: 16_000_000 }] }));
    const page = new Uint8Array(32);
    page.set([0x50, 0x01, 0, 0x1c, 0, 0, ...u16(5)]);
    const list = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, ...page);
    expect((await send(transport, [0x55, 0x10, 0, 0, 0, 0, 0, 0, list.length, 0], { dataOut: list })).sense).toBe("good");
    // The early-warning point is at 16,000,000 less 2 MiB, the programmable one 5,000,000 before it.
    expect(await drive.write(block(8_000_000))).toBe("good");
    expect(await drive.write(block(1_000_000))).toBe("0/00/07 EOM info=0");
    expect(await drive.write(block(1_000_000))).toBe("good");
    expect((await drive.position()).flags & 0x01).toBe(0x01);
  });

  it("write-larger-than-the-limit-5-24-00", async () => {
    const { drive } = await recorded();
    expect(await drive.write(block(8 * 1024 * 1024 + 1))).toBe("5/24/00");
  });
});

describe("pages", () => {
  it("descriptor-sense-after-D_SENSE", async () => {
    const { drive, transport } = await recorded();
    const list = Uint8Array.of(0, 0, 0, 0, 0x0a, 0x0a, 0x04, 0, 0, 0x40, 0, 0, 0, 0, 0, 0);
    await send(transport, [0x15, 0x10, 0, 0, list.length, 0], { dataOut: list });
    await drive.locate(3);
    const { sense } = await transport.execute({
      cdb: Uint8Array.of(8, 0, 0, 0, 50, 0),
      dataIn: new Uint8Array(50),
      timeoutMs: 1,
    });
    // Information descriptor of 12 bytes, then stream commands with the filemark bit.
    expect([...sense]).toEqual([0x72, 0, 0, 1, 0, 0, 0, 16, 0, 10, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 50, 4, 2, 0, 0x80]);
  });

  it("unknown-opcode-5-20-00, unknown pages-5-24-00, saved pages-5-39-00, bad parameters-5-26-00", async () => {
    const { transport, drive } = await recorded();
    expect((await send(transport, [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0])).sense).toBe("5/20/00");
    expect((await send(transport, [0x4d, 0, 0x7e, 0, 0, 0, 0, 0, 255, 0])).sense).toBe("5/24/00");
    expect((await send(transport, [0x12, 1, 0xc7, 0, 255, 0])).sense).toBe("5/24/00");
    expect((await send(transport, [0x1a, 0, 0x2a, 0, 255, 0])).sense).toBe("5/24/00");
    expect((await send(transport, [0x1a, 0, 0xff, 0, 255, 0])).sense).toBe("5/39/00");
    expect(await drive.setBlockSize(0xff_ffff)).toBe("5/26/00");
  });

  it("log pages that are listed are there, and lengths are right", async () => {
    const { transport } = await recorded();
    const read = async (page: number): Promise<Uint8Array> => {
      const dataIn = new Uint8Array(4096);
      const { transferredBytes } = await send(transport, [0x4d, 0, 0x40 | page, 0, 0, 0, 0, ...u16(4096), 0], { dataIn });
      return dataIn.slice(0, transferredBytes);
    };
    const listed = (await read(0)).subarray(4);
    expect([...listed]).toEqual([0, 0x02, 0x03, 0x06, 0x0c, 0x0d, 0x10, 0x11, 0x12, 0x14, 0x16, 0x17, 0x1b, 0x2e, 0x30, 0x31, 0x32]);
    for (const page of listed) {
      const data = await read(page);
      expect([data[0], new DataView(data.buffer).getUint16(2)]).toEqual([page, data.length - 4]);
    }
  });

  it("memory keeps what was written, gives it up at length zero, and refuses what is not the host's", async () => {
    const { transport } = await recorded();
    const put = async (id: number, value: string): Promise<string> => {
      const body = [...u16(id), 1, ...u16(value.length), ...Buffer.from(value)];
      const dataOut = Uint8Array.of(0, 0, 0, body.length, ...body);
      return (await send(transport, [0x8d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, dataOut.length, 0, 0], { dataOut })).sense;
    };
    const get = async (id: number): Promise<string> => {
      const dataIn = new Uint8Array(256);
      const { sense } = await send(transport, [0x8c, 0, 0, 0, 0, 0, 0, 0, ...u16(id), 0, 0, 1, 0, 0, 0], { dataIn });
      const length = (dataIn[7]! << 8) | dataIn[8]!;
      return sense === "good" ? Buffer.from(dataIn.subarray(9, 9 + length)).toString() : sense;
    };
    expect(await put(0x0801, "archive")).toBe("good");
    expect(await get(0x0801)).toBe("archive");
    expect(await put(0x0000, "mine")).toBe("5/26/00");
    expect(await put(0x0801, "")).toBe("good");
    expect(await get(0x0801)).toBe("5/24/00");
  });

  it("report-supported-opcodes: what is listed is known by itself, with as many bytes", async () => {
    const { transport } = await recorded();
    const dataIn = new Uint8Array(4096);
    await send(transport, [0xa3, 0x0c, 0x80, 0, 0, 0, 0, 0, 0x10, 0, 0, 0], { dataIn });
    const listBytes = new DataView(dataIn.buffer).getUint32(0);
    expect(listBytes % 20).toBe(0);
    for (let at = 4; at < 4 + listBytes; at += 20) {
      const one = new Uint8Array(64);
      await send(transport, [0xa3, 0x0c, 0x03, dataIn[at]!, dataIn[at + 2]!, dataIn[at + 3]!, 0, 0, 0, 64, 0, 0], {
        dataIn: one,
      });
      expect([one[1], one[3], one[4]]).toEqual([3, dataIn[at + 7], dataIn[at]]);
    }
  });
});
