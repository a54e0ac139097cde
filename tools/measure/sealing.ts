import { rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { BulkCipher } from "../../src/formats/message/index.ts";
import { planSources } from "../../src/operations/index.ts";
import type { PlannedSegment } from "../../src/records/index.ts";
import { makePlan, type SegmentCut } from "../../src/work/plan/index.ts";
import { SealCrew } from "../../src/work/seal/index.ts";
import { benchRecipients, freshSessionKey } from "./keys.ts";

export interface SealRequest {
  readonly source: string;
  /** The same tree so many times, as sources side by side. */
  readonly repeat: number;
  readonly keys: string;
  readonly spool: string;
  readonly cipher: BulkCipher;
  readonly segmentSizeBytes: number;
  /** Remove each segment once it is whole, as a drive that takes them away would: for more than the spool could hold. */
  readonly discard: boolean;
}

/** What `restoreSealed` needs to know of the spool. */
export interface SealedSpool {
  readonly planPath: string;
  readonly segments: readonly PlannedSegment[];
}

/** Walk, plan and seal, with every hash, into a spool: all that happens before a drive is needed. Returns the bytes of content. */
export async function sealAlone(request: SealRequest): Promise<number> {
  const { source, repeat, spool, segmentSizeBytes, cipher } = request;
  const planPath = join(spool, "plan");
  const recipients = await benchRecipients(request.keys);
  const sources = Array.from({ length: repeat }, (_, index) => ({ name: `s${String(index)}`, path: source, exclude: [], oneFileSystem: true }));
  const archive = { name: "bench", sources, pools: [], cipher, compression: "auto", segmentSizeBytes, verify: false } as const;
  const crew = new SealCrew(availableParallelism());
  try {
    const { segments, summary } = await makePlan({
      planPath,
      sources: planSources(archive),
      segmentSizeBytes,
      catalog: { children: () => [], entries: () => [][Symbol.iterator]() as IterableIterator<never> },
      archive: { id: 1, name: "bench", uuid: "00000000-0000-4000-8000-000000000000" },
      base: undefined,
      onEntry: () => undefined,
      onNotice: (_severity, _code, text) => { throw new Error(text); },
      signal: new AbortController().signal,
    });
    const queue = segments[Symbol.iterator]();
    const sealNext = async (): Promise<void> => {
      for (const segment of queue) {
        const spoolPath = join(spool, `segment-${String(segment.number)}`);
        const cut = JSON.parse(segment.plan) as SegmentCut;
        const last = segment.number === segments.length;
        const outcome = await crew.seal({ planPath, cut, last, cipher, compression: "auto", spoolPath, ...(await freshSessionKey(recipients)) });
        if (outcome.lines.some(({ condition }) => condition !== "intact")) throw new Error("a file of the test data was not intact");
        if (request.discard) for (const path of [spoolPath, `${spoolPath}.facts`]) rmSync(path);
      }
    };
    await Promise.all(Array.from({ length: crew.threads }, sealNext));
    writeFileSync(join(spool, "sealed.json"), JSON.stringify({ planPath, segments } satisfies SealedSpool));
    return summary.contentBytes;
  } finally {
    await crew.close();
  }
}
