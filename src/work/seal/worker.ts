import { parentPort } from "node:worker_threads";
import { systemCode, systemRandom } from "../../words/index.ts";
import { sealSegment } from "./segment.ts";
import type { SealTask } from "./task.ts";

/** The other side of the crew: one task at a time, answered with the outcome or with why there is none. */
parentPort!.on("message", (task: SealTask) => {
  try {
    parentPort!.postMessage({ outcome: sealSegment(task, systemRandom) });
  } catch (error) {
    parentPort!.postMessage({ failure: { message: error instanceof Error ? error.message : String(error), code: systemCode(error) } });
  }
});
