import type { ModePage } from "./mode.ts";

/** What the control mode page can change. */
export interface ControlSettings {
  /** D_SENSE: sense comes in the descriptor format. */
  readonly descriptorSense: boolean;
  /** SWP, where the unit has it: nothing may be written. */
  readonly writeProtected?: boolean;
}

const controlBytes = 12;
const extensionBytes = 32;

/** TAS: who had a command that another initiator ended is told so by its status. */
const taskAbortedStatus = 0x40;

/** Control (SPC-5, 7.5.10) and control extension (7.5.11): one task set for all, commands in order. */
export function controlPages(settings: ControlSettings): readonly ModePage[] {
  const hasProtection = settings.writeProtected !== undefined;
  const page = ({ descriptorSense, writeProtected = false }: ControlSettings, fixed: number): readonly number[] =>
    [0x0a, controlBytes - 2, descriptorSense ? 0x04 : 0, 0, writeProtected ? 0x08 : 0, fixed, ...new Array<number>(controlBytes - 6).fill(0)];
  const extension: ModePage = { page: 0x0a, subpage: 0x01, bytes: [0x4a, 0x01, 0, extensionBytes - 4, ...new Array<number>(extensionBytes - 4).fill(0)] };
  return [
    {
      page: 0x0a,
      subpage: 0,
      bytes: page(settings, taskAbortedStatus),
      defaults: page({ descriptorSense: false }, taskAbortedStatus),
      changeable: page({ descriptorSense: true, writeProtected: hasProtection }, 0),
    },
    extension,
  ];
}

/** What MODE SELECT of the control page asks for. */
export function deviceOptions(bytes: Uint8Array): { readonly descriptorSense: boolean; readonly writeProtected: boolean } {
  return { descriptorSense: (bytes[2]! & 0x04) !== 0, writeProtected: (bytes[4]! & 0x08) !== 0 };
}
