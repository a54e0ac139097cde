export { type Clock, rfc3339 } from "./clock.ts";
export { asStrongroomError, type ErrorDetails, type ErrorKind, StrongroomError } from "./errors.ts";
export { printable, printableSentence } from "./printable.ts";
export { type RandomBytes, systemRandom, uuid } from "./random.ts";
export { severities, type Severity, worst } from "./severity.ts";
export { systemClock } from "./system-clock.ts";
export { isDiskFull, systemCode } from "./system-failure.ts";
export { formatBytes, formatDuration, formatRate, parseBytes } from "./units.ts";
