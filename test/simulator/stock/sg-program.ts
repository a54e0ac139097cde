import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Transport } from "../../../src/scsi/index.ts";
import { temporaryFolder } from "../initiator.ts";

const env = { PATH: "/usr/bin:/usr/local/bin:/bin" };
const source = new URL("sg-over-socket.c", import.meta.url).pathname;

/** Whether that program, and a compiler for what is loaded before it, are there. */
export function canRun(program: string): boolean {
  return [program, "cc"].every((tool) => spawnSync(tool, ["--version"], { env }).error === undefined);
}

export type RunProgram = (...args: readonly string[]) => Promise<{ readonly exitCode: number | null; readonly output: string }>;

/**
 * A stock program that speaks to a device through SG_IO, unchanged, on that path to a virtual drive. `DEVICE` among the arguments names it;
 * `files` are in the folder where it runs.
 */
export async function sgProgram(program: string, transport: Transport, files: Readonly<Record<string, string>> = {}): Promise<RunProgram> {
  const folder = temporaryFolder();
  const [library, socket, device] = [join(folder, "sg.so"), join(folder, "sg"), join(folder, "device")];
  writeFileSync(device, "");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const built = spawnSync("cc", ["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source, "-ldl"], { env, encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
  const server = createServer((connection) => { serve(connection, transport); });
  await new Promise<void>((resolve) => { server.listen(socket, resolve); });
  onTestFinished(() => { server.close(); });
  return async (...args) => {
    const child = spawn(program, args.map((each) => (each === "DEVICE" ? device : each)), {
      env: { ...env, LD_PRELOAD: library, SG_SOCKET: socket }, cwd: folder, stdio: ["ignore", "pipe", "pipe"],
    });
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => { parts.push(part); });
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on("close", resolve);
      child.on("error", reject);
    });
    return { exitCode, output: Buffer.concat(parts).toString("utf8") };
  };
}

function serve(connection: Socket, transport: Transport): void {
  let buffered: Buffer = Buffer.alloc(0);
  let last: Promise<void> = Promise.resolve();
  connection.on("error", () => undefined);
  connection.on("data", (part: Buffer) => {
    buffered = Buffer.concat([buffered, part]);
    while (buffered.length >= 6) {
      const [cdbBytes, direction, dataBytes] = [buffered[0]!, buffered[1]!, buffered.readUInt32BE(2)];
      const endAt = 6 + cdbBytes + (direction === 1 ? dataBytes : 0);
      if (buffered.length < endAt) return;
      const cdb = Uint8Array.from(buffered.subarray(6, 6 + cdbBytes));
      const sent = Uint8Array.from(buffered.subarray(6 + cdbBytes, endAt));
      buffered = buffered.subarray(endAt);
      last = last.then(async () => { connection.write(await answerTo(transport, cdb, direction, sent, dataBytes)); });
    }
  });
}

async function answerTo(transport: Transport, cdb: Uint8Array, direction: number, sent: Uint8Array, dataBytes: number): Promise<Buffer> {
  const dataIn = new Uint8Array(direction === 2 ? dataBytes : 0);
  const data = direction === 1 ? { dataOut: sent } : direction === 2 ? { dataIn } : {};
  const { status, sense, transferredBytes } = await transport.execute({ cdb, timeoutMs: 60_000, ...data });
  const head = Buffer.alloc(6);
  head.set([status, sense.length]);
  head.writeUInt32BE(transferredBytes, 2);
  return Buffer.concat([head, sense, dataIn.subarray(0, transferredBytes)]);
}
