import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "../words/index.ts";
import type { JobObserver, JobProgress } from "./contract.ts";

/** Progress is small; what is larger is not ours. */
const maxBytes = 64 * 1024;
const intervalMs = 1000;

const shape = z.object({
  jobId: z.number().int(),
  stage: z.string(),
  doneBytes: z.number(),
  totalBytes: z.number().optional(),
  doneEntries: z.number(),
  totalEntries: z.number().optional(),
  spoolFill: z.number(),
  errors: z.number(),
  cartridges: z.array(z.object({ barcode: z.string(), fill: z.number() })),
  current: z.string().optional(),
  stages: z.array(z.object({ stage: z.string(), spentMs: z.number() })).optional(),
  writing: z.array(z.object({ pool: z.string(), isWriting: z.boolean(), writingMs: z.number(), waitingMs: z.number() })).optional(),
});

/**
 * How far running jobs are, for other processes: one small file a job in the jobs folder, replaced as a whole, never synced. It is worth nothing when
 * the job is over, and nothing depends on it.
 */
export class LiveProgress {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A file system that is full must not end a job because nobody can see how far it is. */
  publish(progress: JobProgress): void {
    const path = this.#pathOf(progress.jobId);
    const current = progress.current === undefined ? undefined : Buffer.from(progress.current).toString("base64");
    try {
      writeFileSync(`${path}.new`, JSON.stringify({ ...progress, current }), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch {
      rmSync(`${path}.new`, { force: true });
    }
  }

  /** Passes on what a job tells, and publishes it now and then. */
  alongside(observer: JobObserver, clock: Clock): JobObserver {
    let toldMs = Number.NEGATIVE_INFINITY;
    let toldStage: string | undefined;
    return {
      progress: (progress) => {
        observer.progress(progress);
        const nowMs = clock.monotonicMs();
        if (progress.stage === toldStage && nowMs - toldMs < intervalMs) return;
        [toldMs, toldStage] = [nowMs, progress.stage];
        this.publish(progress);
      },
      event: (event) => { observer.event(event); },
    };
  }

  /** Of those jobs, which are all that run. What others left is cleared away; one that began meanwhile soon writes its own again. */
  read(jobIds: readonly number[]): readonly JobProgress[] {
    const wanted = new Set(jobIds.map((id) => this.#pathOf(id)));
    const paths = readdirSync(this.#folder).filter((name) => /^job-\d+\.progress$/.test(name)).map((name) => join(this.#folder, name));
    for (const path of paths) if (!wanted.has(path)) rmSync(path, { force: true });
    return paths.filter((path) => wanted.has(path)).flatMap((path) => parse(path) ?? []);
  }

  #pathOf(jobId: number): string {
    return join(this.#folder, `job-${String(jobId)}.progress`);
  }
}

function parse(path: string): JobProgress | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > maxBytes) return undefined;
    const { stages, writing, ...known } = shape.parse(JSON.parse(text));
    return {
      ...known,
      ...(stages === undefined ? {} : { stages }),
      ...(writing === undefined ? {} : { writing }),
      totalBytes: known.totalBytes,
      totalEntries: known.totalEntries,
      current: known.current === undefined ? undefined : Uint8Array.from(Buffer.from(known.current, "base64")),
    };
  } catch {
    // It ended between the listing and the reading, or somebody else wrote it.
    return undefined;
  }
}
