export type * from "./contract.ts";
export { openJournal } from "./journal.ts";
export { type Owners, processOwners, type ReadProc } from "./owner.ts";
