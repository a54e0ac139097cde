import { tarRecordBytes, type VolumeMedium } from "../../formats/volume/index.ts";
import type { ObjectRecord } from "../../records/index.ts";
import { asStrongroomError, type StrongroomError } from "../../words/index.ts";
import { finding, type Finding } from "./findings.ts";

export interface ReadThroughRequest {
  readonly medium: VolumeMedium;
  /** What the records say is on the volume, in order of the numbers. */
  readonly recorded: readonly ObjectRecord[];
  /** The block size that the volume was made with. */
  readonly blockSizeBytes: number;
  readonly fromObject: number;
  /** A failure that says nothing about the volume ends the work, and is thrown on. */
  readonly isElsewhere: (error: StrongroomError) => boolean;
  /** Called for each object that the device has read through, or could not. */
  readonly onPassed: (object: ObjectRecord, doubt: Finding | undefined) => void;
  readonly signal: AbortSignal;
}

/**
 * The device of a medium reads every recorded object through by itself, to its end mark. What it could not read, what lies in another number of blocks than it was written in and
 * what is not there is doubtful: nothing was compared, so nothing is known to be bad, and nothing to be good. `not-offered` where the device has no command for it: nothing was read then.
 */
export async function readThrough(request: ReadThroughRequest): Promise<"done" | "not-offered"> {
  const { medium, recorded, fromObject, signal, onPassed } = request;
  const doubtful = (object: ObjectRecord, what: string): void => {
    onPassed(object, finding("warn", "OBJECT_DOUBTFUL", { barcode: medium.barcode, object: object.number, role: object.role }, what));
  };
  for (const object of recorded.filter(({ number }) => number >= fromObject)) {
    signal.throwIfAborted();
    const passed = await passOf(request, object);
    if (passed === "not-offered") return passed;
    if (passed.doubt === undefined) onPassed(object, undefined);
    else doubtful(object, passed.doubt);
  }
  return "done";
}

interface Pass {
  /** In words; undefined when the device has read it through. */
  readonly doubt: string | undefined;
}

async function passOf({ medium, blockSizeBytes, isElsewhere, signal }: ReadThroughRequest, object: ObjectRecord): Promise<Pass | "not-offered"> {
  try {
    const passed = (await medium.verifyObject?.(object.number, object.sizeBytes)) ?? "not-offered";
    if (passed === "not-offered") return passed;
    if (passed === "end-of-data") return { doubt: "is in the records, but the drive finds the end of the data before it" };
    const written = Math.ceil(object.sizeBytes / (object.role === "bootstrap" ? tarRecordBytes : blockSizeBytes));
    if (passed.blocks === undefined || passed.blocks === written) return { doubt: undefined };
    return { doubt: `lies in ${String(passed.blocks)} blocks, ${String(written)} were written` };
  } catch (error) {
    const known = asStrongroomError(error);
    if (signal.aborted || known.kind === "internal" || known.kind === "busy" || isElsewhere(known)) throw error;
    return { doubt: `could not be read through by the drive: ${known.message}` };
  }
}
