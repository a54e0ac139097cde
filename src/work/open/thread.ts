import { Worker } from "node:worker_threads";
import { type ErrorKind, StrongroomError } from "../../words/index.ts";
import type { OpenAnswer, OpenRequest, OpenTarget, SegmentOpened, SegmentTask, TargetFinished } from "./task.ts";

/** Descriptors come from native code, which Node.js does not know of; its own book-keeping would only warn about them. */
const workerOptions = { trackUnmanagedFds: false } as const;

/**
 * One restore in a thread of its own, so that the next segment is fetched while this one is opened. Requests are answered in turn. Errors of the
 * thread come out as the StrongroomError they were.
 */
export class OpenThread {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), workerOptions);
  #settle: { readonly resolve: (answer: OpenAnswer) => void; readonly reject: (error: unknown) => void } | undefined;

  constructor() {
    this.#worker.on("message", (answer: OpenAnswer) => { this.#settle?.resolve(answer); });
    this.#worker.on("error", (error) => { this.#settle?.reject(error); });
    this.#worker.on("exit", () => {
      this.#settle?.reject(new StrongroomError("temporary", "OPEN_THREAD_DIED", "the restoring thread ended early; what is restored is whole", {
        hint: "run the same command again with --when-exists replace",
      }));
    });
  }

  async begin(target: OpenTarget): Promise<void> {
    await this.#ask({ kind: "target", target });
  }

  async open(segment: SegmentTask): Promise<SegmentOpened> {
    const answer = await this.#ask({ kind: "segment", segment });
    if (answer.kind !== "opened") throw unexpected();
    return answer.opened;
  }

  async finish(): Promise<TargetFinished> {
    const answer = await this.#ask({ kind: "finish" });
    if (answer.kind !== "finished") throw unexpected();
    return answer.finished;
  }

  async abandon(): Promise<void> {
    await this.#ask({ kind: "abandon" }).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners("exit");
    await this.#worker.terminate();
  }

  async #ask(request: OpenRequest): Promise<OpenAnswer> {
    const answer = await new Promise<OpenAnswer>((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(request);
    });
    if (answer.kind !== "failed") return answer;
    const { errorKind, code, message, hint } = answer.failure;
    throw new StrongroomError(errorKind as ErrorKind, code, message, hint === undefined ? {} : { hint });
  }
}

function unexpected(): StrongroomError {
  return new StrongroomError("internal", "OPEN_THREAD_CONFUSED", "the restoring thread gave an answer to another question");
}
