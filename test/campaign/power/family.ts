import type { CampaignCase, CaseResult, Family, OpenFamily } from "../frame/contract.ts";
import { finish } from "../disk/judge.ts";
import { layOut, ModelDisk } from "../disk/model.ts";
import { kindOf, nameOf, placesOf } from "../disk/places.ts";
import { type Cut, cutPower } from "../disk/power-cut.ts";
import { type DiskRecording, recordJob } from "../disk/recording.ts";

/** Draws whose outcome depends on the seed are made more than once. */
const choices: readonly (readonly [name: string, cut: Cut])[] = [
  ["nothing", "nothing"], ["everything", "everything"], ["journal-1", "journal"], ["journal-2", "journal"], ["anything-1", "anything"], ["anything-2", "anything"],
];

/** The power fails just before event number `at` of the log; the operator goes on with step `next`. */
interface Moment {
  readonly at: number;
  readonly next: number;
  readonly cut: Cut;
  readonly kind: string;
}

export const powerFamily: Family = {
  name: "power",
  about: "the power fails before each call that changes the disk, and what was not synced is there in part",
  boundMs: 120_000,
  heapMegabytes: 1024,
  open: async (folder) => {
    const recording = await recordJob(folder);
    const moments = momentsOf(recording);
    return {
      cases: [...moments].map(([id, { kind }]): CampaignCase => ({ id, row: id.split("/")[1]!, kind })),
      run: async (id) => await playMoment(recording, id, moments.get(id)!),
      close: () => Promise.resolve(),
    } satisfies OpenFamily;
  },
};

function momentsOf({ job, events, begins }: DiskRecording): ReadonlyMap<string, Moment> {
  const moments = new Map<string, Moment>();
  for (const [number, step] of job.steps.entries()) {
    const add = (kind: string, name: string, at: number, next: number): void => {
      for (const [choice, cut] of choices) moments.set(`power/${step.name}/${name}/${choice}`, { at, next, cut, kind });
    };
    // What SQLite keeps in its index it makes anew.
    const places = placesOf(events, begins[number]!, begins[number + 1]!).filter(({ class: of, operation }) => !of.endsWith("-shm") && operation !== "open" && operation !== "read");
    for (const place of places) add(kindOf(place), nameOf(place), place.at, number);
    add("done", "done", begins[number + 1]!, number + 1);
  }
  return moments;
}

async function playMoment({ job, events }: DiskRecording, id: string, { at, next, cut }: Moment): Promise<CaseResult> {
  const disk = new ModelDisk();
  for (const event of events.slice(0, at)) disk.apply(event);
  layOut(cutPower(disk, cut, id), job.disk);
  return await finish(job, next);
}
