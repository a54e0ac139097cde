import type { Call } from "./call.ts";

/**
 * One command, as a record: the parser, the help, the completion and the manual pages are all made from it, so they cannot disagree.
 */
export interface Command {
  /** `volume` in `strongroom volume init`. */
  readonly noun: string;
  /** Empty where the noun alone is the whole command: `strongroom console`. */
  readonly verb: string;
  /** One line, lower case, without a full stop. */
  readonly summary: string;
  /** More to know, as paragraphs. */
  readonly details?: string;
  readonly arguments?: readonly ArgumentRecord[];
  readonly options?: readonly OptionRecord[];
  /** Whole command lines with what they do; help leads with them. */
  readonly examples: readonly ExampleRecord[];
  run(call: Call): Promise<void>;
}

export interface ArgumentRecord {
  /** Upper case: `BARCODE`. */
  readonly name: string;
  readonly summary: string;
  readonly optional?: true;
  readonly many?: true;
  readonly names?: NameKind;
}

export interface OptionRecord {
  /** `--pool NAME`, or `--full` without a value. */
  readonly flags: string;
  readonly summary: string;
  readonly required?: true;
  readonly many?: true;
  readonly choices?: readonly string[];
  /** What holds where it is left out, in words. */
  readonly otherwise?: string;
  readonly names?: NameKind;
}

export interface ExampleRecord {
  readonly line: string;
  readonly what: string;
}

/** Names that the appliance knows: completed from it, and compared with what was mistyped. */
export type NameKind = "archive" | "cartridge" | "key" | "library" | "pool";
