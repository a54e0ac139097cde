import { type FaultRule, parseFaultRules, type StandingRules, type Strike } from "./faults/index.ts";
import type { FaultShelf, ShelvedRule } from "./home/index.ts";
import { StrongroomError } from "../src/words/index.ts";

/** A rule that waits in a library's folder, for whatever process carries the next commands. */
export interface StandingFault {
  readonly name: string;
  readonly rule: FaultRule;
}

/** A strike as it is written down beside the library. */
export interface RecordedStrike extends Strike {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly processId: number;
}

/** What hands do with the rules of a library in a folder; it may be in use. */
export interface FaultHands {
  /** Rules as a file of rules has them; gives how many. Refuses all with FAULT_RULE where one is wrong. */
  add(text: string): number;
  list(): readonly StandingFault[];
  /** Takes all rules back; gives how many. */
  clear(): number;
  strikes(): readonly RecordedStrike[];
}

export function faultHands(shelf: FaultShelf): FaultHands {
  return {
    add: (text) => {
      const rules = parseFaultRules(text);
      if (rules.length === 0) throw new StrongroomError("usage", "FAULT_RULE", "no rule was given", { hint: "docs/SIMULATOR.md has an example of every fault" });
      for (const rule of rules) shelf.put(JSON.stringify(rule));
      return rules.length;
    },
    list: () => shelf.rules().flatMap(standing),
    clear: () => shelf.rules().filter(({ name }) => shelf.take(name)).length,
    strikes: () => shelf.notes().flatMap(recorded),
  };
}

/** For the plan of a process: reads again only what changed. */
export function standingRules(shelf: FaultShelf): StandingRules {
  let texts: readonly ShelvedRule[] = [];
  let rules: readonly StandingFault[] = [];
  return {
    list: () => {
      const now = shelf.rules();
      if (now !== texts) [texts, rules] = [now, now.flatMap(standing)];
      return rules;
    },
    take: (name) => shelf.take(name),
  };
}

/** What is no rule was not put there by this program, and is left alone. */
function standing({ name, text }: ShelvedRule): readonly StandingFault[] {
  try {
    return parseFaultRules(text).map((rule) => ({ name, rule }));
  } catch (error) {
    if (error instanceof StrongroomError) return [];
    throw error;
  }
}

/** A line that was cut off by the end of a process says nothing. */
function recorded(line: string): readonly RecordedStrike[] {
  try {
    const strike = JSON.parse(line) as RecordedStrike;
    return typeof strike.timeMs === "number" && typeof strike.cdb === "string" && typeof strike.effect.kind === "string" ? [strike] : [];
  } catch {
    return [];
  }
}
