import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { walkLocal } from "../../../src/sources/local/index.ts";
import { printable } from "../../../src/words/index.ts";

/** Everything about a tree that a restore must bring back, one line an entry; content by its hash, holes by their places. */
export function describeTree(root: string): string[] {
  const lines: string[] = [];
  for (const { entry, absolutePath, links } of walkLocal(root)) {
    const { path, linkTarget, xattrs, ...rest } = entry;
    const told = {
      ...rest,
      mtimeNs: String(rest.mtimeNs),
      links: entry.type === "directory" ? undefined : links,
      linkTarget: linkTarget && printable(linkTarget),
      xattrs: xattrs?.map(({ name, value }) => `${printable(name)}=${Buffer.from(value).toString("hex")}`).sort(),
      content:
        entry.type === "file"
          ? contentHash(absolutePath, entry.sparseMap ?? [{ offsetBytes: 0, lengthBytes: entry.sizeBytes }])
          : undefined,
    };
    lines.push(`${printable(path)} ${JSON.stringify(told)}`);
  }
  return lines;
}

function contentHash(
  path: Uint8Array,
  extents: readonly { readonly offsetBytes: number; readonly lengthBytes: number }[],
): string {
  const hash = createHash("sha256");
  const fd = openSync(Buffer.from(path), "r");
  try {
    for (const { offsetBytes, lengthBytes } of extents) {
      const bytes = Buffer.alloc(lengthBytes);
      hash.update(bytes.subarray(0, readSync(fd, bytes, 0, lengthBytes, offsetBytes)));
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}

/** What rsync would have to do to make the second tree like the first: nothing, when they are equal. An eye that is not ours. */
export function rsyncDifferences(from: string, to: string): string {
  const compare = (...options: string[]): string => {
    const run = spawnSync("rsync", ["-aHAXni", "--numeric-ids", "--delete", ...options, `${from}/`, `${to}/`], {
      encoding: "utf8",
    });
    if (run.status !== 0) throw new Error(`rsync: ${run.stderr}`);
    return run.stdout;
  };
  // Contents too, but not the gigabytes of holes.
  return compare() + compare("--checksum", "--exclude=huge");
}
