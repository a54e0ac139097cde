import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { allocateBuffer, openDevice, type SgCommand, type SgDevice } from "node-sg-ioctl";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemError } from "../explain.js";
import { buildScripted, type ScriptedPackage } from "./builds.ts";

let scripted: ScriptedPackage;
beforeAll(() => { scripted = buildScripted(); });
afterAll(() => { scripted.remove(); });

const inquiry = Uint8Array.of(0x12, 0, 0, 0, 36, 0);
const simple: SgCommand = { cdb: inquiry, timeoutMs: 30_000 };
const failure = async (act: Promise<unknown>): Promise<unknown> => await act.then(() => "no error", (error: unknown) => error);
const open = async (name: string, ...lines: readonly string[]): Promise<SgDevice> => await scripted.openDevice(scripted.device(name, ...lines));
const tasks = () => readdirSync("/proc/self/task").length;
const descriptors = () => readdirSync("/proc/self/fd").length;

async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(holds()).toBe(true);
}

describe("on a kernel of any kind", () => {
  it("says what is missing when there is no such device", async () => {
    expect(await failure(openDevice("/dev/sg-that-is-not-there"))).toMatchObject({ code: "ENOENT", errno: -2, syscall: "open", path: "/dev/sg-that-is-not-there" });
  });

  it("knows a file that is no SCSI device", async () => {
    const error = await failure(openDevice("/dev/null"));
    expect(error).toMatchObject({ code: "ENOTTY", syscall: "ioctl(SG_GET_VERSION_NUM)", path: "/dev/null" });
    expect(String(error)).toContain("this is no SCSI device");
  });

  it("allocates zeroed memory", () => {
    expect(allocateBuffer(70_000)).toEqual(new Uint8Array(70_000));
    for (const bytes of [0, -1, 1.5, 2 ** 28 + 1, Number.NaN]) expect(() => allocateBuffer(bytes), String(bytes)).toThrow(/bytes must be an integer/);
  });
});

describe("a command", () => {
  it("brings back status, sense data, residual and duration", async () => {
    const device = await open("answer", "version 30901", "command status=2 host=0 driver=8 sense=70000600000000280000 resid=30 delay=20");
    expect(device).toMatchObject({ version: 3, driverVersion: 30_901 });
    const answer = await device.execute({ ...simple, dataIn: new Uint8Array(36) });
    expect(answer).toMatchObject({ status: 2, hostStatus: 0, driverStatus: 8, residualBytes: 30, direct: false });
    expect(Buffer.from(answer.sense).toString("hex")).toBe("70000600000000280000");
    expect(answer.durationMs).toBeGreaterThanOrEqual(20);
    await device.close();
  });

  it("goes out as it was given, with headers of version 3 and 4", async () => {
    for (const version of [3, 4] as const) {
      const path = scripted.device(`header${version}`, "command status=18 host=1 driver=6 resid=-4 sense=720b");
      const device = await scripted.openDevice(path, { version });
      const dataOut = Buffer.from("0102030405060708090a", "hex");
      const answer = await device.execute({ cdb: Uint8Array.of(0x8a, ...new Uint8Array(15)), dataOut, timeoutMs: 166_370_000 });
      expect(answer).toMatchObject({ status: 0x18, hostStatus: 1, driverStatus: 6, residualBytes: -4, sense: Buffer.of(0x72, 0x0b) });
      await device.execute({ ...simple, dataIn: new Uint8Array(36) });
      await device.execute(simple);
      const arrived = scripted.arrivals(path).map((line) => line.replace(/ page=\d+/, ""));
      expect(arrived).toEqual([
        `v${version} out 10 166370000 8a${"00".repeat(15)} data=0102030405060708 blocked=1`,
        `v${version} in 36 30000 120000002400 data= blocked=1`,
        `v${version} none 0 30000 120000002400 data= blocked=1`,
      ]);
      await device.close();
    }
  });

  it("uses the buffer where it is", async () => {
    const path = scripted.device("place", "command fill=c3 resid=6 direct=1");
    const device = await scripted.openDevice(path);
    const buffer = scripted.allocateBuffer(8192);
    const answer = await device.execute({ ...simple, dataIn: buffer.subarray(100, 116), direct: true });
    expect(answer.direct).toBe(true);
    expect(buffer.subarray(99, 112)).toEqual(Uint8Array.from([0, ...new Array<number>(10).fill(0xc3), 0, 0]));
    await device.execute({ ...simple, dataOut: buffer.subarray(4096) });
    expect(scripted.arrivals(path).map((line) => /page=(\d+)/.exec(line)?.[1])).toEqual(["100", "0"]);
    await device.close();
  });

  it("keeps its buffer alive while the kernel has it, and no longer", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const path = scripted.device("alive", "command hang=1 fill=77");
    const device = await scripted.openDevice(path);
    const start = (): readonly [WeakRef<Uint8Array>, Promise<unknown>] => {
      const buffer = scripted.allocateBuffer(1 << 20);
      return [new WeakRef(buffer), device.execute({ ...simple, dataIn: buffer })];
    };
    const [weak, answer] = start();
    await eventually(() => scripted.arrivals(path).length === 1);
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    expect(weak.deref()).toBeDefined();
    scripted.release(path);
    await answer;
    await eventually(() => {
      collect();
      return weak.deref() === undefined;
    });
    await device.close();
  });

  it("is answered in the order of the calls, one at a time", async () => {
    const path = scripted.device("order", ...Array.from({ length: 10 }, (_, index) => `command resid=${index} delay=${10 - index}`));
    const device = await scripted.openDevice(path);
    const answers = await Promise.all(Array.from({ length: 10 }, () => device.execute({ ...simple, dataIn: new Uint8Array(36) })));
    expect(answers.map(({ residualBytes }) => residualBytes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await device.close();
  });

  it("is refused when it is malformed, before anything is sent", async () => {
    const path = scripted.device("malformed");
    const device = await scripted.openDevice(path);
    const malformed: readonly object[] = [
      { cdb: new Uint8Array(5), timeoutMs: 1 },
      { cdb: new Uint8Array(33), timeoutMs: 1 },
      { cdb: [0, 0, 0, 0, 0, 0], timeoutMs: 1 },
      { cdb: inquiry, timeoutMs: 0 },
      { cdb: inquiry, timeoutMs: 2 ** 31 },
      { cdb: inquiry, timeoutMs: 1.5 },
      { cdb: inquiry, timeoutMs: 1, dataIn: new Uint8Array(0) },
      { cdb: inquiry, timeoutMs: 1, dataIn: new Uint16Array(4) },
      { cdb: inquiry, timeoutMs: 1, dataIn: new Uint8Array(4), dataOut: new Uint8Array(4) },
      { cdb: inquiry, timeoutMs: 1, dataIn: new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 })) },
      { cdb: inquiry, timeoutMs: 1, direct: 1 },
    ];
    for (const command of malformed) {
      expect(() => device.execute(command as SgCommand), JSON.stringify(command)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARG" }) as Error);
    }
    expect(scripted.arrivals(path)).toEqual([]);
    await device.close();
  });
});

