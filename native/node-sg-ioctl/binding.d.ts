import type { allocateBuffer, openDevice } from "node-sg-ioctl";

/** What the C file exports; only binding.js calls it. */
export type Native = Readonly<Record<"open" | "execute" | "reserve" | "close" | "hold" | "allocate", (...facts: never[]) => unknown>>;

export interface Surroundings {
  hasScsi(): boolean;
  hasSg(): boolean;
}

/** The package on one native build; tests choose a build whose devices are scripted. */
export function createBinding(
  native: Native,
  options: { readonly waitsAtExit: boolean; readonly surroundings: Surroundings },
): { readonly openDevice: typeof openDevice; readonly allocateBuffer: typeof allocateBuffer };
