import type { SgError } from "node-sg-ioctl";
import type { Surroundings } from "./binding.js";

/** What the kernel has, as far as files tell. */
export const systemSurroundings: Surroundings;
/** The error for a call of the kernel that failed on this device. */
export function systemError(path: string, errno: number, call: string, surroundings: Surroundings): SgError;
/** The error for what this package itself refuses or gives up. */
export function ownError(path: string, code: string, message: string): SgError;
