/*
 * The addon node-sg-ioctl on a real sg driver: run in the guest with the sg device of a disk of scsi_debug, and of any other device.
 * Prints one line a proof, and ends with 1 when one failed.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { allocateBuffer, openDevice } from "node-sg-ioctl";

const [, , disk = "", other = ""] = process.argv;

const timeoutMs = 60_000;
const inquiry = Uint8Array.of(0x12, 0, 0, 0, 96, 0);
const testUnitReady = new Uint8Array(6);
const write10 = (blocks: number): Uint8Array => Uint8Array.of(0x2a, 0, 0, 0, 0, 0, 0, blocks >> 8, blocks & 0xff, 0);
const read10 = (blocks: number): Uint8Array => Uint8Array.of(0x28, 0, 0, 0, 0, 0, 0, blocks >> 8, blocks & 0xff, 0);
const errorCode = async (act: Promise<unknown>): Promise<unknown> => await act.then(() => "no error", (error: unknown) => (error as { code?: unknown }).code);

const failures: string[] = [];
async function prove(what: string, act: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(`proof: ok|${what}|${await act()}\n`);
  } catch (error) {
    failures.push(what);
    process.stdout.write(`proof: FAILED|${what}|${String(error).replace(/[|\n]/g, " ")}\n`);
  }
}

function expect(holds: boolean, told: string): void {
  if (!holds) throw new Error(told);
}

await prove("INQUIRY comes back with its residual", async () => {
  const device = await openDevice(disk);
  const dataIn = allocateBuffer(512);
  const answer = await device.execute({ cdb: inquiry, dataIn, timeoutMs });
  await device.close();
  const name = Buffer.from(dataIn.subarray(8, 32)).toString("latin1").trim();
  expect(answer.status === 0 && name.includes("scsi_debug"), `status ${String(answer.status)}, ${name}`);
  expect(answer.residualBytes === 512 - 96, `residual ${String(answer.residualBytes)}`);
  return `${name}, sg ${String(device.driverVersion)}`;
});

await prove("a check condition brings its sense data", async () => {
  const device = await openDevice(disk);
  const answer = await device.execute({ cdb: Uint8Array.of(0x28, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 1, 0), dataIn: allocateBuffer(512), timeoutMs });
  await device.close();
  const sense = Buffer.from(answer.sense).toString("hex");
  expect(answer.status === 2 && answer.sense[2] === 5 && answer.sense[12] === 0x21, `status ${String(answer.status)}, sense ${sense}`);
  return `sense ${sense.slice(0, 28)}`;
});

await prove("as much as sg reserves goes out and comes back, from any part of a buffer", async () => {
  const device = await openDevice(disk, { reservedBytes: 1 << 20 });
  expect(device.reservedBytes >= 1 << 19, `reserved ${String(device.reservedBytes)}`);
  const bytes = device.reservedBytes;
  const dataOut = allocateBuffer(bytes + 4096).subarray(4096);
  for (let at = 0; at < bytes; at += 1) dataOut[at] = (at * 7 + (at >> 9)) & 0xff;
  const dataIn = new Uint8Array(bytes + 3).subarray(3);
  const written = await device.execute({ cdb: write10(bytes / 512), dataOut, timeoutMs });
  const read = await device.execute({ cdb: read10(bytes / 512), dataIn, timeoutMs });
  await device.close();
  expect(written.status === 0 && read.status === 0, `status ${String(written.status)}, ${String(read.status)}`);
  expect(Buffer.compare(dataOut, dataIn) === 0, "what came back is not what went out");
  return `${String(bytes)} bytes`;
});

await prove("O_EXCL keeps others out, and them only while it is open", async () => {
  const first = await openDevice(disk, { exclusive: true });
  const refused = await errorCode(openDevice(disk, { exclusive: true }));
  await first.close();
  await (await openDevice(disk, { exclusive: true })).close();
  expect(refused === "EBUSY", String(refused));
  return "EBUSY";
});

await prove("1,000 times open, execute, close leak nothing", async () => {
  const count = (): readonly [files: number, threads: number] => [readdirSync("/proc/self/fd").length, readdirSync("/proc/self/task").length];
  const before = count();
  for (let round = 0; round < 1000; round += 1) {
    const device = await openDevice(disk);
    const { status } = await device.execute({ cdb: testUnitReady, timeoutMs });
    await device.close();
    expect(status === 0 || round === 0, `round ${String(round)}: status ${String(status)}`);
  }
  const after = count();
  // A thread of an earlier device may have ended meanwhile.
  expect(after[0] <= before[0] && after[1] <= before[1], `${before.join(" files, ")} threads before, ${after.join(" files, ")} threads after`);
  return `${after.join(" files, ")} threads`;
});

await prove("what is no device and no SCSI device is told apart", async () => {
  const codes = [await errorCode(openDevice("/dev/sg99")), await errorCode(openDevice("/dev/null"))];
  expect(codes.join() === "ENOENT,ENOTTY", codes.join());
  return codes.join(", ");
});

await prove("a device that hangs delays nothing but itself, until its time-out", async () => {
  const hanging = await openDevice(disk);
  const well = await openDevice(other);
  const driver = "/sys/bus/pseudo/drivers/scsi_debug";
  // From now on scsi_debug answers no command that comes to a medium.
  writeFileSync(`${driver}/opts`, "0x4");
  writeFileSync(`${driver}/every_nth`, "-1");
  const hung = hanging.execute({ cdb: read10(1), dataIn: allocateBuffer(512), timeoutMs: 3000 });
  let answered = 0;
  let hangs = true;
  const ended = hung.finally(() => { hangs = false; });
  const isHanging = (): boolean => hangs;
  while (isHanging() && answered < 100) {
    const { status } = await well.execute({ cdb: inquiry, dataIn: allocateBuffer(96), timeoutMs });
    expect(status === 0, `the other device: status ${String(status)}`);
    answered += 1;
  }
  const during = isHanging();
  writeFileSync(`${driver}/every_nth`, "0");
  writeFileSync(`${driver}/opts`, "0");
  const { hostStatus, durationMs } = await ended;
  await well.close();
  await hanging.close();
  expect(during, `the command came back after ${String(durationMs)} ms`);
  expect(hostStatus === 3, `host status ${String(hostStatus)}`);
  return `${String(answered)} commands elsewhere meanwhile, then host status 3`;
});

await prove("a device that vanishes is told as such", async () => {
  const device = await openDevice(disk);
  writeFileSync(`/sys/class/scsi_generic/${basename(disk)}/device/delete`, "1");
  const code = await errorCode(device.execute({ cdb: testUnitReady, timeoutMs }));
  await device.close();
  expect(code === "ENODEV", String(code));
  return "ENODEV";
});

process.exitCode = failures.length > 0 ? 1 : 0;
