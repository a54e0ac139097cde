import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildScripted, type ScriptedPackage } from "../../../native/node-sg-ioctl/test/builds.ts";
import type { ScsiCommand, Transport } from "../../../src/scsi/index.ts";
import { openSgTransport } from "../../../src/transports/sgio/index.ts";
import { localDevices } from "../../../src/transports/sgio/index.ts";
import { type Clock, systemClock } from "../../../src/words/index.ts";
import { type FakeMachine, fakeMachine, furnish } from "./fake-machine.ts";

/** The addon itself, on devices that text files script instead of the kernel's. */
let scripted: ScriptedPackage;
beforeAll(() => { scripted = buildScripted(); });
afterAll(() => { scripted.remove(); });

const ready: ScsiCommand = { cdb: new Uint8Array(6), timeoutMs: 30_000 };
const failure = async (act: Promise<unknown>): Promise<unknown> => await act.then(() => "no error", (error: unknown) => error);
const open = async (path: string, clock: Clock = systemClock): Promise<Transport> => await openSgTransport(path, { clock, open: scripted.openDevice });

async function arrived(path: string): Promise<void> {
  while (scripted.arrivals(path).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("a command through sg", () => {
  it("brings back status, sense data and how much was moved", async () => {
    const path = scripted.device("plain", "command resid=12 fill=7e", "command status=2 driver=8 sense=70000600000000280000");
    const transport = await open(path);
    const dataIn = new Uint8Array(36);
    expect(await transport.execute({ ...ready, dataIn })).toEqual({ status: 0, sense: new Uint8Array(0), transferredBytes: 24 });
    expect(dataIn.subarray(22, 26)).toEqual(Uint8Array.of(0x7e, 0x7e, 0, 0));
    const answer = await transport.execute({ ...ready, dataOut: new Uint8Array(0) });
    expect(answer).toMatchObject({ status: 2, transferredBytes: 0 });
    expect(Buffer.from(answer.sense).toString("hex")).toBe("70000600000000280000");
    expect(scripted.arrivals(path)[1]).toMatch(/^v3 none 0 30000 /);
    expect(transport.name).toBe(path);
    await transport.close();
  });

  it("may be as large as what the kernel reserved, and no larger", async () => {
    const path = scripted.device("large", "reserve 524288");
    const transport = await open(path);
    expect(transport.maxTransferBytes).toBe(524_288);
    expect(await failure(transport.execute({ ...ready, dataOut: new Uint8Array(524_289) }))).toMatchObject({ code: "TRANSPORT_REFUSED" });
    expect(scripted.arrivals(path)).toEqual([]);
    expect(await transport.execute({ ...ready, dataOut: new Uint8Array(524_288) })).toMatchObject({ transferredBytes: 524_288 });
    expect(await failure(transport.execute({ ...ready, cdb: new Uint8Array(5) }))).toMatchObject({ code: "CDB_LENGTH" });
    await transport.close();
    const limited = await openSgTransport(path, { clock: systemClock, open: scripted.openDevice, transferLimitBytes: 65_536 });
    expect(limited.maxTransferBytes).toBe(65_536);
    await limited.close();
  });

  it("is answered in its turn, without waiting for the last one", async () => {
    const transport = await open(scripted.device("turns", ...[3, 2, 1, 0].map((resid) => `command resid=${String(resid)} delay=${String(resid)}`)));
    const answers = await Promise.all([1, 2, 3, 4].map(() => transport.execute({ ...ready, dataIn: new Uint8Array(8) })));
    expect(answers.map(({ transferredBytes }) => transferredBytes)).toEqual([5, 6, 7, 8]);
    await transport.close();
  });
});

describe("when no answer is to be had", () => {
  it("a time-out does not end the transport", async () => {
    const transport = await open(scripted.device("slow", "command host=3", "command status=0"));
    expect(await failure(transport.execute(ready))).toMatchObject({ code: "TRANSPORT_TIMEOUT", kind: "failed" });
    expect(await transport.execute(ready)).toMatchObject({ status: 0 });
    await transport.close();
  });

  it.each(["host=1", "host=8", "errno=ENODEV", "errno=ENXIO", "errno=EINTR", "errno=EIO"])("a loss does, and what waited is not sent (%s)", async (what) => {
    const path = scripted.device(`lost-${what}`, `command ${what}`, "command status=0");
    const transport = await open(path);
    const outcomes = await Promise.all([1, 2, 3].map(() => failure(transport.execute({ ...ready, dataOut: new Uint8Array(4) }))));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: "TRANSPORT_LOST" });
    expect(scripted.arrivals(path)).toHaveLength(1);
    await transport.close();
    expect(await failure(transport.execute(ready))).toMatchObject({ code: "TRANSPORT_CLOSED" });
  });

  it("a command that this system did not take is told apart, or is as BUSY", async () => {
    const transport = await open(scripted.device("refusing", "command errno=ENOMEM", "command errno=EAGAIN", "command status=0"));
    expect(await failure(transport.execute(ready))).toMatchObject({ code: "TRANSPORT_REFUSED" });
    expect(await transport.execute(ready)).toMatchObject({ status: 8 });
    expect(await transport.execute(ready)).toMatchObject({ status: 0 });
    await transport.close();
  });
});

