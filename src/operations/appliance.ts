import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseTrailerMemberName, trailerMemberName } from "../formats/volume/index.ts";
import { replaceFile, type VolumeRecord } from "../records/index.ts";
import { asStrongroomError, formatBytes, rfc3339, type Severity, StrongroomError } from "../words/index.ts";
import type { ApplianceInfo, ApplianceOperations } from "./contract.ts";
import { metricsText } from "./metrics.ts";
import { sendNotice } from "./notices.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { statusOf } from "./status.ts";
import type { Workshop } from "./workshop.ts";

const formatVersion = 1;

/** `init` needs no appliance yet and so is main's: see openOperations. */
export function applianceOperations(parts: OperationParts, workshop: Workshop): Omit<ApplianceOperations, "init" | "adopt" | "rebuild"> {
  return {
    show: async () => Promise.resolve(infoOf(parts, workshop)),
    notify: async () => {
      const isSent = await sendNotice(parts, "test", ["This is a test: notices of this appliance arrive where this one did."]);
      if (isSent) return;
      throw new StrongroomError("usage", "NOTIFY_NOT_CONFIGURED", "config.json has no notify.command: nobody is notified", {
        hint: "add it as docs/OPERATING.md shows, Mail and monitoring",
      });
    },
    check: async () => Promise.resolve(check(parts)),
    status: async () => Promise.resolve(statusOf(parts, workshop.spool(), troubles(parts))),
    writeMetrics: async (path) => {
      const report = statusOf(parts, workshop.spool(), troubles(parts, true));
      // For programs of other users: there is nothing in it that is not on every volume's label.
      replaceFile(path, metricsText(report), 0o644);
      return Promise.resolve(report);
    },
  };
}

export function infoOf(parts: OperationParts, workshop: Workshop): ApplianceInfo {
  const { appliance } = configOf(parts);
  const spool = workshop.spool();
  return {
    uuid: appliance.uuid,
    name: appliance.name,
    stateFolder: parts.state.path,
    formatVersion,
    spoolUsedBytes: spool.usedBytes,
    spoolMaxBytes: spool.maxBytes,
  };
}

interface Remark {
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
  readonly hint: string | undefined;
}

/** The state folder's permissions were checked when it was opened, the records when the database was. */
function check(parts: OperationParts): readonly Remark[] {
  const remarks = troubles(parts);
  return remarks.length > 0 ? remarks : [{ severity: "ok", code: "ALL_WELL", text: "configuration, records, keys and spool are in order", hint: undefined }];
}

/** `isQuick`: without reading the whole database. */
function troubles(parts: OperationParts, isQuick = false): readonly Remark[] {
  const remarks: Remark[] = [];
  const attempt = (work: () => Iterable<Remark>): void => {
    try {
      remarks.push(...work());
    } catch (thrown) {
      const { severity, code, message, hint } = asStrongroomError(thrown);
      remarks.push({ severity, code, text: message, hint });
    }
  };
  if (!isQuick) attempt(() => checkRecords(parts));
  attempt(() => checkKeys(parts));
  attempt(() => checkSpool(parts));
  attempt(() => checkSources(parts));
  attempt(() => checkSnapshots(parts));
  return remarks;
}

const rebuildHint = "make the records anew from the volumes: strongroom appliance rebuild --key FILE";

/** The whole database, page by page; then whether the catalogs beside it are of sessions that it does not know. */
function* checkRecords(parts: OperationParts): Generator<Remark> {
  const wrong = parts.checkStore();
  if (wrong.length > 0) {
    const text = `the state database is damaged, the volumes are not affected: ${wrong.slice(0, 3).join("; ")}`;
    yield { severity: "fatal", code: "STORE_DAMAGED", text, hint: rebuildHint };
  }
  const sessions = join(parts.state.path, "sessions");
  const places = existsSync(sessions) ? readdirSync(sessions).map(parseTrailerMemberName) : [];
  for (const barcode of new Set(places.flatMap((place) => (place?.kind === "catalog" ? [place.barcode] : [])))) {
    const volume = parts.inventory.volumeOn(barcode);
    // A run that died before its trailer was written leaves a catalog under the number that the next object gets.
    const newest = Math.max(...places.flatMap((place) => (place?.kind === "catalog" && place.barcode === barcode ? [place.trailerNumber] : [])));
    if (!volume || newest <= volume.objects || !isSinceLabelled(join(sessions, trailerMemberName("catalog", barcode, newest)), volume)) continue;
    const text = `the records know ${String(volume.objects)} objects on volume ${barcode}, a catalog beside them is of object ${String(newest)}: they are older than the volume`;
    yield { severity: "fatal", code: "RECORDS_OLDER", text, hint: rebuildHint };
  }
}

/** A catalog from before is of a volume that was written over. */
function isSinceLabelled(path: string, { createdMs }: VolumeRecord): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= createdMs;
}

function* checkKeys(parts: OperationParts): Generator<Remark> {
  const soonMs = parts.clock.nowMs() + 90 * 24 * 3600 * 1000;
  if (!parts.keys.current("signing")) {
    yield { severity: "err", code: "KEYS_MISSING", text: "the appliance has no keys: nothing can be archived", hint: "run: strongroom key init --export DIR" };
  }
  for (const role of ["operations", "recovery"] as const) {
    const expiresMs = parts.keys.current(role)?.expiresMs;
    if (expiresMs === undefined || expiresMs > soonMs) continue;
    const text = `the ${role} certificate expires at ${rfc3339(expiresMs)}: after that nothing can be archived`;
    yield { severity: "warn", code: "CERTIFICATE_EXPIRES", text, hint: "extend it where its private key is, and put the new certificate in" };
  }
}

function* checkSpool(parts: OperationParts): Generator<Remark> {
  const { path, maxBytes } = configOf(parts).spool;
  const { bavail, bsize } = statfsSync(path ?? parts.state.spoolPath);
  const freeBytes = bavail * bsize;
  if (freeBytes >= maxBytes) return;
  const text = `the spool may take ${formatBytes(maxBytes)}, its disk has ${formatBytes(freeBytes)} free`;
  yield { severity: "warn", code: "SPOOL_DISK_SMALL", text, hint: "lower spool.maxBytes in config.json or give spool.path a larger disk" };
}

function* checkSources(parts: OperationParts): Generator<Remark> {
  for (const archive of configOf(parts).archives) {
    for (const { path } of archive.sources) {
      try {
        accessSync(path, constants.R_OK);
      } catch {
        const text = `source ${path} of archive ${archive.name} cannot be read`;
        yield { severity: "err", code: "SOURCE_MISSING", text, hint: "mount it, correct its path, or allow this user to read it" };
      }
    }
  }
}

function* checkSnapshots(parts: OperationParts): Generator<Remark> {
  for (const archive of parts.catalog.archives()) {
    const open = parts.catalog.snapshots(archive).find(({ state }) => state === "open");
    if (!open) continue;
    const text = `snapshot ${String(open.number)} of archive ${archive.name} is not complete`;
    yield { severity: "warn", code: "SNAPSHOT_OPEN", text, hint: `go on with: strongroom archive run ${archive.name}` };
  }
}
