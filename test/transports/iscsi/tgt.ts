import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const programs = ["tgtd", "tgtadm", "tgtimg"];
const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** Why the tests against tgt are left out, or undefined when they are not. */
export const tgtMissing: string | undefined = programs.every((name) => spawnSync("which", [name], { env: { PATH: path } }).status === 0)
  ? undefined
  : "tgt is not installed: apt-get install tgt";

/** An iSCSI target that nobody here wrote, in user space, on the loopback, with all its files in a folder of its own. */
export interface Tgt {
  readonly portal: string;
  /** `tgtadm --lld iscsi ...`, the arguments separated by single blanks. */
  admin(command: string): Promise<void>;
  /** A target whose unit 1 is a tape drive, unit 2 a disk in memory, and unit 3 a changer. Its name. */
  library(name: string, wish?: LibraryWish): Promise<string>;
  stop(): Promise<void>;
}

export interface LibraryWish {
  /** In the slots 1, 2 and so on. */
  readonly cartridges?: readonly string[];
  /** The cartridge that is in the drive. */
  readonly loaded?: string;
  readonly writeProtected?: boolean;
  readonly sizeMiB?: number;
}

const slots = 4;

export async function startTgt(): Promise<Tgt> {
  const folder = mkdtempSync(join(tmpdir(), "strongroom-tgt-"));
  const port = await freePort();
  const env = { PATH: path, TGT_IPC_SOCKET: join(folder, "ipc") };
  const daemon = spawn("tgtd", ["-f", "-C", "1", "--iscsi", `portal=127.0.0.1:${String(port)}`], { env, stdio: "ignore" });
  const exited = new Promise<void>((resolve) => daemon.once("exit", () => { resolve(); }));
  const admin = async (command: string): Promise<void> => {
    await run("tgtadm", ["-C", "1", "--lld", "iscsi", ...command.split(" ")], { env });
  };
  for (let tries = 0; ; tries += 1) {
    const works = await admin("--mode target --op show").then(() => true, () => false);
    if (works) break;
    if (tries === 100) throw new Error("tgtd does not start");
    await wait(50);
  }
  let targets = 0;
  const image = async (barcode: string, sizeMiB: number): Promise<string> => {
    const file = join(folder, String(targets), barcode);
    await run("tgtimg", ["--op", "new", "--device-type", "tape", "--barcode", barcode, "--size", String(sizeMiB), "--type", "data", "--file", file], { env });
    return file;
  };
  const library = async (name: string, { cartridges = [], loaded, writeProtected = false, sizeMiB = 16 }: LibraryWish = {}): Promise<string> => {
    targets += 1;
    const tid = String(targets);
    const home = join(folder, tid);
    const target = `iqn.2026-11.test:${name}-${tid}`;
    await run("mkdir", [home]);
    for (const barcode of cartridges) await image(barcode, sizeMiB);
    const inDrive = await image(loaded ?? "blank0", sizeMiB);
    writeFileSync(join(home, "changer"), Buffer.alloc(1024));
    writeFileSync(join(home, "disk"), Buffer.alloc(32 * 1024 * 1024));
    const unit = async (words: string): Promise<void> => { await admin(`--mode logicalunit ${words} --tid ${tid}`); };
    await admin(`--mode target --op new --tid ${tid} -T ${target}`);
    await unit(`--op new --lun 1 --device-type=tape -b ${inDrive}`);
    const state = `online=${loaded === undefined ? "0" : "1"}${writeProtected ? ",readonly=1" : ""}`;
    await unit(`--op update --lun 1 --params scsi_sn=DRIVE00001,removable=1,${state}`);
    await unit(`--op new --lun 2 -b ${join(home, "disk")}`);
    await unit(`--op new --lun 3 --device-type=changer -b ${join(home, "changer")}`);
    const filled = cartridges.map((barcode, at) => `element_type=2,address=${String(1000 + at)},barcode=${barcode},sides=1`);
    const elements = [
      `media_home=${home}`, "element_type=4,start_address=500,quantity=1", `element_type=4,address=500,tid=${tid},lun=1`,
      "element_type=1,start_address=1,quantity=1", `element_type=2,start_address=1000,quantity=${String(slots)}`, "element_type=3,start_address=10,quantity=1",
    ];
    for (const parameters of [...elements, ...filled]) await unit(`--op update --lun 3 --params ${parameters}`);
    await admin(`--mode target --op bind --tid ${tid} -I ALL`);
    return target;
  };
  const stop = async (): Promise<void> => {
    daemon.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return { portal: `127.0.0.1:${String(port)}`, admin, library, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
