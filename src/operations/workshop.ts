import { type EventListener, type JobKind, type JobOutcome, runJob, type RunningJob } from "../jobs/index.ts";
import type { VolumeRecipient } from "../formats/volume/index.ts";
import type { Config, PoolConfig } from "../records/index.ts";
import { type ApplianceIdentity, type CleaningNews, DriveCleaner, type LabelParts, Mounts, TapeLibrary } from "../work/mount/index.ts";
import type { PoolFacts } from "../work/place/index.ts";
import { asStrongroomError, worst } from "../words/index.ts";
import { Spool } from "../work/spool/index.ts";
import { JobNotices } from "./notices.ts";
import { type SealingKeys, sealingKeys } from "./sealing-keys.ts";
import { tellingOfWaits } from "./drive-patience.ts";
import { DriveWatch } from "./drive-watch.ts";
import { namedLibrary } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";

type JobBody<T> = (job: RunningJob) => Promise<{ readonly summary: string; readonly value: T; readonly unfinished?: boolean }>;

/**
 * The devices and keys that work is done with, opened when they are first needed and kept until `close`. One for each set of operations, so that
 * all work of this process takes turns at the same changers and drives.
 */
export class Workshop {
  readonly #parts: OperationParts;
  readonly #libraries = new Map<string, TapeLibrary>();
  /** Blank cartridges that some pool of this process is about to label. */
  readonly claims = new Set<string>();
  /** Who is told what happens to drives; jobs, while they run. */
  readonly #listeners = new Set<(news: CleaningNews) => void>();
  #keys: Promise<SealingKeys> | undefined;
  #identity: Promise<ApplianceIdentity> | undefined;
  #spool: Spool | undefined;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  library(name: string): TapeLibrary {
    let library = this.#libraries.get(name);
    if (!library) {
      const { upkeep, clock, requestedBy } = this.#parts;
      const tell = (news: CleaningNews): void => {
        for (const listener of this.#listeners) listener(news);
      };
      const config = namedLibrary(configOf(this.#parts), name);
      const { automatic = true, cartridges = [] } = config.cleaning ?? {};
      const cleaner = new DriveCleaner(name, { automatic, cartridges, upkeep, clock, who: requestedBy, tell });
      const watch = new DriveWatch(this.#parts, tell);
      library = new TapeLibrary(this.#parts.openLibrary(config), {
        cleaner,
        released: (drive, driveNumber, barcode) => watch.look({ library: name, driveNumber, barcode, drive }),
        waiting: (driveNumber, barcode) => tellingOfWaits(`drive ${String(driveNumber)} of ${name}`, barcode, tell),
      });
      this.#libraries.set(name, library);
    }
    return library;
  }

  /** After its configuration changed. */
  async forgetLibrary(name: string): Promise<void> {
    const library = this.#libraries.get(name);
    this.#libraries.delete(name);
    await library?.close();
  }

  /** Runs `work`; `listener` is told meanwhile what happens to drives. */
  async hearing<T>(listener: (news: CleaningNews) => void, work: () => Promise<T>): Promise<T> {
    this.#listeners.add(listener);
    try {
      return await work();
    } finally {
      this.#listeners.delete(listener);
    }
  }

  /** A job whose log also has what happened to drives while it ran. */
  async runJob<T>(what: JobKind, listener: EventListener, body: JobBody<T>): Promise<JobOutcome<T>> {
    const notices = new JobNotices(this.#parts, what);
    let jobId = 0;
    const heard: EventListener = {
      event: (event) => {
        listener.event(event);
        if (jobId > 0) notices.heard(jobId, event);
      },
    };
    try {
      const outcome = await runJob({ ...this.#parts }, what, heard, async (job) => {
        jobId = job.id;
        return await this.hearing(({ severity, code, text }) => { job.note(severity, code, text); }, () => body(job));
      });
      await notices.ended(jobId, outcome.severity, outcome.summary);
      return outcome;
    } catch (thrown) {
      const { severity, message } = asStrongroomError(thrown);
      if (jobId > 0) await notices.ended(jobId, worst("err", severity), message);
      throw thrown;
    }
  }

  libraries(): readonly TapeLibrary[] {
    return configOf(this.#parts).libraries.map(({ name }) => this.library(name));
  }

  async identity(): Promise<ApplianceIdentity> {
    this.#identity ??= this.keys().then((keys) => identityOf(this.#parts, keys));
    return await this.#identity;
  }

  async keys(): Promise<SealingKeys> {
    this.#keys ??= sealingKeys(this.#parts);
    return await this.#keys;
  }

  spool(): Spool {
    const { path, maxBytes, startBytes, unsyncedBytes } = configOf(this.#parts).spool;
    this.#spool ??= new Spool(path ?? this.#parts.state.spoolPath, maxBytes, {
      ...(startBytes === undefined ? {} : { startBytes }),
      ...(unsyncedBytes === undefined ? {} : { unsyncedBytes }),
    });
    return this.#spool;
  }

  /** After keys changed. */
  forgetIdentity(): void {
    this.#identity = undefined;
    this.#keys = undefined;
  }

  async mounts(pool?: PoolConfig): Promise<Mounts> {
    const { inventory, clock, openTape, openFolder } = this.#parts;
    const blockSizeBytes = pool?.blockSizeBytes ?? configOf(this.#parts).defaults.blockSizeBytes;
    return new Mounts({
      inventory,
      clock,
      identity: await this.identity(),
      libraries: this.libraries(),
      openTape: (drive, barcode) => openTape(drive, barcode, blockSizeBytes),
      openFolder,
    });
  }

  async labelParts(): Promise<LabelParts> {
    const { inventory, clock, random } = this.#parts;
    return { inventory, clock, random, identity: await this.identity() };
  }

  async close(): Promise<void> {
    for (const library of this.#libraries.values()) await library.close();
    this.#libraries.clear();
  }
}

export function poolFacts(pool: PoolConfig): PoolFacts {
  return { name: pool.name, kind: pool.kind, library: pool.library };
}

function identityOf(parts: OperationParts, keys: SealingKeys): ApplianceIdentity {
  const { appliance } = configOf(parts);
  const recipients: VolumeRecipient[] = keys.recipients.map(({ role, fingerprint, userIds }) => ({ role, fingerprint: fingerprint.toUpperCase(), userIds }));
  return {
    uuid: appliance.uuid,
    name: appliance.name,
    custody: custodyText(appliance),
    recipients,
    signer: keys.signer.toUpperCase(),
    certificates: keys.certificates,
    lockedRecoveryKey: undefined,
    sign: keys.sign,
    verify: keys.verify,
  };
}

function custodyText(appliance: Config["appliance"]): string {
  const lines = [...(appliance.organisation === undefined ? [] : [appliance.organisation]), ...appliance.contacts];
  return lines.map((line) => `${line}\n`).join("");
}
