import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { createSegmentSealer } from "../../formats/openpgp/index.ts";
import { createZstdFramer } from "../../formats/zstd/index.ts";
import type { RandomBytes } from "../../words/index.ts";

/** What it takes to encrypt a small object for the appliance's recipients. */
export interface SmallSealing {
  readonly random: RandomBytes;
  makeSessionKey(): Promise<{ readonly sessionKey: Uint8Array; readonly sessionKeyPackets: Uint8Array }>;
}

const zstdLevel = 6;
const stretchBytes = 1024 * 1024;

/**
 * Seals lines of text into a file: zstd inside an OpenPGP message, as segments are, so that `gpg -d | zstd -d` opens it. The file has its name only
 * once it is whole. Always AES-CFB with MDC: a catalog must open with whatever is at hand. Returns its size.
 */
export async function sealLines(path: string, lines: Iterable<string>, sealing: SmallSealing): Promise<number> {
  const keys = await sealing.makeSessionKey();
  const fd = openSync(`${path}.tmp`, "w", 0o600);
  const sealer = createSegmentSealer({ cipher: "mdc", ...keys }, sealing.random, (bytes) => {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  });
  try {
    const framer = createZstdFramer({ level: zstdLevel, sink: (pieces) => { sealer.seal(pieces); } });
    for (const stretch of stretches(lines)) framer.frame(stretch);
    const { sizeBytes } = sealer.finish();
    fsyncSync(fd);
    renameSync(`${path}.tmp`, path);
    return sizeBytes;
  } catch (error) {
    sealer.abandon();
    rmSync(`${path}.tmp`, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

export function sizeOfFile(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** Lines gathered into pieces of about 1 MiB, each of them whole lines. */
function* stretches(lines: Iterable<string>): Generator<Uint8Array> {
  let parts: string[] = [];
  let lengthBytes = 0;
  for (const line of lines) {
    parts.push(line);
    lengthBytes += line.length;
    if (lengthBytes < stretchBytes) continue;
    yield Buffer.from(parts.join(""));
    parts = [];
    lengthBytes = 0;
  }
  yield Buffer.from(parts.join(""));
}
