import type { DeviceOperations } from "../operations/index.ts";
import { type LocalDevices, stableReference } from "../transports/sgio/index.ts";

export function machineDevices(devices: LocalDevices): DeviceOperations {
  return {
    list: async () => Promise.resolve(devices.list().map((device) => {
      const { kind, address, vendor, product, revision, serial, nodes, isUsb, sizeBytes, state } = device;
      const reference = stableReference(device);
      return { kind, address, vendor, product, revision, serial, reference, nodes, isUsb, sizeBytes, state, ...devices.holders(device) };
    })),
  };
}
