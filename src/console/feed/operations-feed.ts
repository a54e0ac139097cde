import type { Operations } from "../../operations/index.ts";
import { asStrongroomError, type Clock, printableSentence } from "../../words/index.ts";
import type { AppliancePicture, LibraryPicture, Losses } from "../state/index.ts";
import type { Feed } from "./contract.ts";

/** As many jobs, and of so many of them what happened, as anybody scrolls through; the command line has all. */
const jobsShown = 200;
const jobsWithEvents = 20;
const eventsShown = 1000;
const entriesShown = 2000;
/** A library is asked again after so long; its robot has other work. */
const libraryIntervalMs = 10_000;
const checkIntervalMs = 60_000;

/** Reads through the same door as the command line. */
export function createFeed(operations: Operations, clock: Clock): Feed {
  let libraries: readonly LibraryPicture[] = [];
  let drives: AppliancePicture["drives"] = [];
  let checks: AppliancePicture["checks"] = [];
  let hasKeys = false;
  let [librariesMs, checksMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const readLibraries = async (): Promise<void> => {
    const listed = await operations.library.list();
    libraries = await Promise.all(listed.map(({ name }) => readLibrary(operations, clock, name, libraries.find((one) => one.name === name))));
    drives = await operations.drive.list().catch(() => drives);
    librariesMs = clock.monotonicMs();
  };
  return {
    read: async (options) => {
      const nowMs = clock.monotonicMs();
      if (options.libraries || nowMs - librariesMs >= libraryIntervalMs) await readLibraries();
      if (nowMs - checksMs >= checkIntervalMs) {
        checks = await operations.appliance.check();
        checksMs = nowMs;
      }
      // Keys are never taken away, and reading them is not free.
      hasKeys ||= (await operations.key.list()).length > 0;
      const { name, spoolUsedBytes, spoolMaxBytes } = await operations.appliance.show();
      const jobs = await operations.job.list(jobsShown);
      return {
        readMs: clock.nowMs(),
        name,
        spool: { usedBytes: spoolUsedBytes, maxBytes: spoolMaxBytes },
        hasKeys,
        libraries,
        drives,
        pools: await operations.pool.list(),
        archives: await operations.archive.list(),
        volumes: await operations.volume.list(),
        jobs,
        progress: await operations.job.progress(),
        events: await latestEvents(operations, jobs.slice(0, jobsWithEvents).map(({ id }) => id)),
        checks,
      };
    },
    snapshots: async (archive) => await operations.snapshot.list(archive),
    directory: async (archive, snapshot, path) => {
      const found = await operations.snapshot.children(archive, snapshot, path, entriesShown + 1);
      return { entries: found.slice(0, entriesShown), hasMore: found.length > entriesShown };
    },
    losses: async (barcode) => await lossesOf(operations, barcode),
  };
}

/** Where the records know no volume there is nothing to lose; a cartridge of somebody else is refused by the command itself. */
async function lossesOf(operations: Operations, barcode: string): Promise<Losses> {
  const { copies, onlyCopies, elsewhere } = await operations.volume.whatIsOn(barcode);
  const volumes = await operations.volume.list();
  const volume = volumes.find((one) => one.barcode === barcode && one.state !== "retired");
  const written = volume === undefined ? [] : (await operations.volume.show(barcode)).objects.map(({ writtenMs }) => writtenMs);
  return {
    pool: volume?.pool,
    lastWrittenMs: written.length === 0 ? volume?.createdMs : written.reduce((latest, timeMs) => Math.max(latest, timeMs)),
    copies,
    onlyCopies,
    elsewhere: elsewhere.map((other) => ({ barcode: other, place: volumes.find((one) => one.barcode === other)?.place ?? "-" })),
  };
}

async function readLibrary(operations: Operations, clock: Clock, name: string, known: LibraryPicture | undefined): Promise<LibraryPicture> {
  try {
    return { name, shown: await operations.library.show(name), shownMs: clock.nowMs(), trouble: undefined };
  } catch (thrown) {
    const { code, message, hint } = asStrongroomError(thrown);
    return { name, shown: known?.shown, shownMs: known?.shownMs ?? 0, trouble: { code, sentence: printableSentence(message), hint } };
  }
}

async function latestEvents(operations: Operations, jobIds: readonly number[]): Promise<AppliancePicture["events"]> {
  const all = await Promise.all(jobIds.map(async (id) => (await operations.job.show(id)).events));
  return all.flat().sort((a, b) => a.timeMs - b.timeMs).slice(-eventsShown);
}
