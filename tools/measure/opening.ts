import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { readSessionKey } from "../../src/formats/openpgp/index.ts";
import { OpenThread, type WantedEntry } from "../../src/work/open/index.ts";
import { readPlanLines, type SegmentCut } from "../../src/work/plan/index.ts";
import { readFacts } from "../../src/work/seal/index.ts";
import { benchPrivateKey } from "./keys.ts";
import type { SealedSpool } from "./sealing.ts";

export interface OpenRequest {
  readonly spool: string;
  readonly keys: string;
  readonly target: string;
}

const headBytes = 64 * 1024;

/**
 * Opens every segment of a spool that `sealAlone` filled, in order, and restores all of it, each file compared with its hash: what
 * `gpg -d | tar x` does, and a check it does not do. Returns the bytes of content.
 */
export async function restoreSealed(request: OpenRequest): Promise<number> {
  const { planPath, segments } = JSON.parse(readFileSync(join(request.spool, "sealed.json"), "utf8")) as SealedSpool;
  const key = await benchPrivateKey(request.keys);
  const thread = new OpenThread();
  let contentBytes = 0;
  try {
    await thread.begin({ directory: request.target, existing: "refuse", owners: "by-number" });
    for (const segment of segments) {
      const path = join(request.spool, `segment-${String(segment.number)}`);
      const cut = JSON.parse(segment.plan) as SegmentCut;
      const wanted = wantedEntries(planPath, cut, path);
      const sessionKey = await readSessionKey(headOf(path), [key]);
      const opened = await thread.open({ path, sessionKey, wanted, ...(cut.skipBytes > 0 ? { continued: rest(wanted[0]!) } : {}) });
      if (opened.problems.length > 0) throw new Error(opened.problems[0]!.text);
      contentBytes += opened.contentBytes;
    }
    const { problems } = await thread.finish();
    if (problems.length > 0) throw new Error(problems[0]!.text);
    return contentBytes;
  } finally {
    await thread.close();
  }
}

/** A file that began in the segment before. */
function rest({ path, piece }: WantedEntry): { readonly path: Uint8Array; readonly lengthBytes: number } {
  return { path, lengthBytes: piece!.lengthBytes };
}

/** The entries of one segment, as the catalog would tell them. */
function wantedEntries(planPath: string, cut: SegmentCut, spoolPath: string): readonly WantedEntry[] {
  const { lines } = readFacts(spoolPath)!;
  return [...readPlanLines(planPath, cut.fromByte, cut.toByte)].map(({ entry }, index) => {
    const { condition, sha256 } = lines[index]!;
    const storedBytes = entry.type === "file" ? entry.sizeBytes : 0;
    const base = { path: entry.path, condition, storedBytes };
    if (!sha256) return base;
    const offsetBytes = index === 0 ? cut.skipBytes : 0;
    const endBytes = index === lines.length - 1 ? (cut.stopBytes ?? storedBytes) : storedBytes;
    return { ...base, piece: { offsetBytes, lengthBytes: endBytes - offsetBytes, sha256 } };
  });
}

function headOf(path: string): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const head = Buffer.alloc(headBytes);
    return head.subarray(0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}
