import { StrongroomError } from "../../src/words/index.ts";

/** The whole number itself, or a refusal that names what it is of. */
export function counted(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(`${name}: ${value} is not between ${least} and ${most}`);
}

export function wrong(message: string): StrongroomError {
  return new StrongroomError("usage", "LIBRARY_DESCRIPTION", message);
}
