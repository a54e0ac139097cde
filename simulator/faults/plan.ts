import type { ScsiCommand } from "../../src/scsi/index.ts";
import { checkRule } from "./check.ts";
import { faultKind } from "./catalogue.ts";
import type { FaultEffect, FaultPhase, FaultRule, Sight, Strike } from "./contract.ts";
import { drawsOf } from "./seed.ts";

/** The latest strikes are kept, up to so many. */
const maxStrikes = 10_000;

/**
 * The rules of one library. Each command counts for every rule that it fits; of those whose turn it is the first added strikes, and a rule that strikes
 * once and was outrun so has had its turn. The same rules, seed and commands give the same strikes.
 */
export interface FaultPlan {
  /** Refuses with FAULT_RULE what makes no sense. */
  add(rule: FaultRule): void;
  /** Begins the draws anew. */
  seed(seed: number): void;
  /** Takes back what was added; standing rules stay. */
  clear(): void;
  /** Counts the command, and gives what shall happen to it. `look` is called only where a rule asks for what the command is about. */
  strike(lun: number, command: ScsiCommand, look: () => Sight): PlannedFault | undefined;
  /** Whether its data shall never be asked for. Only such rules count it then. */
  strikeAsking(lun: number, command: ScsiCommand, look: () => Sight): boolean;
  /** The latest, the oldest first. */
  strikes(): readonly Strike[];
}

export interface PlannedFault {
  readonly phase: FaultPhase;
  readonly effect: FaultEffect;
}

/** Rules that wait elsewhere too, for any process: who takes one that strikes once has it alone. */
export interface StandingRules {
  /** The same array as long as nothing changed. */
  list(): readonly { readonly name: string; readonly rule: FaultRule }[];
  /** False: it was taken already. */
  take(name: string): boolean;
}

export interface PlanSurroundings {
  readonly standing?: StandingRules;
  /** Called as a fault strikes. */
  readonly struck?: (strike: Strike) => void;
}

interface Waiting {
  readonly rule: FaultRule;
  /** Of standing rules. */
  readonly name: string | undefined;
  readonly number: number;
  fitted: number;
  isSpent: boolean;
}

export function createFaultPlan(nowMs: () => number, firstSeed = 0, { standing, struck: tell }: PlanSurroundings = {}): FaultPlan {
  let waiting: Waiting[] = [];
  let draw = drawsOf(firstSeed);
  let [added, struck] = [0, 0];
  const record: Strike[] = [];
  const startMs = nowMs();
  const isTurnOf = (one: Waiting): boolean => {
    const { nth, every, probability } = one.rule;
    one.fitted += 1;
    if (probability !== undefined) return draw() < probability;
    if (every !== undefined) return one.fitted % every === 0;
    one.isSpent = one.fitted >= (nth ?? 1);
    return one.isSpent;
  };
  const join = (rule: FaultRule, name: string | undefined): void => {
    added += 1;
    waiting.push({ rule, name, number: added, fitted: 0, isSpent: false });
  };
  let seen: ReturnType<StandingRules["list"]> = [];
  const lookAround = (): void => {
    const now = standing?.list() ?? seen;
    if (now === seen) return;
    const names = new Set(now.map(({ name }) => name));
    const before = new Set(seen.map(({ name }) => name));
    seen = now;
    waiting = waiting.filter(({ name }) => name === undefined || names.has(name));
    for (const { name, rule } of now) if (!before.has(name)) join(rule, name);
  };
  const strikeOf = (lun: number, command: ScsiCommand, look: () => Sight, isAsking: boolean): PlannedFault | undefined => {
    lookAround();
    if (waiting.length === 0) return undefined;
    let sight: Sight | undefined;
    const asked = waiting.filter(({ rule }) => (rule.effect.kind === "wire-no-r2t") === isAsking);
    const turns = asked.filter((one) => fits(one.rule, lun, command, () => (sight ??= look())) && isTurnOf(one));
    waiting = waiting.filter(({ isSpent }) => !isSpent);
    // Of those that strike once, another process may have been faster.
    const [first] = turns.filter(({ name, isSpent }) => !isSpent || name === undefined || standing?.take(name) === true);
    if (first === undefined) return undefined;
    const { effect, phase = faultKind(effect.kind).phases[0]! } = first.rule;
    struck += 1;
    const cdb = Buffer.from(command.cdb).toString("hex");
    const strike: Strike = { number: struck, atMs: nowMs() - startMs, lun, cdb, rule: first.number, phase, effect };
    record.push(strike);
    if (record.length > maxStrikes) record.shift();
    tell?.(strike);
    return { phase, effect };
  };
  return {
    add: (rule) => {
      checkRule(rule);
      join(rule, undefined);
    },
    seed: (seed) => { draw = drawsOf(seed); },
    clear: () => { waiting = waiting.filter(({ name }) => name !== undefined); },
    strikes: () => [...record],
    strike: (lun, command, look) => strikeOf(lun, command, look, false),
    strikeAsking: (lun, command, look) => strikeOf(lun, command, look, true) !== undefined,
  };
}

function fits(rule: FaultRule, lun: number, { cdb }: ScsiCommand, sight: () => Sight): boolean {
  if ((rule.lun ?? lun) !== lun || (rule.opcode ?? cdb[0]) !== cdb[0]) return false;
  if (rule.serviceAction !== undefined && rule.serviceAction !== (cdb[1]! & 0x1f)) return false;
  if (rule.barcode !== undefined && !sight().barcodes.includes(rule.barcode)) return false;
  if (rule.element !== undefined && !sight().elements.includes(rule.element)) return false;
  if (rule.objects === undefined) return true;
  const { objects } = sight();
  return objects !== undefined && objects[0] <= rule.objects[1] && objects[1] >= rule.objects[0];
}
