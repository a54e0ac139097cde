import type { LibraryState } from "../home/index.ts";
import { robotFigures } from "../time/index.ts";
import { type SenseFields, senseKey, senses } from "../wire/index.ts";
import type { Changer, Readiness } from "./changer.ts";
import { countOf, hasQuirk } from "./elements.ts";
import { standstillOf } from "./reach.ts";

/** Counted down before each command: six of them meet it. */
const slowAnswers = 7;
const stormAttentions = 6;

/** As just switched on. */
export function newReadiness(state: LibraryState): Readiness {
  return {
    handsSeen: state.handsAtMailSlots,
    newsSeen: state.changer.news,
    doorOpeningsSeen: state.changer.isDoorOpen ? state.changer.counters.doorOpenings - 1 : state.changer.counters.doorOpenings,
    busyUntilMs: 0,
    slowAnswersLeft: hasQuirk(state, "slow-inventory") ? slowAnswers : 0,
    stormLeft: hasQuirk(state, "attention-storm") ? stormAttentions : 0,
  };
}

/** What hands did since the last command, in whatever process, becomes attentions; and what is becoming ready comes nearer. */
export function noticeNews(changer: Changer): void {
  const { home, attentions, readiness } = changer;
  const state = home.state();
  if (state.handsAtMailSlots !== readiness.handsSeen) attentions.raise(senses.mailSlotAccessed);
  const grown = Object.entries(state.changer.news).filter(([code, count]) => count !== (readiness.newsSeen[code] ?? 0));
  for (const [code] of grown) attentions.raise({ key: senseKey.unitAttention, code: Number.parseInt(code, 16) });
  const { isDoorOpen, counters } = state.changer;
  if (!isDoorOpen && counters.doorOpenings !== readiness.doorOpeningsSeen && !hasQuirk(state, "scans-when-asked")) {
    beginInventory(changer);
    if (hasQuirk(state, "slow-inventory")) readiness.slowAnswersLeft = slowAnswers;
  }
  if (!isDoorOpen) readiness.doorOpeningsSeen = counters.doorOpenings;
  readiness.handsSeen = state.handsAtMailSlots;
  readiness.newsSeen = state.changer.news;
  if (readiness.slowAnswersLeft > 0) readiness.slowAnswersLeft -= 1;
  if (readiness.stormLeft > 0) {
    readiness.stormLeft -= 1;
    attentions.raise(senses.mediumMayHaveChanged);
  }
}

/** It looks into every slot, and is becoming ready until it has. Where nothing takes time, it has at once. */
export function beginInventory({ home, time, readiness }: Changer): void {
  if (time.kind !== "none") readiness.busyUntilMs = time.machineMs() + countOf(home.state(), "slot") * robotFigures.scanMs;
}

/** Why it is not ready; undefined when it is. */
export function notReady(changer: Changer): SenseFields | undefined {
  return standstillOf(changer.home.state()) ?? inventoryUnderWay(changer);
}

export function inventoryUnderWay({ time, readiness }: Changer): SenseFields | undefined {
  return readiness.slowAnswersLeft > 0 || time.machineMs() < readiness.busyUntilMs ? senses.becomingReady : undefined;
}
