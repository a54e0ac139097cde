import { closeSync, openSync, readSync } from "node:fs";
import { createSegmentOpener } from "../../formats/message/index.ts";
import { readSessionKey, type UnlockedKey } from "../../formats/openpgp/index.ts";
import { LineSplitter } from "../../formats/volume/index.ts";
import { createZstdUnframer } from "../../formats/zstd/index.ts";

const headBytes = 64 * 1024;
const readBytes = 256 * 1024;

/**
 * Opens a catalog, log or records member and gives its lines one by one; memory is a piece of it. What its encryption finds damaged is known only at
 * the end, so whoever acts on a line must be able to take that back, or have read the member before.
 */
export async function readSealedLines(path: string, keys: readonly UnlockedKey[], onLine: (line: string) => void): Promise<void> {
  const fd = openSync(path, "r");
  try {
    const head = Buffer.alloc(headBytes);
    const sessionKey = await readSessionKey(head.subarray(0, readSync(fd, head, 0, headBytes, 0)), keys);
    const lines = new LineSplitter();
    const unframer = createZstdUnframer({ sink: (content) => { for (const line of lines.push(content)) onLine(line); } });
    const opener = createSegmentOpener(sessionKey, (plain) => { unframer.push(plain); });
    try {
      const buffer = Buffer.allocUnsafe(readBytes);
      let at = 0;
      for (let got = readSync(fd, buffer, 0, readBytes, at); got > 0; got = readSync(fd, buffer, 0, readBytes, at)) {
        opener.push(buffer.subarray(0, got));
        at += got;
      }
      opener.finish();
      unframer.finish();
    } catch (error) {
      opener.abandon();
      throw error;
    }
    for (const line of lines.finish()) onLine(line);
  } finally {
    closeSync(fd);
  }
}
