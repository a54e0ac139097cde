import { execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import type { UnitKind } from "./rows.ts";

export interface Tgt {
  url(kind: UnitKind): string;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const target = "iqn.2026-11.test:conformance";
const units = { tape: 1, disk: 2, changer: 3 } as const;
const mebibyte = 1024 * 1024;
const [startTries, startPauseMs] = [100, 50];

/** Debian's tgt with a loaded tape, a disk and a changer with that one drive, on the loopback, with all its files in `folder`. */
export async function startTgt(folder: string): Promise<Tgt> {
  mkdirSync(folder);
  const port = await freePort();
  const env = { PATH: process.env["PATH"], TGT_IPC_SOCKET: join(folder, "ipc") };
  const daemon = spawn("tgtd", ["-f", "-C", "1", "--iscsi", `portal=127.0.0.1:${String(port)}`], { env, stdio: "ignore" });
  const exited = new Promise((resolve) => { daemon.once("close", resolve); });
  daemon.once("error", () => undefined);
  const admin = async (words: string): Promise<void> => {
    await run("tgtadm", ["-C", "1", "--lld", "iscsi", ...words.split(" ")], { env });
  };
  const stop = async (): Promise<void> => {
    daemon.kill("SIGKILL");
    await exited;
  };
  try {
    await answers(admin);
    const tape = join(folder, "CF0001L8");
    await run("tgtimg", ["--op", "new", "--device-type", "tape", "--barcode", "CF0001L8", "--size", "64", "--type", "data", "--file", tape], { env });
    await furnish(admin, folder, tape);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: (kind) => `iscsi://127.0.0.1:${String(port)}/${target}/${String(units[kind])}`, stop };
}

async function answers(admin: (words: string) => Promise<void>): Promise<void> {
  for (let tries = 0; tries < startTries; tries += 1) {
    if (await admin("--mode target --op show").then(() => true, () => false)) return;
    await wait(startPauseMs);
  }
  throw new Error("tgtd does not start");
}

async function furnish(admin: (words: string) => Promise<void>, folder: string, tape: string): Promise<void> {
  const [disk, changer] = [join(folder, "disk"), join(folder, "changer")];
  writeFileSync(disk, Buffer.alloc(64 * mebibyte));
  writeFileSync(changer, Buffer.alloc(1024));
  await admin(`--mode target --op new --tid 1 -T ${target}`);
  const unit = (words: string): Promise<void> => admin(`--mode logicalunit ${words} --tid 1`);
  await unit(`--op new --lun ${String(units.tape)} --device-type=tape -b ${tape}`);
  await unit(`--op update --lun ${String(units.tape)} --params scsi_sn=DRIVE00001,removable=1,online=1`);
  await unit(`--op new --lun ${String(units.disk)} -b ${disk}`);
  await unit(`--op new --lun ${String(units.changer)} --device-type=changer -b ${changer}`);
  const elements = [
    `media_home=${folder}`, "element_type=4,start_address=500,quantity=1", `element_type=4,address=500,tid=1,lun=${String(units.tape)}`,
    "element_type=1,start_address=1,quantity=1", "element_type=2,start_address=1000,quantity=4", "element_type=3,start_address=10,quantity=1",
  ];
  for (const parameters of elements) await unit(`--op update --lun ${String(units.changer)} --params ${parameters}`);
  await admin("--mode target --op bind --tid 1 -I ALL");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
