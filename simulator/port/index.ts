export type { Delivery, LibraryPort, Nexus, ResetScope, WireFault } from "./contract.ts";
export { Port, type PortParts } from "./port.ts";
