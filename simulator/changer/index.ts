export { addressOf, contentOf, elementAt, type ElementPlace, type Where, withContent } from "./elements.ts";
export { openChangerUnit } from "./unit.ts";
