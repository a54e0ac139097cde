import { type AppliancePicture, type ConsoleState, viewIds } from "../../../src/console/state/index.ts";
import { tongues } from "../../../src/console/tongue/index.ts";
import { type ConsoleEvent, update } from "../../../src/console/update/index.ts";
import type { EntryRecord } from "../../../src/records/index.ts";
import { epochMs } from "../../cli/sample-appliance.ts";
import { picture, stateAt } from "../sample-picture.ts";

const [english] = tongues;

/** What the manual shows, by the names of its marks: an appliance in the middle of its work, the same as in the tests, at a time that stands still. */
export const consoleScenes: Readonly<Record<string, () => ConsoleState>> = {
  ...Object.fromEntries(viewIds.map((view) => [view, () => stateAt(80, 24, { view })])),
  tree: inTree,
  scanned: () => after(stateAt(80, 24), { kind: "scan", code: "SR0003L8" }),
  "write-over": beforeWritingOver,
  request: () => stateAt(80, 24, { appliance: waitingAppliance }),
  "first-start": () => stateAt(80, 24, { appliance: bareAppliance }),
};

const bareAppliance: AppliancePicture = {
  ...picture, hasKeys: false, libraries: [], drives: [], pools: [], archives: [], volumes: [], jobs: [], progress: [], events: [], checks: [],
};

const request = {
  who: "pool offsite", code: "NO_CARTRIDGE", needs: "a blank LTO-8 cartridge for pool offsite", hint: "put one into a mail slot of vtl and bring it in", sinceMs: picture.readMs - 240_000,
};
const waitingAppliance: AppliancePicture = { ...picture, jobs: picture.jobs.map((job) => (job.id === 9 ? { ...job, progress: { requests: [request] } } : job)) };

function after(state: ConsoleState, ...events: readonly ConsoleEvent[]): ConsoleState {
  return events.reduce((before, event) => update(before, event, english!).state, state);
}

function beforeWritingOver(): ConsoleState {
  const losses = { pool: "onsite", lastWrittenMs: epochMs, copies: 12, onlyCopies: 0, elsewhere: [{ barcode: "SR0001L8", place: "library vtl drive 0" }] };
  return stateAt(80, 24, {
    view: "cartridges",
    overlay: { kind: "confirm", row: "cartridge SR0003L8", action: "overwrite", answers: { pool: "onsite" }, typed: "SR0003L8", losses, preview: undefined },
  });
}

function entry(path: string, change: Partial<EntryRecord> = {}): EntryRecord {
  return {
    id: 1, path: new TextEncoder().encode(path), type: "file", mode: 0o644, uid: 0, gid: 0, sizeBytes: 4_200_000, mtimeNs: BigInt(epochMs) * 1_000_000n, ctimeNs: 0n, inode: 1n,
    condition: "intact", firstSnapshot: 1, segmentId: 1, ...change,
  };
}

function inTree(): ConsoleState {
  const directories = new Map([
    ["", { entries: [entry("2025", { type: "directory" }), entry("2026", { type: "directory" }), entry("index.csv", { sizeBytes: 81_920 })], hasMore: false }],
    ["2026", { entries: [entry("2026/harbour.tif"), entry("2026/market.tif"), entry("2026/mill.tif", { condition: "changed" })], hasMore: false }],
  ]);
  const tree = { archive: "photos", snapshots: [], snapshot: 3, directories, marked: new Set(["2026/market.tif"]) };
  const place = { selected: "entry 2026/mill.tif", at: 4, filter: "" };
  return stateAt(80, 24, { view: "archives", tree, places: { ...stateAt(80, 24).places, archives: place } });
}
