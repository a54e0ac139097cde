import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { createSegmentSealer } from "../../formats/message/index.ts";
import { createZstdFramer } from "../../formats/zstd/index.ts";
import { syncFolder } from "../../records/index.ts";
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
 * once it is whole. Always AES-CFB with MDC: a catalog must open with whatever is at hand.
 */
export async function sealLines(path: string, lines: Iterable<string>, sealing: SmallSealing): Promise<SealedFile> {
  const keys = await sealing.makeSessionKey();
  const fd = openSync(`${path}.tmp`, "w", 0o600);
  const sealer = createSegmentSealer({ cipher: "mdc", ...keys }, sealing.random, (bytes) => {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  });
  try {
    const framer = createZstdFramer({ level: zstdLevel, sink: (pieces) => { sealer.seal(pieces); } });
    for (const stretch of stretches(lines)) framer.frame(stretch);
    const { sizeBytes, sha256 } = sealer.finish();
    fsyncSync(fd);
    renameSync(`${path}.tmp`, path);
    syncFolder(dirname(path));
    return { sizeBytes, sha256: Buffer.from(sha256).toString("hex") };
  } catch (error) {
    sealer.abandon();
    rmSync(`${path}.tmp`, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

export interface SealedFile {
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Size and digest of a file that was sealed earlier; undefined when it is not there or larger than `maxBytes`. */
export function examineSealedFile(path: string, maxBytes: number): SealedFile | undefined {
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (sizeBytes === undefined || sizeBytes > maxBytes) return undefined;
  const fd = openSync(path, "r");
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(stretchBytes);
    for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) hash.update(buffer.subarray(0, got));
    return { sizeBytes, sha256: hash.digest("hex") };
  } finally {
    closeSync(fd);
  }
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
