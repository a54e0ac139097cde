import type { ReadStream } from "node:tty";
import type { Terminal, TextOutput } from "./context.ts";

/** A line typed at a prompt is never longer. */
const maxLineBytes = 4096;
const [ctrlC, ctrlD, backspace, lineFeed, carriageReturn, ctrlU, del] = [0x03, 0x04, 0x08, 0x0a, 0x0d, 0x15, 0x7f];

/** Questions on the terminal that `input` is; `interrupt` is called for a Ctrl-C typed while nothing is echoed. */
export function createTerminal(input: ReadStream, output: Pick<TextOutput, "write">, interrupt: () => void): Terminal {
  return {
    readLine: async (prompt) => {
      output.write(prompt);
      const line = await readUntilEnd(input, () => undefined);
      return line === undefined ? undefined : Buffer.from(line).toString("utf8");
    },
    readSecret: async (prompt) => {
      output.write(prompt);
      input.setRawMode(true);
      try {
        return await readUntilEnd(input, interrupt);
      } finally {
        input.setRawMode(false);
        output.write("\n");
      }
    },
  };
}

function readUntilEnd(input: ReadStream, interrupt: () => void): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const line = new Uint8Array(maxLineBytes);
    let length = 0;
    const finish = (result: Uint8Array | undefined) => {
      input.off("data", take).off("end", atEnd).off("error", reject).pause();
      line.fill(0);
      resolve(result);
    };
    const atEnd = () => finish(undefined);
    const take = (chunk: Buffer) => {
      for (const byte of chunk) {
        if (byte === lineFeed || byte === carriageReturn) {
          chunk.fill(0);
          finish(line.slice(0, length));
          return;
        }
        if (byte === ctrlC) interrupt();
        if (byte === ctrlC || (byte === ctrlD && length === 0)) {
          finish(undefined);
          return;
        }
        if (byte === backspace || byte === del) length = lastCharacterStart(line, length);
        else if (byte === ctrlU) length = 0;
        else if (byte >= 0x20 && length < maxLineBytes) line[length++] = byte;
      }
      chunk.fill(0);
    };
    input.on("data", take).on("end", atEnd).on("error", reject).resume();
  });
}

/** Backspace takes a whole character of UTF-8, not one of its bytes. */
function lastCharacterStart(line: Uint8Array, length: number): number {
  let at = Math.max(0, length - 1);
  while (at > 0 && (line[at]! & 0xc0) === 0x80) at -= 1;
  return at;
}
