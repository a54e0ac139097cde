export { be16, be24, be32, be64, field, text, viewOf } from "./bytes.ts";
export { answer, check, good, type LogicalUnit, moved, type Outcome } from "./outcome.ts";
export { encodeSense, invalidField, type SenseFields, senseKey, senses } from "./sense.ts";
