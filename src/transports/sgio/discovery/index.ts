export { type DriveElement, deviceNamed, deviceWithSerial, driveAt, stableReference } from "./choosing.ts";
export { discoverDevices, type ScsiDevice, type ScsiDeviceKind, systemRoots, type SystemRoots } from "./devices.ts";
