import { StrongroomError } from "../../words/index.ts";

/** What a header says cannot be: every refusal of the reader names the place. */
export function damaged(what: string, headerOffset: number): StrongroomError {
  return new StrongroomError(
    "mismatch",
    "TAR_DAMAGED",
    `${what}, at byte ${String(headerOffset)} of the tar stream; what came before is whole`,
    {
      hint: "verify the segment and read another copy of it",
    },
  );
}
