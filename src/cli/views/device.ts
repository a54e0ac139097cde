import type { DeviceOperations } from "../../operations/index.ts";
import { type Column, name, plural } from "./column.ts";
import type { JsonObject } from "./document.ts";

type MachineDevice = Awaited<ReturnType<DeviceOperations["list"]>>[number];

export const deviceColumns: readonly Column<MachineDevice>[] = [
  { title: "device", cell: ({ reference }) => name(reference) },
  { title: "kind", cell: ({ kind, isUsb }) => (isUsb ? `${kind}, USB` : kind) },
  { title: "product", cell: ({ vendor, product }) => name(`${vendor} ${product}`.trim()) },
  { title: "nodes", cell: ({ nodes }) => nodes.map((node) => name(node)).join(" ") },
  { title: "size", right: true, cell: ({ sizeBytes }, units) => (sizeBytes === undefined ? "-" : units.bytes(sizeBytes)) },
  { title: "state", cell: stateWords },
];

/** Who has it, else how the kernel finds it. */
function stateWords({ holders, unseen, state }: MachineDevice): string {
  const held = [...new Set(holders.map(({ command, processId }) => `${name(command)} (process ${String(processId)})`))];
  if (held.length > 0) return `held by ${held.join(", ")}`;
  if (state !== "running") return name(state);
  return unseen === 0 ? "free" : `free, as far as can be seen: ${plural(unseen, "process", "processes")} of others not looked into`;
}

export function deviceDocument(device: MachineDevice): JsonObject {
  return {
    device: device.reference,
    kind: device.kind,
    address: device.address,
    vendor: device.vendor,
    product: device.product,
    revision: device.revision,
    serial: device.serial ?? null,
    nodes: [...device.nodes],
    usb: device.isUsb,
    size_bytes: device.sizeBytes ?? null,
    state: device.state,
    holders: device.holders.map(({ processId, command, node }) => ({ process: processId, command, node })),
    processes_unseen: device.unseen,
  };
}
