import { be32 } from "./bytes.ts";
import { flagOf, type Numbers, numbersOf, textOf } from "./log-fields.ts";
import type { LogParameters } from "./log-pages.ts";

/** SSC-5, 8.2.5. Hours of motion are those in which tape moved over the heads. */
const fields = {
  loads: 0x0000,
  cleanings: 0x0001,
  poweredHours: 0x0002,
  motionHours: 0x0003,
  tapeMetres: 0x0004,
  motionHoursAtIncompatibleMedium: 0x0005,
  poweredHoursAtTemperatureTrouble: 0x0006,
  poweredHoursAtPowerTrouble: 0x0007,
  motionHoursSinceCleaning: 0x0008,
  motionHoursSinceSecondLastCleaning: 0x0009,
  motionHoursSinceThirdLastCleaning: 0x000a,
  poweredHoursAtForcedEject: 0x000b,
  powerCycles: 0x000c,
  loadsSinceReset: 0x000d,
  hardWriteErrors: 0x000e,
  hardReadErrors: 0x000f,
} as const;

/** Page 0x14: the life of the drive. */
export interface DeviceStatistics extends Numbers<typeof fields> {
  readonly serialNumber: string | undefined;
  /** It ran hotter than its maker recommends, once in its life. */
  readonly wasTooHot: boolean | undefined;
  readonly motionHoursByMedium: readonly { readonly densityCode: number; readonly mediumType: number; readonly motionHours: number }[];
}

const motionByMedium = 0x1000;
const motionRecordBytes = 8;
const motionRecordLimit = 32;

export function deviceStatistics(parameters: LogParameters): DeviceStatistics {
  return {
    ...numbersOf(parameters, fields),
    serialNumber: textOf(parameters.get(0x0041)),
    wasTooHot: flagOf(parameters.get(0x0081)),
    motionHoursByMedium: motionRecords(parameters.get(motionByMedium)),
  };
}

function motionRecords(data: Uint8Array | undefined): DeviceStatistics["motionHoursByMedium"] {
  const records: { densityCode: number; mediumType: number; motionHours: number }[] = [];
  if (data === undefined) return records;
  for (let at = 0; at + motionRecordBytes <= data.length && records.length < motionRecordLimit; at += motionRecordBytes) {
    records.push({ densityCode: data[at + 2] ?? 0, mediumType: data[at + 3] ?? 0, motionHours: be32(data, at + 4) });
  }
  return records;
}
