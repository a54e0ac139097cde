export type { Delivery, LibraryPort, Nexus, ResetScope } from "./contract.ts";
export { Port, type PortParts } from "./port.ts";
