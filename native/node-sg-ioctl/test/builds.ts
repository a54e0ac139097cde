import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as sg from "node-sg-ioctl";
import { createBinding, type Native } from "../binding.js";

export const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** What the package exports. */
export type Package = Pick<typeof sg, "openDevice" | "allocateBuffer">;

/** The package on a build whose devices are text files; test/fake-device.c says what is in them. */
export interface ScriptedPackage extends Package {
  readonly folder: string;
  readonly addonPath: string;
  /** Writes the script of a device and gives its path. */
  device(name: string, ...lines: readonly string[]): string;
  /** What arrived at the device. */
  arrivals(path: string): readonly string[];
  /** Lets a device that hangs go on. */
  release(path: string): void;
  remove(): void;
}

/** Compiles the addon for scripted devices, without loading it: a sanitized one can be loaded only where its runtime came first. */
export function compileScripted(addonPath: string, ...flags: readonly string[]): void {
  execFileSync("sh", ["build.sh", addonPath, "-DSG_TEST", ...flags, "test/fake-device.c"], { cwd: packageFolder, stdio: "pipe" });
}

export function buildScripted(): ScriptedPackage {
  const folder = mkdtempSync(join(tmpdir(), "strongroom-sg-"));
  const addonPath = join(folder, "scripted.node");
  compileScripted(addonPath);
  const native = createRequire(import.meta.url)(addonPath) as Native;
  const surroundings = { hasScsi: () => true, hasSg: () => true };
  return {
    ...createBinding(native, { waitsAtExit: false, surroundings }),
    folder,
    addonPath,
    device: (name, ...lines) => {
      const path = join(folder, name);
      writeFileSync(path, `${lines.join("\n")}\n`);
      return path;
    },
    arrivals: (path) => {
      try {
        return readFileSync(`${path}.log`, "utf8").trimEnd().split("\n");
      } catch {
        return [];
      }
    },
    release: (path) => { writeFileSync(`${path}.release`, ""); },
    remove: () => { rmSync(folder, { recursive: true, force: true }); },
  };
}
