import { describe, expect, it } from "vitest";
import { type MediaChanger, openMediaChanger, quirks } from "../../src/devices/changer/index.ts";
import {
  buildElementRanges, buildElementStatus, buildMode6, buildSense, type ElementStatus, elementType, type ScsiCommand, type Sense, status, type Transport,
} from "../../src/scsi/index.ts";
import { SleepingClock } from "./scripted-transport.ts";

const firstSlot = 0x1000;
const first: Readonly<Record<number, number>> = { 1: 1, 2: firstSlot, 3: 0x300, 4: 0x100 };
const modeOf = (slots: number): Uint8Array => buildMode6({
  mediumType: 0, writeProtected: false, bufferedMode: 0, densityCode: undefined, blockBytes: undefined,
  pages: [{ page: 0x1d, subpage: 0, body: buildElementRanges({
    transports: { first: 1, count: 1 }, slots: { first: firstSlot, count: slots }, mailSlots: { first: 0x300, count: 0 }, drives: { first: 0x100, count: 1 },
  }) }],
});
const element = (type: number, number: number, more: Partial<ElementStatus> = {}): ElementStatus => ({
  type, address: (first[type] ?? 0) + number, full: type === elementType.slot, accessible: true, exception: undefined, sourceAddress: undefined,
  volumeTag: type === elementType.slot ? `S${String(number).padStart(5, "0")}L8` : undefined, deviceId: type === elementType.drive ? "SERIAL0001" : undefined, ...more,
});

interface Behaviour {
  readonly slots: number;
  /** How many slots there are, if not as many as the mode page says. */
  readonly fitted?: number;
  /** Before each answer; sense ends the command. */
  readonly before?: (cdb: Uint8Array) => Partial<Sense> | undefined;
  readonly cutAt?: number;
  readonly ignoresStart?: boolean;
}

/** A changer that answers READ ELEMENT STATUS as firmware does, with its bounds and its faults. */
class Firmware implements Transport {
  readonly name = "firmware";
  readonly maxTransferBytes = 1 << 20;
  readonly asked: number[] = [];
  behaviour: Behaviour;

  constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
  }

  execute({ cdb, dataIn }: ScsiCommand) {
    const refusal = this.behaviour.before?.(cdb);
    if (refusal) return Promise.resolve(sensed(refusal));
    const data = cdb[0] === 0x1a ? modeOf(this.behaviour.slots) : this.#elements(cdb);
    if (data === undefined) return Promise.resolve(sensed({ key: 5, asc: 0x21, ascq: 1 }));
    const cut = data.subarray(0, Math.min(dataIn?.length ?? 0, this.behaviour.cutAt ?? data.length));
    dataIn?.set(cut);
    return Promise.resolve({ status: status.good, sense: new Uint8Array(0), transferredBytes: cut.length });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #elements(cdb: Uint8Array): Uint8Array | undefined {
    const [type, count] = [(cdb[1] ?? 0) & 0x0f, ((cdb[4] ?? 0) << 8) | (cdb[5] ?? 0)];
    const start = this.behaviour.ignoresStart === true ? 0 : ((cdb[2] ?? 0) << 8) | (cdb[3] ?? 0);
    if (type === elementType.slot) this.asked.push(start);
    const { slots, fitted = slots } = this.behaviour;
    if (type === elementType.slot && start >= firstSlot + fitted) return undefined;
    const all = Array.from({ length: type === elementType.slot ? fitted : 1 }, (_, number) => element(type, number));
    return buildElementStatus(all.filter(({ address }) => address >= start).slice(0, count), { volumeTags: ((cdb[1] ?? 0) & 0x10) !== 0, deviceIds: cdb[6] === 1 });
  }
}

function sensed(sense: Partial<Sense>) {
  const whole = { deferred: false, key: 0, asc: 0, ascq: 0, filemark: false, endOfMedium: false, incorrectLength: false, ...sense };
  return { status: status.checkCondition, sense: buildSense(whole, "fixed"), transferredBytes: 0 };
}

