import { spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { isatty, ReadStream } from "node:tty";
import type { OpenScannerPort } from "../console/index.ts";
import { printable, printableSentence, StrongroomError } from "../words/index.ts";

/** How long setting up a line may take: it asks a driver, not the device behind it. */
const setUpMs = 5000;

/** What a person must not see changed, and what would change what is read: characters come as they are, without a modem's consent. */
const rawLine = ["raw", "-echo", "cs8", "-parenb", "-cstopb", "clocal", "cread", "-crtscts", "-hupcl"];

/**
 * Opens serial lines by the kernel's own terminals: set up by `stty`, read by the event loop. `lock` takes what nobody else may have at the same time, since two
 * readers of one line get half of each code.
 */
export function serialLines(lock: (path: string) => { release(): void }): OpenScannerPort {
  return async ({ path, baudRate }, listener) => {
    const held = lock(path);
    let fd: number | undefined;
    try {
      fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
      if (!isatty(fd)) throw notALine(`${printable(path)} is no serial line`);
      await setUp(fd, baudRate);
      return reading(fd, listener, held);
    } catch (thrown) {
      if (fd !== undefined) closeSync(fd);
      held.release();
      throw thrown;
    }
  };
}

function reading(fd: number, listener: Parameters<OpenScannerPort>[1], held: { release(): void }): Awaited<ReturnType<OpenScannerPort>> {
  const stream = new ReadStream(fd);
  const ended = Promise.withResolvers<undefined>();
  let isClosing = false;
  stream.on("data", (chunk: Uint8Array) => { listener.bytes(chunk); });
  // The end of a line that was pulled out; `close` follows both.
  stream.on("error", () => { stream.destroy(); });
  stream.on("end", () => { stream.destroy(); });
  stream.on("close", () => {
    held.release();
    ended.resolve(undefined);
    if (!isClosing) listener.closed();
  });
  return {
    close: async () => {
      isClosing = true;
      stream.destroy();
      await ended.promise;
    },
  };
}

async function setUp(fd: number, baudRate: number): Promise<void> {
  const child = spawn("stty", [String(baudRate), ...rawLine], { stdio: [fd, "ignore", "pipe"], timeout: setUpMs });
  let said = "";
  child.stderr!.setEncoding("latin1").on("data", (text: string) => { said = `${said}${text}`.slice(0, 1000); });
  const exitCode = await new Promise<number | null>((resolve, reject) => { child.on("error", reject).on("close", resolve); });
  if (exitCode !== 0) throw notALine(`stty cannot set it up: ${printableSentence(said.trim() === "" ? "no answer" : said.trim())}`);
}

function notALine(why: string): StrongroomError {
  return new StrongroomError("failed", "SCANNER_LINE", `${why}; nothing was read`, {
    hint: "name the line of the scanner in console.scanners of config.json, such as one of /dev/serial/by-id",
  });
}
