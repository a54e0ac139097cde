/** How much the head needs cleaning: not, soon, before anything else. */
export const dirtLevels = ["clean", "requested", "required"] as const;

export type Dirt = (typeof dirtLevels)[number];

/** The life of a drive, as it keeps it over power-offs. */
export interface DriveCare {
  readonly dirt: Dirt;
  readonly loads: number;
  readonly cleanings: number;
  readonly powerCycles: number;
  /** While the drive had power. */
  readonly poweredMs: number;
  /** While tape moved over the head. */
  readonly motionMs: number;
  /** `motionMs` at the last cleanings, the last one first; at most three. */
  readonly motionAtCleaningsMs: readonly number[];
  readonly metres: number;
  readonly hardWriteErrors: number;
  readonly hardReadErrors: number;
}

export const newDriveCare: DriveCare = {
  dirt: "clean", loads: 0, cleanings: 0, powerCycles: 0, poweredMs: 0, motionMs: 0, motionAtCleaningsMs: [], metres: 0, hardWriteErrors: 0, hardReadErrors: 0,
};

const hourMs = 3_600_000;
/** Of motion since the last cleaning; estimated: no maker tells when drives ask. */
const hoursUntil = { requested: 100, required: 150 } as const;

/** What hands made of the head, or what it gathered in motion, whichever is worse. */
export function dirtOf({ dirt, motionMs, motionAtCleaningsMs }: DriveCare): Dirt {
  const hours = (motionMs - (motionAtCleaningsMs[0] ?? 0)) / hourMs;
  const gathered = hours >= hoursUntil.required ? "required" : hours >= hoursUntil.requested ? "requested" : "clean";
  return dirtLevels[Math.max(dirtLevels.indexOf(dirt), dirtLevels.indexOf(gathered))]!;
}

const counts = ["loads", "cleanings", "powerCycles", "poweredMs", "motionMs", "metres", "hardWriteErrors", "hardReadErrors"] as const;

/** Libraries that were made before drives kept it have none. */
export function isDriveCare(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  const care = value as Record<string, unknown>;
  const isAmount = (one: unknown): boolean => typeof one === "number" && Number.isFinite(one) && one >= 0;
  const past = care["motionAtCleaningsMs"];
  return dirtLevels.includes(care["dirt"] as Dirt) && counts.every((name) => isAmount(care[name])) && Array.isArray(past) && past.length <= 3 && past.every(isAmount);
}
