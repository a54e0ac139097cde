import { rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { CampaignCase, CaseResult, Family, OpenFamily } from "../frame/contract.ts";
import { finish, isDone, unclear } from "../disk/judge.ts";
import { kindOf, nameOf, patternOf, type Place, placesOf } from "../disk/places.ts";
import type { DiskFault } from "../disk/recorder.ts";
import { type DiskRecording, recordJob, runFailing } from "../disk/recording.ts";

const { ENOSPC, EDQUOT, EIO } = constants.errno;

/** What fails, and in which calls. EDQUOT is a limit of the user's, EIO a disk that fails once. */
const failures: readonly { readonly name: string; readonly errno: number; readonly how: DiskFault["how"]; readonly operations: readonly Place["operation"][] }[] = [
  { name: "full", errno: ENOSPC, how: "stay", operations: ["write", "create", "mkdir", "rename"] },
  { name: "full-half", errno: ENOSPC, how: "half", operations: ["write"] },
  { name: "quota", errno: EDQUOT, how: "stay", operations: ["write", "create", "sync"] },
  { name: "io", errno: EIO, how: "once", operations: ["write", "sync", "sync-folder", "rename", "create", "mkdir"] },
  { name: "unreadable", errno: EIO, how: "once", operations: ["read"] },
];

interface Disturbed {
  readonly step: number;
  readonly fault: DiskFault;
  readonly kind: string;
}

export const fullFamily: Family = {
  name: "full",
  about: "no room, no quota or an error of the disk at each call that changes or reads it",
  boundMs: 120_000,
  heapMegabytes: 1024,
  open: async (folder) => {
    const recording = await recordJob(folder, (job, step) => { job.keep(`before-${String(step)}`); });
    const all = disturbances(recording);
    return {
      cases: [...all].map(([id, { kind }]): CampaignCase => ({ id, row: id.split("/")[1]!, kind })),
      run: async (id) => await playOne(recording, all.get(id)!, join(folder, "struck")),
      close: () => Promise.resolve(),
    } satisfies OpenFamily;
  },
};

function disturbances({ job, events, begins }: DiskRecording): ReadonlyMap<string, Disturbed> {
  const all = new Map<string, Disturbed>();
  for (const [number, step] of job.steps.entries()) {
    for (const place of placesOf(events, begins[number]!, begins[number + 1]!)) {
      for (const { name, errno, how, operations } of failures) {
        if (!operations.includes(place.operation)) continue;
        const operation = place.operation === "sync-folder" ? "sync" : place.operation as DiskFault["operation"];
        const pattern = place.class === "root" ? "" : patternOf(place.class);
        const fault = { operation, nth: place.nth, errno, how, pattern };
        all.set(`full/${name}/${step.name}/${nameOf(place)}`, { step: number, fault, kind: `${name}/${kindOf(place)}` });
      }
    }
  }
  return all;
}

async function playOne(recording: DiskRecording, { step, fault }: Disturbed, struck: string): Promise<CaseResult> {
  const { job } = recording;
  job.putBack(`before-${String(step)}`);
  rmSync(struck, { force: true });
  const struckStep = job.steps[step]!;
  const first = await runFailing(recording, struckStep.line, fault, struck);
  if (!first.hasStruck) return { ending: "not met", told: first.err };
  const wrong = unclear(first);
  if (wrong !== undefined) return wrong;
  const result = await finish(job, isDone(struckStep, first.code) ? step + 1 : step);
  return { ending: result.ending, told: `first: ${first.err.trim()}\n${result.told}` };
}
