import { describe, expect, it } from "vitest";
import { loaded, memoryLibrary, send } from "../initiator.ts";
import { setExceptions, shown, told } from "./pages.ts";

const barcode = "SR0001L8";

describe("TapeAlert", () => {
  it("page 2E tells each path a flag once, and again when it happens again; page 12 shows it to the end", async () => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    await drive.write(new Uint8Array(100));
    await library.hands.breakSpot(barcode, { at: { objects: [0, 0] } });
    await drive.rewind();
    expect((await drive.read(100)).sense).toBe("3/11/00 info=100");
    expect([await shown(transport), await told(transport), await told(transport), await shown(transport)]).toEqual([[3, 5], [3, 5], [], [3, 5]]);
    await drive.rewind();
    expect((await drive.read(100)).sense).toBe("3/11/00 info=100");
    expect(await told(transport)).toEqual([3, 5]);
  });

  it("what concerned the cartridge is over with the next load", async () => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    expect(await drive.prevent()).toBe("good");
    expect([await drive.unload(), await drive.allow(), await shown(transport)]).toEqual(["5/53/02", "good", [10]]);
    expect([await drive.unload(), await shown(transport), await drive.load(), await shown(transport)]).toEqual(["good", [10], "good", []]);
  });

  it.each([
    ["write protect", 9, "7/27/00", async (library: Awaited<ReturnType<typeof memoryLibrary>>) => { await library.hands.setWriteProtected(barcode, true); }],
    ["a spot that takes nothing", 6, "3/0c/00 info=10", async (library: Awaited<ReturnType<typeof memoryLibrary>>) => {
      await library.hands.breakSpot(barcode, { at: { objects: [0, 0] }, failsWriting: true });
    }],
  ])("%s raises flag %i when something is written", async (_what, flag, sense, spoil) => {
    const library = await memoryLibrary();
    await spoil(library);
    const { drive, transport } = await loaded(library);
    expect(await drive.write(new Uint8Array(10))).toBe(sense);
    expect(await shown(transport)).toContain(flag);
  });

  it("statistics that a power cut took are told after it", async () => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    await drive.write(new Uint8Array(100));
    await library.dropPower(1);
    expect([await drive.ready(), await told(transport)]).toEqual(["6/29/01", [50]]);
  });

  it("device status says to each path that there is news, until page 12 was read", async () => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    const hasNews = async (): Promise<boolean> => {
      const dataIn = new Uint8Array(12);
      await send(transport, [0x4d, 0, 0x51, 0, 0, 0, 0, 0, 12, 0], { dataIn });
      return (dataIn[11]! & 1) === 1;
    };
    expect(await hasNews()).toBe(false);
    await library.hands.breakDrive(0, "fan");
    await drive.ready();
    expect(await hasNews()).toBe(true);
    expect([await shown(transport), await hasNews()]).toEqual([[26], false]);
  });

  it("LOG SELECT takes all flags back", async () => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    await drive.prevent();
    await drive.unload();
    expect((await send(transport, [0x4c, 2, 0x6e, 0, 0, 0, 0, 0, 0, 0])).sense).toBe("good");
    expect([await told(transport), await shown(transport)]).toEqual([[], []]);
  });
});

describe("informational exceptions, mode page 1C", () => {
  it("nothing is said while they are disabled, which a new drive has", async () => {
    const library = await memoryLibrary();
    const { drive } = await loaded(library);
    await library.hands.breakDrive(0, "fan");
    expect([await drive.ready(), await drive.ready()]).toEqual(["good", "good"]);
  });

  it.each([[3, "1/5d/00"], [4, "1/5d/00"], [5, "0/5d/00"]])("method %i says %s once for each news", async (method, sense) => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    expect(await setExceptions(transport, 0, method)).toBe("good");
    expect(await drive.ready()).toBe("good");
    await library.hands.breakDrive(0, "fan");
    expect([await drive.ready(), await drive.ready()]).toEqual([sense, "good"]);
    await library.hands.breakDrive(0, "heat");
    expect([await drive.ready(), await drive.ready()]).toEqual([sense, "good"]);
  });

  it("method 2 says it by a unit attention, method 6 only to REQUEST SENSE", async () => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    await setExceptions(transport, 0, 2);
    await library.hands.breakDrive(0, "fan");
    expect([await drive.ready(), await drive.ready(), await drive.ready()]).toEqual(["good", "6/5d/00", "good"]);
    await setExceptions(transport, 0, 6);
    const dataIn = new Uint8Array(18);
    await send(transport, [3, 0, 0, 0, 18, 0], { dataIn });
    expect([dataIn[2]! & 0x0f, dataIn[12], dataIn[13], await drive.ready()]).toEqual([0, 0x5d, 0, "good"]);
  });

  it("a test raises its flag, takes it back, and is called a test", async () => {
    const library = await memoryLibrary();
    const { drive, transport } = await loaded(library);
    expect(await setExceptions(transport, 0x04, 3, 21)).toBe("good");
    expect([await drive.ready(), await drive.ready()]).toEqual(["1/5d/ff", "good"]);
    expect(await setExceptions(transport, 0x04, 3, 59)).toBe("good");
    expect(await shown(transport)).toContain(59);
    expect(await setExceptions(transport, 0x04, 3, -59)).toBe("good");
    expect(await shown(transport)).not.toContain(59);
    expect(await setExceptions(transport, 0x04, 3, 32767)).toBe("good");
    expect(await told(transport)).toHaveLength(64);
  });

  it("what no drive can do is refused: a test without reports, unknown methods and flags", async () => {
    const { transport } = await loaded(await memoryLibrary());
    expect([await setExceptions(transport, 0x0c, 3, 1), await setExceptions(transport, 0, 1), await setExceptions(transport, 0x04, 3, 65)]).toEqual(["5/26/00", "5/26/00", "5/26/00"]);
  });
});
