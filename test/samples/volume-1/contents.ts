import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { walkLocal } from "../../../src/sources/local/index.ts";
import { printable } from "../../../src/words/index.ts";

/** What a tree holds, by name: the SHA-256 of each file, where each link leads, and times. */
export function contentsOf(root: string): Readonly<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const { entry, absolutePath } of walkLocal(root)) {
    const path = Buffer.from(absolutePath);
    const told = { type: entry.type, mode: entry.mode, mtime: String(entry.mtimeNs) };
    const name = printable(entry.path);
    if (entry.type === "file") contents[name] = { ...told, sha256: createHash("sha256").update(readFileSync(path)).digest("hex") };
    else contents[name] = entry.type === "symlink" ? { ...told, to: readlinkSync(path) } : told;
  }
  return contents;
}
