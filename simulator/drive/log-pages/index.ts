export { alertFlagsOnce, alertResponse } from "./alerts.ts";
export { deviceStatistics, sequentialAccess, temperature } from "./device.ts";
export { diagnosticData, errorCounters, nonMediumErrors, selfTests } from "./errors.ts";
export { dataCompression, tapeCapacity, tapeUsage, volumeStatistics } from "./volume.ts";
