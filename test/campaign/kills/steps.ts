/*
 * Loaded into the program before anything else: counts the steps by which a job leaves something behind on the disk, and ends the process, or the thread, just
 * before one of them. A step is a statement that writes to the records, a transaction's end, a file made durable or renamed.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { isMainThread } from "node:worker_threads";

export type Doomed = "process" | "thread" | "nothing";

/** `main 17 process`: at the 17th step of the main thread the process is killed; `threads 3 thread`: at the third of each other thread that thread ends. */
export const orderVariable = "STRONGROOM_CAMPAIGN_END";
/** A file that gets the number of steps of the main thread when the process ends. */
export const countVariable = "STRONGROOM_CAMPAIGN_COUNT";

const [where = "", nth = "0", doomed = "nothing"] = (process.env[orderVariable] ?? "").split(" ");
const countFile = process.env[countVariable];
const isConcerned = where === (isMainThread ? "main" : "threads");
let steps = 0;

function step(): void {
  steps += 1;
  if (!isConcerned || steps !== Number(nth)) return;
  if (doomed === "thread") process.exit(1);
  process.kill(process.pid, "SIGKILL");
}

/** Whatever a function of that object is called with, a step comes first. */
function watch(object: object, name: string, isStep: (first: unknown) => boolean = () => true): void {
  const own = Reflect.get(object, name) as (...values: unknown[]) => unknown;
  Reflect.set(object, name, function watched(this: unknown, ...values: unknown[]): unknown {
    if (isStep(values[0])) step();
    return Reflect.apply(own, this, values);
  });
}

if (isConcerned || countFile !== undefined) {
  watch(DatabaseSync.prototype, "exec", (sql) => /^(?:COMMIT|RELEASE)/.test(String(sql)));
  watch(StatementSync.prototype, "run");
  for (const name of ["renameSync", "fsyncSync", "fdatasyncSync"]) watch(fs, name);
  watch(fs.promises, "rename");
  syncBuiltinESMExports();
}
if (isMainThread && countFile !== undefined) process.on("exit", () => { fs.writeFileSync(countFile, String(steps)); });
