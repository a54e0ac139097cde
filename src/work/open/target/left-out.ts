import type { Severity } from "../../../words/index.ts";

/** Thrown inside and turned into a notice: this entry is left out. */
export class LeftOut extends Error {
  readonly severity: Severity;
  readonly code: string;

  constructor(severity: Severity, code: string, message: string) {
    super(message);
    this.severity = severity;
    this.code = code;
  }
}

export const existsAlready = (): LeftOut => new LeftOut("err", "EXISTS_ALREADY", "something has its name already; it was not restored");
