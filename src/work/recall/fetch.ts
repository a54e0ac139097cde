import { createHash } from "node:crypto";
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { VolumeMedium } from "../../formats/volume/index.ts";
import { StrongroomError } from "../../words/index.ts";

const readBytesMax = 1024 * 1024;

export interface FetchRequest {
  readonly objectNumber: number;
  readonly sealedBytes: number;
  readonly sealedSha256: string;
  /** Where the segment appears once it is whole and equal to its seal. */
  readonly path: string;
  readonly onBytes: (countBytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads one segment from a volume into the spool and compares it with its seal on the way. `SEGMENT_DIFFERS` (mismatch) when it is not what was
 * sealed: then nothing is left in the spool.
 */
export async function fetchSegment(medium: VolumeMedium, request: FetchRequest): Promise<void> {
  const temporary = `${request.path}.tmp`;
  const fd = openSync(temporary, "w", 0o600);
  try {
    const { sizeBytes, sha256 } = await copyObject(medium, request, fd);
    if (sizeBytes !== request.sealedBytes || sha256 !== request.sealedSha256) throw differs(medium.barcode, request.objectNumber);
    renameSync(temporary, request.path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

async function copyObject(medium: VolumeMedium, request: FetchRequest, fd: number): Promise<{ sizeBytes: number; sha256: string }> {
  const reader = await medium.readObject(request.objectNumber);
  if (reader === "end-of-data") throw differs(medium.barcode, request.objectNumber);
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(readBytesMax);
  let sizeBytes = 0;
  try {
    for (;;) {
      request.signal.throwIfAborted();
      const got = await reader.read(buffer);
      if (got === 0) return { sizeBytes, sha256: hash.digest("hex") };
      sizeBytes += got;
      // A foreign tape with an endless object must not fill the disk.
      if (sizeBytes > request.sealedBytes) return { sizeBytes, sha256: "" };
      const part = buffer.subarray(0, got);
      hash.update(part);
      for (let done = 0; done < got; ) done += writeSync(fd, part, done);
      request.onBytes(got);
    }
  } finally {
    await reader.close();
  }
}

function differs(barcode: string, objectNumber: number): StrongroomError {
  return new StrongroomError("mismatch", "SEGMENT_DIFFERS", `object ${String(objectNumber)} on cartridge ${barcode} is not the segment that was sealed`, {
    hint: `read the whole cartridge with: strongroom volume verify ${barcode}`,
  });
}
