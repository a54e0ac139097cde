export { be16, be24, be32, be64, field, text, viewOf } from "./bytes.ts";
export { answer, check, conflict, good, type LogicalUnit, moved, type Nexus, type Outcome } from "./outcome.ts";
export { encodeSense, invalidField, type SenseFields, senseKey, senses } from "./sense.ts";
