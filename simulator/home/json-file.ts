import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { StrongroomError } from "../../src/words/index.ts";

/** 50,000 slots, each with a cartridge of the longest barcode, take half of it. */
const maxBytes = 32 * 1024 * 1024;

/** Replaces the file as a whole: whoever reads it meets the old text or the new one, after a power cut too. */
export function replaceJson(path: string, value: unknown): void {
  const fresh = `${path}.new`;
  const fd = openSync(fresh, "w", 0o600);
  try {
    writeFileSync(fd, `${JSON.stringify(value, null, 1)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** `renew` makes what older programs wrote what this one writes. Rejects what `isRight` does not accept with LIBRARY_DAMAGED. `source` is the path, or a descriptor of what was found there. */
export function readJson<T>(path: string, source: string | number, isRight: (value: unknown) => value is T, renew: (value: unknown) => unknown = (value) => value): T {
  try {
    if ((typeof source === "number" ? fstatSync(source) : statSync(source)).size <= maxBytes) {
      const value = renew(JSON.parse(readFileSync(source, "utf8")));
      if (isRight(value)) return value;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const hint = "restore the file from a copy, or make a new simulated library in another folder";
  throw new StrongroomError(
    "failed",
    "LIBRARY_DAMAGED",
    `${basename(path)} of the simulated library is not what this program wrote`,
    { hint },
  );
}
