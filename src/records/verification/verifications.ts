import { type Severity, StrongroomError } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import { checkTable } from "./checks.ts";
import type { VerificationFinding, VerificationMethod, VerificationRecord, Verifications, VerificationStep } from "./contract.ts";

interface VerificationRow {
  readonly id: number;
  readonly job: number | null;
  readonly volume: string;
  readonly barcode: string;
  readonly method: VerificationMethod;
  readonly place: string;
  readonly started_ms: number;
  readonly finished_ms: number | null;
  readonly objects: number;
  readonly read_bytes: number;
  readonly severity: Severity | null;
}

interface FindingRow {
  readonly severity: Severity;
  readonly code: string;
  readonly object: number;
  readonly role: string;
  readonly text: string;
  readonly hint: string;
}

/** The history of verifications in the state database. */
export function openVerifications(store: Store): Verifications {
  const insert = store.query(
    "INSERT INTO verification (job, volume, barcode, method, place, started_ms, objects, read_bytes) VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
  );
  const select = store.query<VerificationRow>("SELECT * FROM verification WHERE id = ?");
  const selectVolume = store.query<VerificationRow>("SELECT * FROM verification WHERE volume = ? ORDER BY id DESC LIMIT ?");
  const count = store.query("UPDATE verification SET objects = objects + ?, read_bytes = read_bytes + ? WHERE id = ?");
  const finish = store.query("UPDATE verification SET severity = ?, finished_ms = ? WHERE id = ?");
  const insertFinding = store.query(
    "INSERT INTO verification_finding (verification, severity, code, object, role, text, hint) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const selectFindings = store.query<FindingRow>("SELECT * FROM verification_finding WHERE verification = ? ORDER BY id");
  const { addCheck, checksOfSegment, oldestChecks } = checkTable(store);

  const add = (id: number, step: VerificationStep): void => {
    store.transaction(() => {
      const row = select.get(id);
      if (row === undefined) throw new StrongroomError("internal", "VERIFICATION_UNKNOWN", `there is no verification ${String(id)}`);
      count.run(step.objects, step.readBytes, id);
      for (const { severity, code, object, role, text, hint } of step.findings) insertFinding.run(id, severity, code, object, role, text, hint);
      for (const check of step.checks) addCheck({ ...check, verificationId: id, volumeUuid: row.volume });
    });
  };

  return {
    begin: ({ jobId, volumeUuid, barcode, method, place, startedMs }) =>
      store.transaction(() => insert.run(jobId ?? null, volumeUuid, barcode, method, place, startedMs).lastId),
    add,
    finish: (id, { severity, finishedMs }) => { finish.run(severity, finishedMs, id); },
    ofVolume: (volumeUuid, limit) => selectVolume.all(volumeUuid, limit).map(verificationOf),
    verification: (id) => {
      const row = select.get(id);
      return row === undefined ? undefined : verificationOf(row);
    },
    findings: (id) => selectFindings.all(id).map(findingOf),
    checksOfSegment,
    oldestChecks,
  };
}

function verificationOf(row: VerificationRow): VerificationRecord {
  const { id, barcode, method, place, objects } = row;
  return {
    id,
    jobId: row.job ?? undefined,
    volumeUuid: row.volume,
    barcode,
    method,
    place,
    startedMs: row.started_ms,
    finishedMs: row.finished_ms ?? undefined,
    objects,
    readBytes: row.read_bytes,
    severity: row.severity ?? undefined,
  };
}

function findingOf({ severity, code, object, role, text, hint }: FindingRow): VerificationFinding {
  return { severity, code, object, role, text, hint };
}
