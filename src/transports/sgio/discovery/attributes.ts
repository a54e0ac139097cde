import { closeSync, openSync, readdirSync, readlinkSync, readSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** sysfs gives a page at most; a pipe or a huge file in its place must not hold us up. */
const attributeBytes = 4096;
const nameLimit = 65_536;

/** The bytes of an attribute; undefined when it is not there or the device does not tell. */
export function attribute(...path: readonly string[]): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(join(...path), "r");
    const bytes = Buffer.alloc(attributeBytes);
    return bytes.subarray(0, readSync(fd, bytes, 0, attributeBytes, 0));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** One line, trimmed; undefined when it is not there or empty. */
export function textAttribute(...path: readonly string[]): string | undefined {
  const text = attribute(...path)?.toString("latin1").split("\n")[0]?.trim();
  return text === undefined || text === "" ? undefined : text;
}

export function numberAttribute(...path: readonly string[]): number | undefined {
  const text = textAttribute(...path);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Sorted; empty when there is no such folder. */
export function names(...path: readonly string[]): readonly string[] {
  try {
    return readdirSync(join(...path)).sort().slice(0, nameLimit);
  } catch {
    return [];
  }
}

export function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The path behind all links; the path itself when it leads nowhere. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
