import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type LibraryPort, type Nexus, type VirtualLibrary } from "../../simulator/index.ts";
import { parseSense, status } from "../../src/scsi/index.ts";
import { systemRandom } from "../../src/words/index.ts";

const nexus = (name: string): Nexus => ({ name, transportId: new Uint8Array(24) });
const testUnitReady = new Uint8Array(6);
const moveToDrive = (slotAddress: number, driveAddress: number): Uint8Array =>
  Uint8Array.of(0xa5, 0, 0, 0, slotAddress >> 8, slotAddress & 0xff, driveAddress >> 8, driveAddress & 0xff, 0, 0, 0, 0);

describe("the port of a library", () => {
  let library: VirtualLibrary;
  let port: LibraryPort;
  const [one, other] = [nexus("one"), nexus("other")];
  beforeEach(async () => {
    library = await createMemoryLibrary({ drives: 1, cartridges: [{ barcode: "SR0001L8", capacityBytes: 1 << 20 }] }, systemRandom);
    port = library.port();
    port.connect(one);
    port.connect(other);
  });
  afterEach(async () => { await library.close(); });

  /** GOOD, or the sense as `key/asc/ascq`, or how it ended without an answer. */
  const send = async (who: Nexus, lun: number, cdb: Uint8Array, dataIn?: Uint8Array): Promise<string> => {
    const delivery = await port.deliver(lun, who, { cdb, timeoutMs: 1000, ...(dataIn === undefined ? {} : { dataIn }) });
    if (delivery.kind !== "completion") return delivery.kind;
    const sense = parseSense(delivery.completion.sense);
    if (delivery.completion.status === status.busy) return "busy";
    return sense === undefined ? "good" : [sense.key, sense.asc, sense.ascq].map((value) => value.toString(16)).join("/");
  };
  const loadDrive = async (who: Nexus): Promise<void> => {
    while ((await send(who, 0, testUnitReady)) !== "good");
    const modes = new Uint8Array(64);
    await send(who, 0, Uint8Array.of(0x1a, 0x08, 0x1d, 0, 64, 0), modes);
    const view = new DataView(modes.buffer);
    expect(await send(who, 0, moveToDrive(view.getUint16(4 + 6), view.getUint16(4 + 14)))).toBe("good");
  };

  it("lets several initiators share a unit, each with attentions of its own", async () => {
    expect([await send(one, 1, testUnitReady), await send(one, 1, testUnitReady)]).toEqual(["6/29/0", "2/3a/0"]);
    expect(await send(other, 1, testUnitReady)).toBe("6/29/0");
    await loadDrive(one);
    expect([await send(other, 1, testUnitReady), await send(other, 1, testUnitReady)]).toEqual(["6/28/0", "good"]);
    expect([await send(one, 1, testUnitReady), await send(one, 1, testUnitReady)]).toEqual(["6/28/0", "good"]);
  });

  it("tells the others when one changes the mode, and everybody of a reset", async () => {
    for (const who of [one, other]) await send(who, 1, testUnitReady);
    await loadDrive(one);
    for (const who of [one, other]) await send(who, 1, testUnitReady);
    const list = Uint8Array.of(0, 0, 0x10, 0, 0x0f, 0x0e, 0x40, 0x80, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0);
    const selected = await port.deliver(1, one, { cdb: Uint8Array.of(0x15, 0x10, 0, 0, list.length, 0), dataOut: list, timeoutMs: 1000 });
    expect(selected).toMatchObject({ kind: "completion", completion: { status: status.good } });
    expect([await send(one, 1, testUnitReady), await send(other, 1, testUnitReady)]).toEqual(["good", "6/2a/1"]);
    await port.reset(1);
    expect([await send(one, 1, testUnitReady), await send(other, 1, testUnitReady)]).toEqual(["6/29/3", "6/29/3"]);
    await port.powerCycle(1);
    expect([await send(one, 1, testUnitReady), await send(other, 1, testUnitReady)]).toEqual(["6/29/1", "6/29/1"]);
  });

  it("answers for units that are not there, and drops who is not connected", async () => {
    expect(await send(one, 9, testUnitReady)).toBe("5/25/0");
    const inquiry = new Uint8Array(36);
    expect(await send(one, 9, Uint8Array.of(0x12, 0, 0, 0, 36, 0), inquiry)).toBe("good");
    expect(inquiry[0]).toBe(0x7f);
    expect(await send(nexus("stranger"), 1, testUnitReady)).toBe("dropped");
    expect(() => { port.connect(one); }).toThrow(TypeError);
  });

  it("ends what an initiator held when it goes", async () => {
    for (const who of [one, other]) await send(who, 1, testUnitReady);
    await loadDrive(one);
    for (const who of [one, other]) await send(who, 1, testUnitReady);
    const unload = Uint8Array.of(0x1b, 0, 0, 0, 0, 0);
    expect(await send(one, 1, Uint8Array.of(0x1e, 0, 0, 0, 1, 0))).toBe("good");
    expect(await send(other, 1, unload)).toBe("5/53/2");
    await port.disconnect(one);
    expect(await send(other, 1, unload)).toBe("good");
  });

  it("is busy where a drive is held elsewhere, and strikes with the same faults as the transports", async () => {
    library.inject({ lun: 1, nth: 2, effect: { kind: "drop" } });
    expect([await send(one, 1, testUnitReady), await send(one, 1, testUnitReady)]).toEqual(["6/29/0", "dropped"]);
    await expect(library.transport(1)).rejects.toMatchObject({ code: "TRANSPORT_BUSY" });
    await port.disconnect(one);
    const alone = await library.transport(1);
    await alone.close();
  });
});
