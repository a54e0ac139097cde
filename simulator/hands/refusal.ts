import { StrongroomError } from "../../src/words/index.ts";

/** What hands cannot do, and what to do first. */
export function refusal(code: string, message: string, hint: string): StrongroomError {
  return new StrongroomError("operator", code, message, { hint });
}
