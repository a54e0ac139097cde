export { durationMs } from "./duration.ts";
export { elementReference } from "./element.ts";
export { nearest, withSuggestion } from "./nearest.ts";
export { sizeBytes, wholeNumber } from "./number.ts";
export { entryPath, pathBytes } from "./path-bytes.ts";
export { sources, type TypedSource } from "./source.ts";
