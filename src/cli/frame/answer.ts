import type { Answer } from "../commands/index.ts";
import type { TextOutput } from "./context.ts";
import { exitCodeOf, exitCodes, graver } from "./exit-codes.ts";
import { jsonText } from "./json.ts";
import { textFacts, textTable } from "./table.ts";

export interface AnswerChoices {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Standard output carries data alone; advice goes to standard error. */
export function createAnswer(stdout: TextOutput, stderr: TextOutput, { json, quiet }: AnswerChoices) {
  let code: number = exitCodes.ok;
  const answer: Answer = {
    document(document, text) {
      if (json) stdout.write(`${jsonText(document, 2)}\n`);
      else text();
    },
    facts: (facts) => stdout.write(textFacts(facts)),
    table: (table) => {
      if (table.rows.length > 0) stdout.write(textTable(table));
    },
    line: (text) => stdout.write(`${text}\n`),
    next(text) {
      if (!json && !quiet) stderr.write(`next: ${text}\n`);
    },
    result(result, document, text) {
      answer.exitWith(result.severity);
      if (!json) {
        text();
        return;
      }
      const { job, severity, summary } = result;
      stdout.write(`${jsonText({ message_type: "summary", job: job.id, severity, summary, ...document })}\n`);
    },
    drained: () => stdout.drained(),
    record(type, record, text) {
      stdout.write(json ? `${jsonText({ message_type: type, ...record })}\n` : `${text()}\n`);
    },
    raw: (text) => stdout.write(text),
    exitWith(outcome) {
      code = graver(code, exitCodeOf(outcome));
    },
  };
  return { answer, exitCode: () => code };
}
