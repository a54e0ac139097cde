import { confirmKey } from "../frame/index.ts";
import { keyName } from "../keymap/index.ts";
import { printableSentence } from "../../words/index.ts";
import type { AppliancePicture, ConsoleState } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { type ConsoleEvent, type Effect, update } from "../update/index.ts";
import { shownRows, view } from "../views/index.ts";

/** Typed behind a scan: that cartridge is not meant after all. */
const takesOff = "-";

export interface ExchangePlace {
  read(): Promise<AppliancePicture | undefined>;
  state(): ConsoleState;
  ask(prompt: string): Promise<string | undefined>;
  say(...lines: readonly string[]): void;
  run(words: readonly string[]): Promise<number>;
}

/**
 * The same exchange, line by line: a scanner's line is a cartridge, an empty line asks what is next, and the robot begins when that is answered
 * with `y`, which no scanner sends. `-` takes the last scan back, `q` ends.
 */
export async function plainExchange(key: "o" | "i", words: Tongue, place: ExchangePlace): Promise<void> {
  let state = place.state();
  const happen = (event: ConsoleEvent): readonly Effect[] => {
    const next = update(state, event, words);
    state = next.state;
    return next.effects;
  };
  const look = async (): Promise<void> => {
    const appliance = await place.read();
    if (appliance !== undefined) happen({ kind: "picture", appliance });
  };
  await look();
  happen({ kind: "key", key });
  if (state.exchange === undefined) place.say(state.notice?.text ?? words.refusals.noLibrary());
  else place.say(...standing(state, words));
  while (state.exchange !== undefined) {
    const typed = await place.ask(`${words.exchange.titles[state.exchange.direction]}> `);
    if (typed === undefined || typed === "q") return;
    if (typed !== "") {
      const effects = happen(typed === takesOff ? { kind: "key", key: " " } : { kind: "scan", code: printableSentence(typed) });
      place.say(asLines(state.notice?.text ?? ""));
      if (effects.some(({ kind }) => kind === "refresh")) await look();
      continue;
    }
    await look();
    place.say(...standing(state, words), ...listed(state, words));
    const batch = shownRows({ appliance: state.appliance!, state, words })[0]?.actions.find(({ id }) => id === "batch")?.batch;
    if (batch === undefined || (await place.ask(`${batch.barcodes.map(printableSentence).join(", ")}: ${words.frame.noIsDefault()}: `)) !== "y") continue;
    for (const effect of happen({ kind: "key", key: confirmKey })) {
      if (effect.kind === "start") happen({ kind: "task-ended", task: effect.task, exitCode: await place.run(effect.words) });
    }
    await look();
    place.say(...standing(state, words));
  }
}

/** Keys that the screen's texts name, as what is typed here in their place. */
function asLines(text: string): string {
  return text.replaceAll(keyName(confirmKey), keyName("enter")).replaceAll(keyName("escape"), "q").replaceAll(keyName(" "), takesOff);
}

function standing(state: ConsoleState, words: Tongue): readonly string[] {
  const scene = { appliance: state.appliance!, state, words };
  return (view("cartridges").above?.(scene) ?? []).map((line) => asLines(line.map(({ text }) => text).join("").trim()));
}

function listed(state: ConsoleState, words: Tongue): readonly string[] {
  return shownRows({ appliance: state.appliance!, state, words }).map(({ cells }) => cells.filter((cell) => cell !== "").join("; "));
}
