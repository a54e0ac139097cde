import type { JobOptions, JobResult, MachineDevice, Operations } from "../../src/operations/index.ts";
import { explainSense } from "../../src/operations/sense-explanation.ts";
import { StrongroomError } from "../../src/words/index.ts";
import * as sample from "./sample-appliance.ts";

/** One call as the fake saw it: `volume.init` with what it was given. */
export interface SeenCall {
  readonly operation: string;
  readonly given: readonly unknown[];
}

/** Replaces operations of a noun: `{ volume: { init: async () => … } }`. */
export type Instead = { readonly [Noun in keyof Operations]?: Partial<Operations[Noun]> };

/** An appliance of answers, behind the same contract as the real one. Long jobs report progress twice and honour their signal. */
export function fakeOperations(instead: Instead = {}): { readonly operations: Operations; readonly seen: SeenCall[]; closed(): boolean } {
  const seen: SeenCall[] = [];
  let closed = false;
  const replaced: Readonly<Record<string, object | undefined>> = instead;
  const nouns = Object.entries(answers()).map(([noun, verbs]: [string, object]) => {
    const runs: readonly (readonly [string, Run])[] = Object.entries({ ...verbs, ...replaced[noun] });
    return [noun, Object.fromEntries(runs.map(([verb, run]) => [verb, watch(seen, `${noun}.${verb}`, run)]))];
  });
  const close = (): Promise<void> => {
    closed = true;
    return Promise.resolve();
  };
  const watched = { ...Object.fromEntries(nouns), close } as Operations;
  return { operations: watched, seen, closed: () => closed };
}

type Run = (...given: unknown[]) => unknown;

function watch(seen: SeenCall[], operation: string, run: Run): Run {
  return (...given) => {
    seen.push({ operation, given });
    return run(...given);
  };
}

export function jobResult(severity: JobResult["severity"], summary: string): JobResult {
  return { job: { ...sample.job, severity, summary }, severity, summary };
}

export function unknownName(kind: string, name: string): StrongroomError {
  return new StrongroomError("missing", `${kind.toUpperCase()}_UNKNOWN`, `there is no ${kind} ${name}`, { hint: `see strongroom ${kind} list` });
}

const only = <Found>(kind: string, known: string, found: Found) => (name: string): Promise<Found> =>
  name === known ? Promise.resolve(found) : Promise.reject(unknownName(kind, name));

/** Works a little, in view of everybody, and stops where the signal says so. */
export function work(options: JobOptions): void {
  for (const doneBytes of [0, 1024]) {
    options.signal.throwIfAborted();
    options.observer.progress({
      jobId: 7,
      stage: "sealing and placing",
      doneBytes,
      totalBytes: 2048,
      doneEntries: doneBytes / 1024,
      totalEntries: 2,
      spoolFill: 0.5,
      errors: 0,
      cartridges: [{ barcode: "SR0001L8", fill: 0.25 }],
      current: sample.hostileName,
    });
  }
}

