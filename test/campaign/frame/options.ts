export interface CampaignOptions {
  readonly seconds: number;
  readonly seed: number;
  /** The one case to run. */
  readonly id: string | undefined;
  /** Families to run; empty: all. */
  readonly families: readonly string[];
  readonly list: boolean;
}

export const usage = `usage: tools/campaign [--seconds N] [--seed S] [--family NAME]... [--case ID] [--list]
  --seconds N    stop after so long (60)
  --seed S       the order of the cases (drawn, and printed)
  --family NAME  only these families: bytes, commands, full, kills, parsers, power
  --case ID      one case, as a run has printed it
  --list         the IDs of all cases, without running any`;

/** Throws an Error with the reason where the words are wrong. `drawn`: the seed where none is given. */
export function readCampaignOptions(words: readonly string[], names: readonly string[], drawn: number): CampaignOptions {
  let [seconds, seed, list] = [60, drawn, false];
  let id: string | undefined;
  const families: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (word === "--list") {
      list = true;
      continue;
    }
    const value = words[(at += 1)];
    if (value === undefined) throw new Error(`${word} needs a value`);
    if (word === "--seconds") seconds = wholeNumber(word, value);
    else if (word === "--seed") seed = wholeNumber(word, value);
    else if (word === "--case") id = value;
    else if (word === "--family") families.push(value);
    else throw new Error(`${word} is unknown`);
  }
  if (id !== undefined) families.splice(0, families.length, id.split("/")[0]!);
  const unknown = families.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no family ${unknown}; there are ${names.join(", ")}`);
  return { seconds, seed, id, families, list };
}

function wholeNumber(word: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0 || value === "") throw new Error(`${word} takes a whole number, not ${value}`);
  return number;
}