describe("trouble", () => {
  it("is told with its errno, and nothing is sent twice", async () => {
    const names = ["EINTR", "EAGAIN", "ENODEV", "ENXIO", "ENOMEM", "EINVAL", "EPERM", "ENOSYS", "EIO", "EDOM", "EFAULT"];
    const path = scripted.device("errors", ...names.map((name) => `command errno=${name}`), "command status=0");
    const device = await scripted.openDevice(path);
    for (const code of names) {
      const error = await failure(device.execute(simple));
      expect(error).toMatchObject({ code, syscall: "ioctl(SG_IO)", path });
      expect((error as NodeJS.ErrnoException).errno).toBeLessThan(0);
    }
    expect(await device.execute(simple)).toMatchObject({ status: 0 });
    expect(scripted.arrivals(path)).toHaveLength(names.length + 1);
    await device.close();
  });

  it("of opening is told, and leaves nothing behind", async () => {
    const before = descriptors();
    for (const code of ["EBUSY", "EPERM", "EACCES", "ENODEV", "ENXIO"]) {
      expect(await failure(open("closed-door", `open ${code}`))).toMatchObject({ code, syscall: "open" });
    }
    expect(await failure(scripted.openDevice(scripted.device("no-reserve", "reserve EBUSY"), { reservedBytes: 4096 }))).toMatchObject({ code: "EBUSY", syscall: "ioctl(SG_SET_RESERVED_SIZE)" });
    expect(descriptors()).toBe(before);
    for (const path of ["", "a\0b", "x".repeat(5000)]) expect(await failure(scripted.openDevice(path))).toMatchObject({ code: "ERR_INVALID_ARG" });
  });

  it("of two who want a device alone is seen", async () => {
    const path = scripted.device("alone");
    const first = await scripted.openDevice(path, { exclusive: true });
    const error = await failure(scripted.openDevice(path));
    expect(error).toMatchObject({ code: "EBUSY", syscall: "open" });
    await first.close();
    const shared = [await scripted.openDevice(path), await scripted.openDevice(path)];
    expect(await failure(scripted.openDevice(path, { exclusive: true }))).toMatchObject({ code: "EBUSY" });
    await Promise.all(shared.map((device) => device.close()));
  });

  it("of a kernel without SCSI is named", () => {
    const about = (hasScsi: boolean, hasSg: boolean) => systemError("/dev/sg0", 2, "open", { hasScsi: () => hasScsi, hasSg: () => hasSg }).message;
    expect(about(false, false)).toContain("this kernel has no SCSI");
    expect(about(true, false)).toContain("modprobe sg");
    expect(about(true, true)).toContain("there is no such device");
  });
});

