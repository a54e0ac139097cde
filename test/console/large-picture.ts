import type { AppliancePicture } from "../../src/console/state/index.ts";
import type { LibraryElement } from "../../src/operations/index.ts";
import { picture } from "./sample-picture.ts";

/** An appliance as large as one gets: this many jobs at work, cartridges in a library of so many slots, and the rest of them on shelves. */
export const largeSize = { jobs: 50, slots: 500, cartridges: 10_000 } as const;

const [volume] = picture.volumes;
const slot = picture.libraries[0]!.shown!.elements.find(({ kind }) => kind === "slot")!;
const [library] = picture.libraries;
const drives = library!.shown!.elements.filter(({ kind }) => kind !== "slot");
const runningJob = picture.jobs.find(({ state }) => state === "running")!;

const barcodeOf = (number: number): string => `T${String(number).padStart(5, "0")}L8`;
const volumes = Array.from({ length: largeSize.cartridges }, (_, at) => ({
  ...volume!, uuid: String(at), barcode: barcodeOf(at), place: at < largeSize.slots ? `library vtl slot ${String(at)}` : `shelf ${String(at % 97)}`,
}));
const slots = Array.from({ length: largeSize.slots }, (_, at): LibraryElement => ({ ...slot, number: at, address: 4096 + at, full: true, barcode: barcodeOf(at), volume: volumes[at] }));

/** As it is read once more, `turn` seconds later: every job is further, and everything is a value of its own, as from the records. */
export function largePicture(turn: number): AppliancePicture {
  return {
    ...picture,
    readMs: picture.readMs + turn * 1000,
    libraries: [{ ...library!, shown: { ...library!.shown!, elements: [...drives, ...slots] } }],
    volumes: [...volumes],
    jobs: Array.from({ length: largeSize.jobs }, (_, at) => ({ ...runningJob, id: largeSize.jobs - at, subject: `archive ${String(at)}` })),
    progress: Array.from({ length: largeSize.jobs }, (_, at) => ({
      ...picture.progress[0]!, jobId: largeSize.jobs - at, doneBytes: (at * 1_000_000_000 + turn * 300_000_000) % 100_000_000_000,
    })),
    events: Array.from({ length: 1000 }, (_, at) => ({ ...picture.events[0]!, jobId: (at % largeSize.jobs) + 1, timeMs: picture.events[0]!.timeMs + at * 1000 })),
  };
}