function answers(): Omit<Operations, "close"> {
  const info = {
    uuid: "44444444-4444-4444-8444-444444444444",
    name: "vault",
    stateFolder: "/var/lib/strongroom",
    formatVersion: 1,
    spoolUsedBytes: 0,
    spoolMaxBytes: 68_719_476_736,
  };
  return {
    appliance: {
      init: () => Promise.resolve(info),
      show: () => Promise.resolve(info),
      notify: () => Promise.resolve(),
      check: () => Promise.resolve([]),
      status: () => Promise.resolve(sample.status),
      writeMetrics: () => Promise.resolve(sample.status),
      adopt: () => Promise.resolve(info),
      rebuild: async (request, options) => {
        (await request.passphrase()).fill(0);
        work(options);
        return {
          ...jobResult("ok", "records made anew"), volumes: ["SR0001L8"], missing: [], archives: 1, snapshots: 2, segments: 3, leftOut: [],
          restoredPolicies: [], oldRecords: "/var/lib/strongroom/strongroom.db.before-20261121T090000Z",
        };
      },
    },
    key: {
      init: async ({ exportFolder, passphrase }) => {
        (await passphrase()).fill(0);
        return [{ ...sample.key, ...(exportFolder === undefined ? {} : { exportedTo: `${exportFolder}/recovery.asc` }) }];
      },
      list: () => Promise.resolve([sample.key]),
      certificate: only("key", "recovery", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"),
    },
    ...machines(),
    ...media(),
    ...archives(),
    file: {
      find: ({ limit }) => sample.found.slice(0, limit),
      findPrefix: ({ limit }) => sample.found.slice(0, limit),
      history: () => sample.found.slice(0, 1),
      restore: async (request, options) => {
        (await request.passphrase()).fill(0);
        work(options);
        return { ...jobResult("ok", "3 entries restored"), entries: 3, contentBytes: 2048, segments: 1, volumes: ["SR0001L8"], problems: [] };
      },
      recallPlan: () => Promise.resolve({
        entries: 3,
        contentBytes: 2048,
        lostSegments: 0,
        volumes: [{ barcode: "SR0001L8", place: "library vtl slot 1", pool: "onsite", segments: 1, inReach: true }],
      }),
    },
    job: {
      progress: () => Promise.resolve([]),
      log: () => Promise.resolve([{ jobId: 7, timeMs: sample.epochMs, severity: "note", code: "VERIFIED", text: "all copies read back" }]),
      interrupted: () => Promise.resolve([sample.job]),
      resume: (_id, options) => {
        work(options);
        return Promise.resolve(jobResult("ok", "snapshot 2 of photos"));
      },
      list: (limit) => Promise.resolve([sample.job].slice(0, limit)),
      show: () => Promise.resolve({
        job: sample.job,
        events: [{ jobId: 7, timeMs: sample.epochMs, severity: "note", code: "JOB_RESUMED", text: "going on" }],
      }),
    },
  };
}

const machineDrive: MachineDevice = {
  kind: "drive", address: "3:0:1:0", vendor: "IBM", product: "ULT3580-TD8", revision: "P370", serial: "1013000A01", reference: "serial:1013000A01",
  nodes: ["/dev/sg4", "/dev/nst0"], isUsb: false, sizeBytes: undefined, state: "running",
  holders: [{ processId: 4711, command: "tar\u001b[2J", node: "/dev/nst0" }], unseen: 0,
};

const networkTarget = { name: "iqn.2004-10.com.example:library", portals: ["10.0.0.5:3260"] };

function machines(): Pick<Operations, "library" | "drive" | "device"> {
  return {
    device: { list: () => Promise.resolve([machineDrive]) },
    library: {
      add: (request) => Promise.resolve({
        name: request.name,
        ...("changer" in request ? { kind: "sg", place: "serial:00L4U78W6497_LL0" } :
          "portal" in request ? { kind: "iscsi", place: `${networkTarget.name} at ${request.portal}` } : { kind: "simulator", place: request.simulatorFolder }),
      }),
      discover: () => Promise.resolve([networkTarget]),
      remove: () => Promise.resolve(),
      mailSlots: () => Promise.resolve(),
      list: () => Promise.resolve([{ name: "vtl", kind: "simulator", place: "/srv/vtl" }]),
      show: only("library", "vtl", {
        name: "vtl", product: "STRONGRM VIRTUAL-CHANGER 0001",
        condition: { ready: true, code: undefined, sentence: "ready", advice: undefined }, elements: sample.elements,
      }),
      move: () => Promise.resolve(),
      import: () => Promise.resolve(["SR0002L8"]),
      export: (_library, barcodes) => Promise.resolve(barcodes.map((barcode, index) => ({ barcode, mailSlot: index + 1 }))),
      audit: () => Promise.resolve(),
    },
    drive: {
      list: () => Promise.resolve([sample.drive, sample.busyDrive]),
      show: () => Promise.resolve(sample.drive),
      acknowledge: (_library, _drive, flag) => Promise.resolve({ alert: { ...sample.drive.alerts[0]!, flag }, who: "operator", timeMs: sample.epochMs }),
      load: () => Promise.resolve({ drive: 0 }),
      explain: (numbers) => Promise.resolve(explainSense(numbers)),
      unload: () => Promise.resolve({ to: { kind: "slot", number: 1 } }),
      health: () => Promise.resolve(sample.health),
      clean: () => Promise.resolve({
        barcode: "CLN001CU",
        outcome: "cleaned",
        news: [{ severity: "note", code: "DRIVE_CLEANED", text: "drive 0 of library vtl was cleaned with CLN001CU" }],
      }),
    },
  };
}

function media(): Pick<Operations, "pool" | "volume"> {
  return {
    pool: {
      create: () => Promise.resolve(),
      list: () => Promise.resolve([sample.pool]),
      show: only("pool", "onsite", { ...sample.pool, volumes: [sample.volume] }),
      set: (_name, { verifyEveryDays }) => Promise.resolve({ ...sample.pool, ...(verifyEveryDays === undefined ? {} : { verifyEveryDays }) }),
      remove: () => Promise.resolve(),
    },
    volume: {
      init: ({ barcode, pool }) => Promise.resolve({ ...sample.volume, barcode, pool }),
      list: () => Promise.resolve([{ ...sample.volume, place: "library vtl slot 1" }]),
      show: only("volume", "SR0001L8", {
        volume: sample.volume, cartridge: sample.cartridge, objects: [], copies: [], movements: [], verifications: [sample.verification], condition: sample.condition,
      }),
      identify: () => Promise.resolve({
        kind: "volume",
        uuid: sample.volume.uuid,
        barcode: "SR0001L8",
        pool: "onsite",
        appliance: "vault",
        ours: true,
        signature: "good",
      }),
      verify: ({ quick, sample: share }, options) => {
        work(options);
        const method = quick === true ? "quick" : share ? "sample" : "full";
        return Promise.resolve({ ...jobResult("ok", "6 objects verified"), objects: 6, readBytes: 50_331_648, findings: [], method, mends: [] });
      },
      verifyMany: (_request, options) => {
        work(options);
        const result = { ...jobResult("ok", "6 objects verified"), objects: 6, readBytes: 50_331_648, findings: [], method: "full", mends: [] } as const;
        return Promise.resolve({ severity: "ok", results: [result], failed: [], left: ["SR0002L8"] });
      },
      duplicate: ({ to }, options) => {
        work(options);
        return Promise.resolve({ ...jobResult("ok", "2 segments copied"), copies: 2, fromElsewhere: 0, volumes: [to ?? "SR0009L8"], leftOut: 0 });
      },
      planDuplicate: ({ barcode, to }) => Promise.resolve({
        barcode, pool: "onsite", targetPool: "onsite", segments: 2, sizeBytes: 50_331_648, bad: 0, lost: 0, copied: 0, archives: ["photos"],
        targets: [{ barcode: to ?? "SR0009L8", place: "library vtl slot 9", roomBytes: undefined, fits: undefined }],
      }),
      migrate: ({ to }, options) => {
        work(options);
        const copied = { copies: 2, fromElsewhere: 0, volumes: [to ?? "SR0009L8"], leftOut: 0 };
        return Promise.resolve({ ...jobResult("ok", "2 segments copied"), ...copied, findings: [], retired: true });
      },
      due: () => Promise.resolve([{ barcode: "SR0001L8", pool: "onsite", oldestMs: 0, dueMs: 1, inReach: true }]),
      whatIsOn: () => Promise.resolve({ copies: 2, onlyCopies: 0, elsewhere: ["USB001"] }),
    },
  };
}

function archives(): Pick<Operations, "archive" | "snapshot"> {
  return {
    archive: {
      create: ({ name }) => Promise.resolve({ id: 1, name, uuid: sample.archive.uuid }),
      list: () => Promise.resolve([sample.archive]),
      show: only("archive", "photos", sample.archive),
      run: (_name, _request, options) => {
        work(options);
        return Promise.resolve({
          ...jobResult("ok", "snapshot 1 complete"),
          snapshot: sample.snapshot,
          troubled: 0, resumed: false,
          segmentsSealed: 1,
          segmentsTakenOver: 0,
          volumes: [{ pool: "onsite", barcode: "SR0001L8" }],
        });
      },
      plan: () => Promise.resolve({
        entries: 3,
        newEntries: 1,
        newContentBytes: 1024,
        segments: 1,
        plannedBytes: 2048,
        goneEntries: 0,
        pools: [{ pool: "onsite", freeBytes: 4096, blankCartridges: 0 }],
      }),
      troubles: (name) => Promise.resolve({
        archive: name, snapshot: 1, count: 2,
        troubles: [
          { path: Buffer.from("run/\xff.sock", "latin1"), severity: "note", code: "SOCKET_LEFT_OUT", text: "is a socket", condition: "left out", since: 1 },
          { path: Buffer.from("2024/a.jpg"), severity: "note", code: "ENTRY_CHANGED", text: "changed while it was read", condition: "changed", since: 1 },
        ],
      }),
      mend: (_name, _request, options) => {
        work(options);
        return Promise.resolve({ ...jobResult("ok", "1 copy made anew"), copies: 1, volumes: ["SR0002L8"], without: 0 });
      },
      abandon: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    snapshot: {
      list: () => Promise.resolve([sample.snapshot]),
      show: () => Promise.resolve({
        archive: { id: 1, name: "photos", uuid: sample.archive.uuid },
        snapshot: sample.snapshot,
        segments: 1,
        copies: [{ pool: "onsite", written: 0, verified: 1, doubted: 0, bad: 0, missing: 0 }],
        volumes: [{ barcode: "SR0001L8", pool: "onsite", place: "library vtl slot 1" }],
      }),
      children: () => Promise.resolve([]),
      entries: () => [sample.entry, { ...sample.entry, path: sample.hostileName }],
    },
  };
}
