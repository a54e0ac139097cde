import { opcode, type SupportedOpcode } from "../../../scsi/index.ts";
import { type OperationKind, timeoutMs } from "./defaults.ts";
import { limitOfGeneration, type SlowKind, slowKinds } from "./generations.ts";

/** Where the time-outs of a drive come from. */
export type TimeoutSource = "drive" | "generation" | "default";

export interface OperationLimits {
  readonly source: TimeoutSource;
  /** Milliseconds of each kind of operation. */
  readonly limitMs: Readonly<Record<OperationKind, number>>;
}

export const defaultLimits: OperationLimits = { source: "default", limitMs: timeoutMs };

/** The commands behind each kind: the longest figure of any of them counts. */
const opcodesOf: Readonly<Record<SlowKind, readonly number[]>> = {
  read: [opcode.read6],
  write: [opcode.write6],
  writeFilemarks: [opcode.writeFilemarks6],
  rewind: [opcode.rewind],
  locate: [opcode.locate10, opcode.locate16],
  space: [opcode.space6, opcode.space16],
  unload: [opcode.loadUnload],
  erase: [opcode.erase6],
};

/** No operation that moves tape is given up earlier, whatever a drive says of itself. */
const floorMs = 5 * 60_000;
/** Nor later than twice the longest that is known of any drive: a drive that answers nonsense must not hold a job for years. */
const ceilingFactor = 2;

/**
 * What a drive recommends for itself, but never less than what its generation is known to take: firmware is known that promises less than
 * it keeps, and a time-out that strikes too early breaks good work off and loses the position, while one that is too long only delays the
 * news of a dead drive. A load keeps its default: it may measure a new tape for two hours, which no figure includes.
 */
export function chooseLimits(supported: readonly SupportedOpcode[], generation: string | undefined): OperationLimits {
  const limitMs: Record<OperationKind, number> = { ...timeoutMs };
  let source: TimeoutSource = "default";
  for (const kind of slowKinds) {
    const known = limitOfGeneration(generation, kind);
    const told = recommendationOf(supported, opcodesOf[kind]);
    if (told === undefined && known === undefined) continue;
    if (told !== undefined) source = "drive";
    else if (source === "default") source = "generation";
    limitMs[kind] = Math.max(floorMs, known ?? 0, Math.min(told ?? 0, timeoutMs[kind] * ceilingFactor));
  }
  return { source, limitMs };
}

function recommendationOf(supported: readonly SupportedOpcode[], opcodes: readonly number[]): number | undefined {
  const seconds = supported.filter((one) => opcodes.includes(one.opcode)).map((one) => Math.max(one.recommendedSeconds, one.nominalSeconds));
  const longest = Math.max(0, ...seconds);
  return longest === 0 ? undefined : longest * 1000;
}