describe("the reserved buffer", () => {
  it("is what the kernel grants", async () => {
    const path = scripted.device("reserve", "reserve 524288");
    const device = await scripted.openDevice(path, { reservedBytes: 1 << 20 });
    expect(device.reservedBytes).toBe(524_288);
    expect(await device.reserve(65_536)).toBe(65_536);
    expect(device.reservedBytes).toBe(65_536);
    expect(() => device.reserve(0)).toThrow(/bytes must be an integer/);
    await device.close();
    expect(await failure(device.reserve(1))).toMatchObject({ code: "SG_CLOSED" });
    const untouched = await scripted.openDevice(path);
    expect(untouched.reservedBytes).toBe(32_768);
    await untouched.close();
  });
});

describe("closing", () => {
  it("rejects what is under way and what waits, at once, and resolves when the kernel has let go", async () => {
    const path = scripted.device("hung", "command hang=1 fill=99");
    const device = await scripted.openDevice(path);
    const dataIn = scripted.allocateBuffer(64);
    const running = failure(device.execute({ ...simple, dataIn }));
    await eventually(() => scripted.arrivals(path).length === 1);
    const waiting = failure(device.execute(simple));
    let isGone = false;
    const gone = device.close().then(() => { isGone = true; });
    expect(await running).toMatchObject({ code: "SG_ABORTED", path });
    expect(await waiting).toMatchObject({ code: "SG_ABORTED" });
    expect(await failure(device.execute(simple))).toMatchObject({ code: "SG_CLOSED" });
    expect(isGone).toBe(false);
    expect(dataIn[0]).toBe(0);
    scripted.release(path);
    await Promise.all([gone, device.close()]);
    expect(dataIn[63]).toBe(0x99);
    expect(scripted.arrivals(path)).toHaveLength(1);
  });

  it("bounds what may wait", async () => {
    const path = scripted.device("full", "command hang=1");
    const device = await scripted.openDevice(path, { queueLimit: 2 });
    const first = device.execute(simple);
    await eventually(() => scripted.arrivals(path).length === 1);
    const waiting = [device.execute(simple), device.execute(simple)];
    expect(await failure(device.execute(simple))).toMatchObject({ code: "SG_QUEUE_FULL" });
    scripted.release(path);
    expect(await Promise.all([first, ...waiting])).toHaveLength(3);
    await device.close();
  });

  it("leaves a hung device to itself: others work, timers run", async () => {
    const path = scripted.device("stuck", "command hang=1");
    const stuck = await scripted.openDevice(path);
    const answer = stuck.execute(simple);
    await eventually(() => scripted.arrivals(path).length === 1);
    const others = await Promise.all(Array.from({ length: 8 }, (_, index) => open(`other${index}`, "command status=0")));
    for (let round = 0; round < 10; round += 1) {
      expect(await Promise.all(others.map((device) => device.execute(simple)))).toHaveLength(8);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(others.map((device) => device.close()));
    scripted.release(path);
    expect(await answer).toMatchObject({ status: 0 });
    await stuck.close();
  });

  it("a thousand times leaks no descriptor, thread or memory", async () => {
    const path = scripted.device("cycles", "command status=2 sense=70000600000000280000 fill=5a");
    const cycle = async () => {
      const device = await scripted.openDevice(path, { reservedBytes: 65_536 });
      const answer = await device.execute({ ...simple, dataIn: new Uint8Array(4096) });
      await device.close();
      return answer.sense.length;
    };
    for (let round = 0; round < 100; round += 1) await cycle();
    const before = { tasks: tasks(), descriptors: descriptors(), rss: process.memoryUsage.rss() };
    for (let round = 0; round < 1000; round += 1) expect(await cycle()).toBe(10);
    await eventually(() => tasks() <= before.tasks);
    expect(descriptors()).toBe(before.descriptors);
    // A leaked stack alone would be 256 MiB of addresses, a leaked buffer 4 MiB, a leaked device 1 MiB; the rest is for the collector.
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(64 * 1024 * 1024);
  });
});
