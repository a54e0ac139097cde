import { asStrongroomError, printableSentence } from "../../words/index.ts";
import type { Palette } from "./colour.ts";
import { exitCodes } from "./exit-codes.ts";
import type { TextOutput } from "./context.ts";
import { jsonText } from "./json.ts";

/**
 * Says on standard error what went wrong: `strongroom: error: …  [CODE]` and `hint: …` lines, or with --json one line
 * `{"message_type":"exit_error", …}`. Returns the exit code.
 */
export function reportError(thrown: unknown, stderr: TextOutput, json: boolean, colours: Palette): number {
  const error = asStrongroomError(thrown);
  const code = exitCodes[error.kind];
  if (json) {
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    const record = { message_type: "exit_error", exit_code: code, kind: error.kind, code: error.code, message: error.message, ...hint };
    stderr.write(`${jsonText(record)}\n`);
    return code;
  }
  stderr.write(`strongroom: ${colours.bad("error:")} ${printableSentence(error.message)} [${error.code}]\n`);
  for (const hint of error.hint?.split("\n") ?? []) stderr.write(`hint: ${printableSentence(hint)}\n`);
  if (error.kind === "internal") stderr.write("hint: this is a mistake of strongroom; what is sealed and placed is not affected\n");
  return code;
}
