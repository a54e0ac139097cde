import type { Operator, Scenario, Stage, Step } from "./contract.ts";
import { RobotFailure } from "./contract.ts";
import { PlainOperator } from "./plain-operator.ts";
import { ScreenOperator } from "./screen-operator.ts";
import { makeStage } from "./stage.ts";
import { pause, type Seat, until } from "./terminal.ts";

export const consoleKinds = ["screen", "plain"] as const;
export type ConsoleKind = (typeof consoleKinds)[number];

export interface Performance extends Omit<Seat, "state"> {
  readonly kind: ConsoleKind;
  /** Called before each step. */
  readonly tell: (text: string) => void;
}

/** Plays a scenario on a fresh appliance. Rejects with the step and what was in front of the operator; nothing stays behind. */
export async function play(scenario: Scenario, performance: Performance): Promise<void> {
  const stage = makeStage();
  let operator: Operator | undefined;
  let doing = "before the console was opened";
  try {
    await scenario.prepare(stage);
    const seat = { ...performance, state: stage.state };
    operator = performance.kind === "screen" ? new ScreenOperator(seat) : new PlainOperator(seat);
    for (const [at, step] of scenario.steps(stage).entries()) {
      doing = `step ${String(at + 1)}, ${storyOf(step)}`;
      performance.tell(doing);
      await doStep(step, operator, stage, performance.patienceMs);
      await pause(performance.pauseMs * 3);
    }
    doing = "leaving";
    await operator.leave();
  } catch (error) {
    const shown = operator?.shown() ?? [];
    await operator?.abandon();
    const why = error instanceof Error ? error.message : String(error);
    throw new RobotFailure([`${scenario.name} (${performance.kind}), ${doing}: ${why}`, ...shown.map((line) => `  | ${line}`)].join("\n"), { cause: error });
  } finally {
    await settleJobs(stage);
    stage.remove();
  }
}

async function doStep(step: Step, operator: Operator, stage: Stage, patienceMs: number): Promise<void> {
  switch (step.kind) {
    case "see": await operator.see(step); return;
    case "act": await operator.act(step); return;
    case "open": await operator.open(step); return;
    case "scan": await operator.scan(step); return;
    case "command": await operator.command(step); return;
    case "exchange": await operator.exchange(step); return;
    case "batch": await operator.batch(step); return;
    case "end": await operator.end(); return;
    case "kill": await operator.kill(); return;
    case "carry": await stage.carry(step.way, step.barcodes); return;
    case "hands": await stage.run(step.line); return;
    case "check": {
      let wrong: string | undefined;
      await until(step.what, patienceMs, async () => {
        wrong = await step.check(stage);
        return wrong === undefined ? true : undefined;
      }).catch((error: unknown) => { throw new RobotFailure(`${step.what}: ${wrong ?? String(error)}`); });
    }
  }
}

export function storyOf(step: Step): string {
  switch (step.kind) {
    case "see": return `see ${step.texts.join(" and ")} in ${step.view}`;
    case "act": return `${step.action}, of ${step.row} in ${step.view}`;
    case "open": return `open ${step.row} in ${step.view}`;
    case "scan": return `scan ${step.code}`;
    case "command": return `type :${step.line}`;
    case "exchange": return step.direction === "out" ? "take cartridges out" : "bring cartridges in";
    case "batch": return `let the robot begin: ${step.texts.join(" and ")}`;
    case "end": return "end the exchange";
    case "carry": return `carry ${step.barcodes.join(", ")} ${step.way === "to-shelf" ? "from the mail slots to the shelf" : "from the shelf to the mail slots"}`;
    case "kill": return "kill the console, and open it again";
    case "hands": return `hands: ${step.line.join(" ")}`;
    case "check": return step.what;
  }
}

interface ListedJob {
  readonly state: string;
  readonly process_id: number;
}

/** A scenario that failed may leave a job that waits for a person; nobody comes any more. */
async function settleJobs(stage: Stage): Promise<void> {
  try {
    const listed = JSON.parse(await stage.run(["job", "list", "--json"])) as { readonly jobs?: readonly ListedJob[] };
    for (const { state, process_id } of listed.jobs ?? []) if (state === "running") process.kill(process_id, "SIGKILL");
  } catch {
    // An appliance that was never made has no jobs.
  }
}
