import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";
import { createBinding } from "./binding.js";
import { systemSurroundings } from "./explain.js";

const binding = createBinding(load(), { waitsAtExit: !isMainThread, surroundings: systemSurroundings });

function load() {
  try {
    return createRequire(import.meta.url)("./build/node-sg-ioctl.node");
  } catch (cause) {
    const error = new Error("node-sg-ioctl is not built for this machine; run: npm rebuild node-sg-ioctl", { cause });
    error.code = "SG_NOT_BUILT";
    throw error;
  }
}

export const { openDevice, allocateBuffer } = binding;
