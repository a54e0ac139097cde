export { PoolWriter, type PoolWriterParts } from "./pool-writer.ts";
export { fromFile, fromText } from "./sources.ts";
export { type Appended, type ObjectSource, VolumeWriter } from "./volume-writer.ts";