describe("closing", () => {
  it("rejects what is under way and what waits; twice is fine", async () => {
    const path = scripted.device("closing", "command hang=1");
    const transport = await open(path);
    const pending = [failure(transport.execute(ready)), failure(transport.execute(ready))];
    await arrived(path);
    const gone = [transport.close(), transport.close()];
    for (const outcome of await Promise.all(pending)) expect(outcome).toMatchObject({ code: "TRANSPORT_CLOSED" });
    scripted.release(path);
    await Promise.all(gone);
    expect(scripted.arrivals(path)).toHaveLength(1);
  });

  it("leaves a device that does not come back to the kernel", async () => {
    const path = scripted.device("never", "command hang=1");
    const waits: number[] = [];
    const clock: Clock = { ...systemClock, sleep: (durationMs) => { waits.push(durationMs); return Promise.resolve(); } };
    const transport = await open(path, clock);
    const pending = failure(transport.execute(ready));
    await arrived(path);
    await transport.close();
    expect(await pending).toMatchObject({ code: "TRANSPORT_CLOSED" });
    expect(waits).toEqual([5000]);
    scripted.release(path);
  });
});

describe("opening", () => {
  it.each([
    ["ENOENT", "missing", "DEVICE_MISSING"],
    ["ENXIO", "missing", "DEVICE_MISSING"],
    ["ENODEV", "missing", "DEVICE_MISSING"],
    ["EACCES", "denied", "DEVICE_NOT_PERMITTED"],
    ["EPERM", "denied", "DEVICE_NOT_PERMITTED"],
    ["EIO", "temporary", "DEVICE_NOT_OPENED"],
    ["EBUSY", "busy", "TRANSPORT_BUSY"],
  ])("%s is told as %s, %s", async (errno, kind, code) => {
    const path = scripted.device(`open-${errno}`, `open ${errno}`);
    expect(await failure(open(errno === "ENOENT" ? `${path}-not` : path))).toMatchObject({ kind, code });
  });

  it("what is no SCSI device is told, by the kernel itself", async () => {
    expect(await failure(openSgTransport("/dev/null", { clock: systemClock }))).toMatchObject({ kind: "usage", code: "DEVICE_NOT_SCSI" });
  });
});

describe("the drives of this machine", () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = fakeMachine();
    furnish(machine);
  });
  afterEach(() => { machine.remove(); });
  const devices = () => localDevices({ clock: systemClock, processId: 30, roots: machine.roots, open: scripted.openDevice });

  it("are opened by the serial number that the changer tells, for one process alone", async () => {
    machine.process(30, "node", `${machine.roots.dev}/sg3`);
    const drive = await devices().openDrive({ number: 0, driveSerial: "10WT000001" });
    expect(drive.name).toBe(`${machine.roots.dev}/sg3`);
    expect(await failure(devices().openDrive({ number: 0, driveSerial: "10WT000001" }))).toMatchObject({ code: "TRANSPORT_BUSY" });
    await drive.close();
  });

  it("are refused while somebody has any node of theirs open, and it is said who", async () => {
    machine.process(4711, "tar", `${machine.roots.dev}/nst0`);
    const error = await failure(devices().openDrive({ number: 0, driveSerial: "10WT000001" }));
    expect(error).toMatchObject({ kind: "busy", code: "TRANSPORT_BUSY" });
    expect((error as Error).message).toBe(`${machine.roots.dev}/sg3 (IBM ULT3580-HH9) is in use: tar (process 4711) has ${machine.roots.dev}/nst0 open; nothing was sent`);
    const other = await devices().openDrive({ number: 1, driveSerial: "10WT000002" });
    await other.close();
  });

  it("are asked for a serial number that the kernel does not know", async () => {
    machine.add({ address: "8:0:0:0", type: 1, classes: ["scsi_generic/sg9"] });
    machine.write("dev/sg9", "command data=0180000441424344 resid=247\n");
    const drive = await devices().openDrive({ number: 0, driveSerial: "ABCD" });
    expect(drive.name).toBe(`${machine.roots.dev}/sg9`);
    await drive.close();
  });

  it("need not tell it", async () => {
    machine.add({ address: "8:0:0:0", type: 1, classes: ["scsi_generic/sg9"] });
    machine.write("dev/sg9", "command status=2 sense=700005\n");
    expect(await failure(devices().openDrive({ number: 0, driveSerial: "UNKNOWN" }))).toMatchObject({ code: "DRIVE_UNMAPPED" });
    expect(scripted.arrivals(`${machine.roots.dev}/sg9`)).toEqual([expect.stringMatching(/^v3 in 255 30000 12018000ff00 /)]);
  });

  it("and the changer have names that last", async () => {
    expect(devices().reference(`${machine.roots.dev}/sg4`, "changer")).toBe("serial:00L4U78W6497_LL0");
    const changer = await devices().openChanger("serial:00L4U78W6497_LL0");
    expect(changer.name).toBe(`${machine.roots.dev}/sg4`);
    await changer.close();
    expect(devices().list()).toHaveLength(6);
  });
});
