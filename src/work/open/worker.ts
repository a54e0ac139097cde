import { parentPort } from "node:worker_threads";
import { asStrongroomError, systemRandom } from "../../words/index.ts";
import { openTarget, type TreeWriter } from "./target/index.ts";
import type { OpenAnswer, OpenProblem, OpenRequest, OpenTarget } from "./task.ts";
import { Unpacker } from "./unpacker.ts";

/** The opening thread: keeps the target and the files that are split over segments from one request to the next. */
let open: { readonly target: TreeWriter; readonly unpacker: Unpacker } | undefined;
let notices: OpenProblem[] = [];

parentPort!.on("message", (request: OpenRequest) => {
  let answer: OpenAnswer;
  try {
    answer = answerTo(request);
  } catch (thrown) {
    const { kind, code, message, hint } = asStrongroomError(thrown);
    answer = { kind: "failed", failure: { errorKind: kind, code, message, hint } };
  }
  parentPort!.postMessage(answer);
});

function answerTo(request: OpenRequest): OpenAnswer {
  switch (request.kind) {
    case "target": {
      const target = openTheTarget(request.target);
      open = { target, unpacker: new Unpacker(target) };
      return { kind: "done" };
    }
    case "segment": {
      const opened = open!.unpacker.open(request.segment);
      return { kind: "opened", opened: { ...opened, problems: [...opened.problems, ...takeNotices()] } };
    }
    case "finish": {
      const split = open!.unpacker.abandonSplit();
      const summary = open!.target.finish();
      return { kind: "finished", finished: { ...summary, problems: [...split, ...takeNotices()] } };
    }
    case "abandon":
      open?.unpacker.abandonSplit();
      open?.target.abandon();
      return { kind: "done" };
  }
}

function openTheTarget({ directory, existing, owners }: OpenTarget): TreeWriter {
  return openTarget(directory, systemRandom, {
    existing,
    ownerBy: owners === "by-number" ? "number" : "name",
    ...(owners === "none" ? { privileged: false } : {}),
    notice: ({ severity, code, text, path }) => notices.push({ severity, code, text, path: Uint8Array.from(path) }),
  });
}

function takeNotices(): readonly OpenProblem[] {
  const taken = notices;
  notices = [];
  return taken;
}
