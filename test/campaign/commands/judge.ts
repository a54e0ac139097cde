import type { CopyRecord } from "../../../src/records/index.ts";
import { severities, type Severity, StrongroomError, worst } from "../../../src/words/index.ts";
import { quietly } from "../../support/appliance.ts";
import type { CaseResult } from "../frame/contract.ts";
import { archiveName, libraryName, pools, type ReferenceJob, RestoreIncomplete } from "./reference.ts";

const answersAtMost = 8;

/** What is wrong with how a step failed; undefined where that is as it must be. */
function mistakeOf(thrown: unknown, step: string): CaseResult | undefined {
  if (!(thrown instanceof StrongroomError)) {
    return { ending: "crash", told: `${step}: ${thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)}` };
  }
  const wrong = unclear(thrown);
  if (wrong !== undefined) return { ending: "unclear ending", told: `${step}: ${wrong}` };
  if (severities.indexOf(thrown.severity) >= severities.indexOf("err")) return undefined;
  return { ending: "wrong severity", told: `${step} failed as ${thrown.severity}: ${thrown.message}` };
}

/** What an error says that ended a step: undefined where it is as it must be. */
function unclear(error: StrongroomError): string | undefined {
  if (error.kind === "internal") return `an error of kind internal: ${error.code} ${error.message}`;
  if (error.hint === undefined || error.hint === "") return `an error without a hint: ${error.code} ${error.message}`;
  if (!/^[A-Z][A-Z0-9_]+$/.test(error.code) || error.message === "") return `an error without words: ${error.code} ${error.message}`;
  return undefined;
}

/** Does what the text of an error asks for, where that is more than giving the command again. */
async function answer({ code }: StrongroomError, { watched }: ReferenceJob): Promise<void> {
  if (code !== "POOL_NEEDS_CARTRIDGE") return;
  await watched.insertBlank();
  await watched.appliance.operations.library.import(libraryName, "asked for");
}

/** Runs every step until it is done; a person who reads what is said can always get it done, within a bounded number of tries. Gives what went wrong. */
export async function playSteps(job: ReferenceJob, told: string[]): Promise<CaseResult | undefined> {
  for (const step of job.steps) {
    for (let tries = 1; ; tries += 1) {
      try {
        await step.run();
        break;
      } catch (thrown) {
        if (thrown instanceof RestoreIncomplete) told.push(`${step.name}: ${thrown.message}`);
        else {
          const wrong = mistakeOf(thrown, step.name);
          if (wrong !== undefined) return wrong;
          const error = thrown as StrongroomError;
          told.push(`${step.name}: ${error.code}: ${error.message}; ${error.hint ?? ""}`);
          if (tries < answersAtMost) await answer(error, job).catch((failed: unknown) => { told.push(`answering: ${String(failed)}`); });
        }
        if (tries >= answersAtMost) return { ending: "unclear ending", told: `${step.name} cannot be got done: ${told.slice(-3).join("\n")}` };
      }
    }
    if (step.name === "restore") {
      const { wrong, missing } = job.compare();
      if (wrong.length + missing.length > 0) {
        return { ending: "silent loss", told: `restored as whole: ${wrong.join(", ")} wrong, ${missing.join(", ")} missing` };
      }
    }
  }
  return undefined;
}

/** A job is as grave as the gravest line of its log, and whoever closed a volume early has said so. */
export function severityMistake({ watched, volumes }: ReferenceJob): string | undefined {
  const { journal } = watched.appliance.parts;
  let gravestOfAll: Severity = "ok";
  for (const job of journal.jobs(100)) {
    const events = journal.events(job.id);
    const gravest = events.reduce<Severity>((all, { severity }) => worst(all, severity), "ok");
    gravestOfAll = worst(gravestOfAll, gravest);
    if (job.severity === undefined) continue;
    if (job.state === "finished" && job.severity === "fatal") return `${job.kind} ended well as fatal`;
    // A job that was gone on with begins anew: what an earlier run of it said may be graver than what it ended with.
    const isOnce = !events.some(({ code }) => code === "JOB_RESUMED");
    const isGraver = severities.indexOf(job.severity) > severities.indexOf(gravest);
    if (isGraver || (isOnce && job.severity !== gravest)) return `${job.kind} is ${job.severity}, its log at most ${gravest}`;
  }
  const closed = volumes().find(({ state }) => state === "closed");
  if (closed === undefined || severities.indexOf(gravestOfAll) >= severities.indexOf("warn")) return undefined;
  return `${closed.barcode} was closed, and the gravest that was said is ${gravestOfAll}`;
}

/** Reads every volume without faults: what is recorded as good must be there, and a complete snapshot must have all its copies. */
export async function untruths({ watched, volumes }: ReferenceJob): Promise<readonly string[]> {
  const { operations, parts } = watched.appliance;
  const found: string[] = [];
  for (const { barcode, uuid } of volumes()) {
    const good = parts.inventory.copiesOnVolume(uuid).filter(({ state }) => state !== "bad");
    await operations.volume.verify({ barcode }, quietly).catch((error: unknown) => { found.push(`${barcode}: ${String(error)}`); });
    const after = new Map(parts.inventory.copiesOnVolume(uuid).map((copy: CopyRecord) => [copy.segmentId, copy.state]));
    for (const { segmentId } of good.filter((copy) => after.get(copy.segmentId) !== "verified")) {
      found.push(`segment ${String(segmentId)} on ${barcode} is ${String(after.get(segmentId))}`);
    }
  }
  const archive = parts.catalog.archive(archiveName)!;
  const snapshots = parts.catalog.snapshots(archive);
  const states = snapshots.map(({ state }) => state);
  if (states.filter((state) => state === "complete").length !== 2) found.push(`not two snapshots are complete: ${states.join(", ")}`);
  for (const snapshot of snapshots) {
    for (const pool of pools) {
      for (const id of parts.inventory.segmentsWithoutCopy(snapshot.id, pool, ["verified"])) {
        found.push(`segment ${String(id)} of snapshot ${String(snapshot.number)} is not in ${pool}`);
      }
    }
  }
  return found;
}
