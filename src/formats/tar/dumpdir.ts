import { damaged } from "./damage.ts";
import type { DumpdirName } from "./entry.ts";

/**
 * The GNU.dumpdir record (GNU tar manual, "Dumpdir"): for each name a letter, the name and a NUL, then one more NUL.
 * `Y` is in this archive, `N` is not, `D` is a directory. On extraction with --incremental whatever is not named is removed.
 */
const letters = { stored: 0x59, "not-stored": 0x4e, directory: 0x44 } as const;

export function encodeDumpdir(names: readonly DumpdirName[]): Uint8Array {
  const bytes = new Uint8Array(names.reduce((sum, { name }) => sum + name.length + 2, 1));
  let at = 0;
  for (const { name, kind } of names) {
    bytes[at] = letters[kind];
    bytes.set(name, at + 1);
    at += name.length + 2;
  }
  return bytes;
}

/** Records about renames (`R`, `T`, `X`) are left out: they change nothing in what a directory holds. */
export function decodeDumpdir(bytes: Buffer, headerOffset: number): DumpdirName[] {
  const names: DumpdirName[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw damaged("a directory record has no end", headerOffset);
    const name = Buffer.from(bytes.subarray(at + 1, end));
    if (bytes[at] === letters.stored) names.push({ name, kind: "stored" });
    else if (bytes[at] === letters["not-stored"]) names.push({ name, kind: "not-stored" });
    else if (bytes[at] === letters.directory) names.push({ name, kind: "directory" });
    at = end + 1;
  }
  return names;
}
