import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DiskJob } from "./job.ts";
import { isDone } from "./judge.ts";
import { type DiskEvent, readDiskLog } from "./log.ts";
import { layOut, ModelDisk } from "./model.ts";
import { cutPower } from "./power-cut.ts";
import { buildRecorder, type DiskFault, watched } from "./recorder.ts";

const program = new URL("../../../tools/strongroom", import.meta.url).pathname;

/** The job, recorded once without a disturbance. */
export interface DiskRecording {
  readonly job: DiskJob;
  readonly library: string;
  readonly events: readonly DiskEvent[];
  /** Where in the log each step begins; one more at the end. */
  readonly begins: readonly number[];
}

/** Records every step as a process of its own. `beforeEach`: called with the number of the step that comes. */
export async function recordJob(folder: string, beforeEach: (job: DiskJob, step: number) => void = () => undefined): Promise<DiskRecording> {
  const library = buildRecorder(folder);
  const job = new DiskJob(folder);
  const log = join(folder, "disk.log");
  mkdirSync(job.disk, { mode: 0o700 });
  const begins: number[] = [0];
  for (const [number, step] of job.steps.entries()) {
    beforeEach(job, number);
    const { code, err } = await runWatched(job, step.line, watched(library, job.disk, { log }));
    if (!isDone(step, code)) throw new Error(`${step.name} fails undisturbed: ${err}`);
    begins.push(existsSync(log) ? readDiskLog(log).length : 0);
  }
  const events = readDiskLog(log);
  refuseIncomplete(job, events, join(folder, "replayed"));
  return { job, library, events, begins };
}

/** The log must hold everything that happened: all of it, made again, is the disk as it is. */
function refuseIncomplete(job: DiskJob, events: readonly DiskEvent[], path: string): void {
  const disk = new ModelDisk();
  for (const event of events) disk.apply(event);
  layOut(cutPower(disk, "everything", ""), path);
  execFileSync("diff", ["-r", job.disk, path]);
}

export interface Ended {
  readonly code: number | null;
  readonly err: string;
}

export async function runWatched(job: DiskJob, line: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(program, ["--state", job.appliance.at("state"), ...line], { stdio: ["ignore", "ignore", "pipe"], env });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => { err += text; });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => { resolve({ code, err }); });
  });
}

/** Runs a step while one call fails; `struck` tells whether it came to that. */
export async function runFailing(recording: DiskRecording, line: readonly string[], fault: DiskFault, struck: string): Promise<Ended & { readonly hasStruck: boolean }> {
  const ended = await runWatched(recording.job, line, watched(recording.library, recording.job.disk, { fault, struck }));
  return { ...ended, hasStruck: existsSync(struck) };
}
