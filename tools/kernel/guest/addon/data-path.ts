/*
 * How much of a device's speed the addon node-sg-ioctl lets through, against sg_dd of sg3-utils: the same device, the same size of
 * commands, in turns. Run in the guest with the sg device of a disk of scsi_debug. Prints one line a proof; ends with 1 when one failed.
 */
import { execFileSync } from "node:child_process";
import { allocateBuffer, openDevice, type SgDevice } from "node-sg-ioctl";

const [, , disk = ""] = process.argv;

/** Whatever else this machine does can only slow a round: the fastest of each tells of the programs, and more rounds find it. */
const leastRounds = 7;
const mostRounds = 28;
const commandBytes = 512 * 1024;
const blocks = commandBytes / 512;
const commands = 256;
const megabytes = (commands * commandBytes) / 1e6;
/** One is with the kernel, the others wait: the thread of the device takes the next one without asking anybody. */
const underWay = 16;
const leastRatio = 0.95;

const cdb = (opcode: number, at: number): Uint8Array => {
  const bytes = new Uint8Array(10);
  bytes[0] = opcode;
  new DataView(bytes.buffer).setUint32(2, at * blocks);
  new DataView(bytes.buffer).setUint16(7, blocks);
  return bytes;
};

async function ours(device: SgDevice, direction: "read" | "write"): Promise<number> {
  // One for all, as sg_dd has it: the commands of a device run one at a time, and nobody looks at the data.
  const buffer = allocateBuffer(commandBytes);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < commands) {
      const command = { cdb: cdb(direction === "read" ? 0x28 : 0x2a, next), timeoutMs: 60_000 };
      next += 1;
      const { status } = await device.execute(direction === "read" ? { ...command, dataIn: buffer } : { ...command, dataOut: buffer });
      if (status !== 0) throw new Error(`status ${String(status)}`);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: underWay }, lane));
  return megabytes / ((performance.now() - begun) / 1000);
}

/** By sg_dd's own clock, which starts behind its set-up. */
function theirs(direction: "read" | "write"): number {
  const ends = direction === "read" ? [`if=${disk}`, "of=/dev/null"] : ["if=/dev/zero", `of=${disk}`];
  const said = execFileSync("sh", ["-c", 'exec sg_dd "$@" 2>&1', "sh", ...ends, "bs=512", `bpt=${String(blocks)}`, `count=${String(commands * blocks)}`, "time=1"], { encoding: "utf8" });
  const seconds = Number(/time to transfer data(?: was|:)? *([0-9.]+) secs/.exec(said)?.[1]);
  if (!(seconds > 0)) throw new Error(`sg_dd told no time: ${said}`);
  return megabytes / seconds;
}

const device = await openDevice(disk, { reservedBytes: commandBytes });
for (const direction of ["write", "read"] as const) {
  await ours(device, direction);
  theirs(direction);
  let [our, their, rounds] = [0, 0, 0];
  while (rounds < leastRounds || (our < leastRatio * their && rounds < mostRounds)) {
    our = Math.max(our, await ours(device, direction));
    their = Math.max(their, theirs(direction));
    rounds += 1;
  }
  const ratio = our / their;
  const figures = `${ratio.toFixed(2)} of sg_dd: ${our.toFixed(0)} against ${their.toFixed(0)} MB/s, the fastest of ${String(rounds)} in turns`;
  if (ratio < leastRatio) process.exitCode = 1;
  process.stdout.write(`proof: ${ratio < leastRatio ? "FAILED" : "ok"}|${direction}s are at most 5 % slower than those of sg_dd|${figures}\n`);
}
await device.close();
