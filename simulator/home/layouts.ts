import type { FirstAddresses } from "./changer-contract.ts";

export interface Layout {
  readonly firstAddresses: FirstAddresses;
  /** Which libraries have it, and who says so. */
  readonly because: string;
}

/** Addresses of elements as libraries have them. */
export const layouts = {
  default: {
    firstAddresses: { transport: 0x0001, mailSlot: 0x0010, drive: 0x0100, slot: 0x1000 },
    because: "IBM TS3100 and TS3200, Quantum Scalar, Spectra Logic T-series (their SCSI references)",
  },
  ts4500: {
    firstAddresses: { transport: 0x0001, drive: 0x0101, mailSlot: 0x0301, slot: 0x0401 },
    because: "IBM 3584 and TS4500",
  },
  hpe: {
    firstAddresses: { transport: 0x0001, slot: 0x0020, mailSlot: 0x01c0, drive: 0x01e0 },
    because: "HP MSL, as mhvtl has it",
  },
  oracle: {
    firstAddresses: { transport: 0, mailSlot: 10, drive: 1000, slot: 2000 },
    because: "Oracle StorageTek SL4000 (its SCSI reference)",
  },
  storagetek: {
    firstAddresses: { transport: 1, mailSlot: 10, drive: 500, slot: 1000 },
    because: "StorageTek L20 to L700 (the SCSI reference of the L20)",
  },
  overland: {
    firstAddresses: { mailSlot: 0, transport: 1, slot: 2, drive: 0xff },
    because: "Overland, as mhvtl has it: one mail slot",
  },
} as const satisfies Readonly<Record<string, Layout>>;

export type LayoutName = keyof typeof layouts;

export function isLayout(name: string): name is LayoutName {
  return Object.hasOwn(layouts, name);
}
