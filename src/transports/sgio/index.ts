export {
  deviceNamed,
  deviceWithSerial,
  discoverDevices,
  driveAt,
  type DriveElement,
  type ScsiDevice,
  type ScsiDeviceKind,
  stableReference,
  systemRoots,
  type SystemRoots,
} from "./discovery/index.ts";
export { type DeviceHolder, findHolders, type HolderSearch } from "./holders.ts";
export { type LocalDevices, localDevices, type LocalDevicesParts } from "./local-devices.ts";
export { openSgTransport, type SgTransportOptions } from "./opening.ts";
