import type { SenseExplanation } from "../../operations/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";

const meanings: Readonly<Record<SenseExplanation["senseClass"], string>> = {
  result: "no fault",
  wait: "it passes by itself",
  retry: "may be asked again, after what is to be done",
  operator: "somebody must do something",
  medium: "the cartridge is to be blamed, or cartridge and drive together",
  drive: "the device is to be blamed",
  bug: "the device does not take what it was asked for",
  unsafe: "nobody knows: nothing is trusted",
};

export const explain: Command = {
  noun: "drive",
  verb: "explain",
  summary: "tell what the three numbers mean that a drive or a library gives with an error",
  arguments: [{ name: "KEY/CODE/QUALIFIER", summary: "in hexadecimal, as messages have them: 3/11/00" }],
  examples: [{ line: "strongroom drive explain 3/11/00", what: "an unrecovered read error" }],
  async run(call) {
    showSense(call, await (await call.operations()).drive.explain(call.typed.required("KEY/CODE/QUALIFIER")));
  },
};

export function showSense({ answer }: Call, { numbers, key, name, sentence, senseClass, advice }: SenseExplanation): void {
  answer.document({ numbers, key, name: name ?? null, text: sentence, class: senseClass, advice }, () => {
    answer.facts([
      ["what happened", sentence],
      ["in the standard", name === undefined ? `${key} (${numbers})` : `${key}: ${name} (${numbers})`],
      ["class", `${senseClass}: ${meanings[senseClass]}`],
      ["what to do", advice],
    ]);
  });
}
