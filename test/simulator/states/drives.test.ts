import { describe, expect, it } from "vitest";
import { openLibrary } from "../../../simulator/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { drive as driveAddress, folderLibrary, loaded, move, send, slot, tape, temporaryFolder, u16, u24 } from "../initiator.ts";
import { homes } from "./homes.ts";

const lost = { code: "TRANSPORT_LOST" };

/** The sense that READ ELEMENT STATUS has of the first drive, and whether the gripper gets there. */
async function driveElement(changer: Parameters<typeof send>[0]): Promise<{ isExceptional: boolean; isAccessible: boolean; code: string }> {
  const dataIn = new Uint8Array(200);
  await send(changer, [0xb8, 4, ...u16(driveAddress(0)), ...u16(1), 0, ...u24(200), 0, 0], { dataIn });
  const flags = dataIn[8 + 8 + 2]!;
  return { isExceptional: (flags & 0x04) !== 0, isAccessible: (flags & 0x08) !== 0, code: Buffer.from(dataIn.subarray(20, 22)).toString("hex") };
}

describe.each(homes)("a drive of a library %s", (_name, make) => {
  it("does not answer while it is off, and begins anew without what was not on the tape", async () => {
    const library = await make();
    const { drive, changer, transport } = await loaded(library);
    await drive.write(new Uint8Array(100));
    await drive.marks(1);
    await drive.write(new Uint8Array(200));
    await send(transport, [0x16, 0, 0, 0, 0, 0]);
    await library.hands.setPower(0, false);
    await expect(drive.ready()).rejects.toMatchObject(lost);
    expect(await driveElement(changer)).toEqual({ isExceptional: true, isAccessible: false, code: "0412" });
    expect(await tape(await library.transport(2)).ready()).toBe("6/29/00");
    await library.hands.setPower(0, true);
    await transport.close();
    const again = tape(await library.transport(1));
    expect([await again.ready(), await again.ready()]).toEqual(["6/29/00", "good"]);
    expect([await again.space(3, 0), (await again.position()).object]).toEqual(["good", 2]);
    expect((await driveElement(changer)).isExceptional).toBe(false);
  });

  it("tells a path that did not notice that it was off in between", async () => {
    const library = await make();
    const { drive, transport } = await loaded(library);
    await drive.write(new Uint8Array(100));
    expect((await send(transport, [0x1e, 0, 0, 0, 1, 0])).sense).toBe("good");
    await library.hands.setPower(0, false);
    await library.hands.setPower(0, true);
    expect([await drive.ready(), await drive.ready(), (await drive.read(10)).sense]).toEqual(["6/29/01", "good", "8/00/05 info=10"]);
    expect(await drive.unload()).toBe("good");
  });

  it("forgets reservations when it loses power, those of paths that are gone too", async () => {
    const library = await make();
    const port = library.port();
    const [one, other] = ["one", "other"].map((name) => ({ name, transportId: new Uint8Array(24) }));
    port.connect(one!);
    port.connect(other!);
    const status = async (who: typeof one): Promise<number | string> => {
      const delivery = await port.deliver(1, who!, { cdb: Uint8Array.of(0x16, 0, 0, 0, 0, 0), timeoutMs: 1 });
      return delivery.kind === "completion" ? delivery.completion.status : delivery.kind;
    };
    expect([await status(one), await status(one), await status(other), await status(other)]).toEqual([2, 0, 2, 0x18]);
    await library.hands.setPower("library", false);
    expect([await status(one), await status(other)]).toEqual(["unreachable", "unreachable"]);
    await library.hands.setPower("library", true);
    expect([await status(other), await status(other)]).toEqual([2, 0]);
  });

  it("keeps everything while its cable is out", async () => {
    const library = await make();
    const port = library.port();
    const nexus = { name: "one", transportId: new Uint8Array(24) };
    const { transport, drive, changer } = await loaded(library);
    await drive.write(Uint8Array.of(7, 7, 7));
    port.connect(nexus);
    const ready = async (): Promise<string> => {
      const delivery = await port.deliver(1, nexus, { cdb: new Uint8Array(6), timeoutMs: 1 });
      return delivery.kind === "completion" ? String(delivery.completion.status) : delivery.kind;
    };
    expect([await ready(), await ready()]).toEqual(["2", "0"]);
    await library.hands.setCable(0, false);
    expect(await ready()).toBe("unreachable");
    expect((await driveElement(changer)).isExceptional).toBe(false);
    await expect(drive.ready()).rejects.toMatchObject(lost);
    await library.hands.setCable(0, true);
    expect(await ready()).toBe("0");
    await transport.close();
    const dataIn = new Uint8Array(3);
    for (const cdb of [[0x01, 0, 0, 0, 0, 0], [0x08, 0, 0, 0, 3, 0]]) await port.deliver(1, nexus, { cdb: Uint8Array.from(cdb), dataIn, timeoutMs: 1 });
    expect(dataIn).toEqual(Uint8Array.of(7, 7, 7));
  });

  it("is off with its library, and unreached when the cable of the library is out", async () => {
    const library = await make();
    for (const set of ["setPower", "setCable"] as const) {
      const [changer, drive] = [await library.transport(0), await library.transport(1)];
      await send(changer, [0, 0, 0, 0, 0, 0]);
      await library.hands[set]("library", false);
      for (const one of [changer, drive]) await expect(send(one, [0, 0, 0, 0, 0, 0])).rejects.toMatchObject(lost);
      await library.hands[set]("library", true);
      for (const one of [changer, drive]) await one.close();
    }
    expect((await send(await library.transport(0), [0, 0, 0, 0, 0, 0])).sense).toBe("6/29/00");
  });

  it("takes no cartridge while it is off", async () => {
    const library = await make();
    const changer = await library.transport(0);
    await send(changer, [0, 0, 0, 0, 0, 0]);
    await library.hands.setPower(0, false);
    expect(await move(changer, slot(0), driveAddress(0))).toBe("5/3b/18");
    await library.hands.setPower(0, true);
    expect(await move(changer, slot(0), driveAddress(0))).toBe("good");
  });

  it("does not let go of a cartridge that is stuck in it", async () => {
    const library = await make();
    const { drive, changer } = await loaded(library);
    await library.hands.breakDrive(0, "eject");
    expect([await drive.unload(), await move(changer, driveAddress(0), slot(0)), await drive.ready()]).toEqual(["4/53/00", "5/53/03", "good"]);
    await library.hands.mendDrive(0);
    expect([await drive.unload(), await move(changer, driveAddress(0), slot(0))]).toEqual(["good", "good"]);
  });

  it("tells of hands only what is there", async () => {
    const { hands } = await make();
    await hands.breakDrive(1, "fan");
    await hands.breakDrive(1, "heat");
    await hands.breakDrive(1, "fan");
    await hands.mendDrive(1, "heat");
    await hands.setPower(0, false);
    await hands.setPower(0, false);
    expect(hands.condition()).toEqual({
      library: { isOff: false, isCableOut: false, powerLosses: 0 },
      drives: [
        { isOff: true, isCableOut: false, powerLosses: 1, ailments: [], dirt: "clean" },
        { isOff: false, isCableOut: false, powerLosses: 0, ailments: ["fan"], dirt: "clean" },
      ],
    });
    await expect(hands.setPower(2, false)).rejects.toMatchObject({ code: "DRIVE_MISSING" });
    await expect(hands.breakDrive(-1, "fan")).rejects.toMatchObject({ code: "DRIVE_MISSING" });
  });
});

describe("power of a library in a folder", () => {
  it("is lost for a process that writes, when another one's hands switch it, even if that closes before its next command", async () => {
    const folder = temporaryFolder();
    const library = await folderLibrary(folder);
    const { drive, transport } = await loaded(library);
    await drive.write(new Uint8Array(100));
    await drive.marks(1);
    await drive.write(new Uint8Array(200));
    const other = await openLibrary(folder, systemRandom);
    await other.hands.setPower(0, false);
    await other.hands.setPower(0, true);
    await transport.close();
    const again = tape(await other.transport(1));
    expect([await again.ready(), await again.space(3, 0), (await again.position()).object]).toEqual(["6/29/00", "good", 2]);
    await other.close();
  });
});
