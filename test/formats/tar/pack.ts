import { closeSync, openSync, readSync } from "node:fs";
import { encodeHeader, endOfArchive, paddingBytes, storedSizeBytes, type TarEntry } from "../../../src/formats/tar/index.ts";
import { walkLocal, type WalkedEntry } from "../../../src/sources/local/index.ts";

/** A whole tree as one tar stream: what a snapshot of one segment holds. `change` may alter entries on the way. */
export function packTree(root: string, change: (walked: WalkedEntry) => TarEntry = ({ entry }) => entry): Buffer {
  const parts: Uint8Array[] = [];
  for (const walked of walkLocal(root)) {
    const entry = change(walked);
    parts.push(encodeHeader(entry));
    if (storedSizeBytes(entry) > 0) parts.push(...contentOf(walked.absolutePath, entry));
  }
  return Buffer.concat([...parts, endOfArchive]);
}

function contentOf(path: Uint8Array, entry: TarEntry): Uint8Array[] {
  const fd = openSync(Buffer.from(path), "r");
  try {
    const extents = entry.sparseMap ?? [{ offsetBytes: 0, lengthBytes: entry.sizeBytes }];
    const parts = extents.map(({ offsetBytes, lengthBytes }) => {
      const bytes = Buffer.alloc(lengthBytes);
      readSync(fd, bytes, 0, lengthBytes, offsetBytes);
      return bytes;
    });
    return [...parts, Buffer.alloc(paddingBytes(storedSizeBytes(entry)))];
  } finally {
    closeSync(fd);
  }
}
