import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import type { SyncAdapter } from "lowdb";
import { StrongroomError, printable } from "../../words/index.ts";
import { replaceFile } from "../state/index.ts";
import { type Checked, checkText } from "./check.ts";

/** Far beyond ten thousand archives: anything larger is not a configuration. */
const largestBytes = 16 * 1024 * 1024;

/** How lowdb reads and writes config.json: checked on the way in and on the way out, replaced at once, mode 0600. */
export class ConfigFileAdapter implements SyncAdapter<Checked | null> {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  read(): Checked | null {
    const text = readText(this.#path);
    return text === undefined ? null : checkText(text, basename(this.#path));
  }

  write(checked: Checked | null): void {
    if (checked !== null) replaceFile(this.#path, textOf(checked.file));
  }
}

export function textOf(file: Checked["file"]): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function readText(path: string): string | undefined {
  const fd = openIfThere(path);
  if (fd === undefined) return undefined;
  try {
    const { size } = fstatSync(fd);
    if (size > largestBytes) throw notText(path, `has ${String(size)} bytes`);
    const bytes = Buffer.alloc(size);
    let filled = 0;
    for (let got = -1; filled < size && got !== 0; filled += got) got = readSync(fd, bytes, filled, size - filled, filled);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, filled));
  } catch (thrown) {
    if (thrown instanceof TypeError) throw notText(path, "is not UTF-8");
    throw thrown;
  } finally {
    closeSync(fd);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw thrown;
  }
}

function notText(path: string, what: string): StrongroomError {
  return new StrongroomError("usage", "CONFIG_INVALID", `${printable(basename(path))} ${what}: it is not a configuration`, {
    hint: `put a configuration or a backup of one at ${printable(path)}`,
  });
}