const changerOf = (firmware: Firmware): MediaChanger => openMediaChanger(firmware, new SleepingClock());
const slotsOf = async (firmware: Firmware) => (await changerOf(firmware).inventory()).elements.filter(({ kind }) => kind === "slot");

describe("reading a library", () => {
  it.each([[254], [255], [3000]])("finds all of %i slots, from where each answer ended", async (slots) => {
    const firmware = new Firmware({ slots });
    expect((await slotsOf(firmware)).map(({ number, barcode }) => `${String(number)} ${barcode ?? ""}`)).toEqual(
      Array.from({ length: slots }, (_, at) => `${String(at + 1)} S${String(at).padStart(5, "0")}L8`),
    );
    expect(firmware.asked).toEqual(Array.from({ length: Math.ceil(slots / 127) }, (_, at) => firstSlot + at * 127));
  });

  it("goes on where an answer was cut in the middle of a descriptor", async () => {
    const firmware = new Firmware({ slots: 40, cutAt: 700 });
    expect(await slotsOf(firmware)).toHaveLength(40);
    expect(firmware.asked.length).toBeGreaterThan(2);
  });

  it("takes the slots that are fitted, where fewer are than the changer counts", async () => {
    expect(await slotsOf(new Firmware({ slots: 200, fitted: 24 }))).toHaveLength(24);
  });

  it.each([["begins anew each time", { ignoresStart: true }], ["is too short for one element", { cutAt: 20 }]])(
    "takes no half inventory from an answer that %s",
    async (_what, behaviour) => {
      await expect(slotsOf(new Firmware({ slots: 200, ...behaviour }))).rejects.toMatchObject({ code: "DEVICE_ANSWER_UNREADABLE" });
    },
  );

  it("begins anew when a magazine is changed while it reads", async () => {
    let told = false;
    const firmware = new Firmware({ slots: 10 });
    firmware.behaviour = { slots: 10, before: (cdb) => {
      if (told || cdb[0] !== 0xb8 || ((cdb[1] ?? 0) & 0x0f) !== elementType.transport) return undefined;
      told = true;
      firmware.behaviour = { slots: 20 };
      return { key: 6, asc: 0x3b, ascq: 0x13 };
    } };
    expect(await slotsOf(firmware)).toHaveLength(20);
  });

  it("ends when the library does not stop changing", async () => {
    let asked = 0;
    const restless = new Firmware({ slots: 10, before: (cdb) => (cdb[0] === 0xb8 && (asked += 1) % 2 === 0 ? { key: 6, asc: 0x28, ascq: 1 } : undefined) });
    await expect(slotsOf(restless)).rejects.toMatchObject({ code: "LIBRARY_CHANGED", kind: "temporary" });
  });

  it("says that a door is open, and what to do", async () => {
    const open = new Firmware({ slots: 3, before: () => ({ key: 2, asc: 0x04, ascq: 0x18 }) });
    await expect(slotsOf(open)).rejects.toMatchObject({ code: "DOOR_OPEN" });
    const condition = await changerOf(open).condition();
    expect(condition).toMatchObject({ ready: false, code: "DOOR_OPEN" });
    expect(condition.sentence).toContain("door");
  });
});

describe("commands that a changer may lack", () => {
  const from = { kind: "slot", number: 1 } as const;
  const drive = { kind: "drive", number: 0 } as const;

  it("leaves exchanges to two movements", async () => {
    expect(await changerOf(new Firmware({ slots: 3 })).exchange(from, drive, { kind: "slot", number: 2 })).toBe("unsupported");
  });

  it("says that mail slots are opened by hand, without any and without the command", async () => {
    expect(await changerOf(new Firmware({ slots: 3 })).mailSlots("open")).toBe("unsupported");
    const unknown = new Firmware({ slots: 3, before: (cdb) => (cdb[0] === 0x1e ? { key: 5, asc: 0x20 } : undefined) });
    expect(await changerOf(unknown).holdMailSlots(true)).toBe("unsupported");
  });
});

describe("quirks", () => {
  it("give a reason and a source each", () => {
    for (const { because, knownFrom } of quirks) expect(because.length * knownFrom.length).toBeGreaterThan(0);
  });
});
