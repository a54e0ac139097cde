import { type ScannerListener, type ScannerWatch, watchScanners } from "../console/index.ts";
import { type Config, openConfig, openState, type StateFolder } from "../records/index.ts";
import { systemClock } from "../words/index.ts";
import { serialLines } from "./serial-line.ts";

/** Listens to the serial scanners that config.json of this state folder names; undefined where it names none. */
export function listenToScanners(stateFolder: string, listener: ScannerListener): ScannerWatch | undefined {
  const known = configured(stateFolder);
  if (known === undefined || known.scanners.length === 0) return undefined;
  const { state, scanners } = known;
  // Of several consoles one has a scanner: it is the next one's when that one is left.
  const open = serialLines((path) => state.lock(`scanner-${Buffer.from(path).toString("hex").slice(-100)}`, "a console that reads this scanner"));
  return watchScanners(scanners, { open, clock: systemClock, listener });
}

function configured(stateFolder: string): { readonly state: StateFolder; readonly scanners: Config["console"]["scanners"] } | undefined {
  try {
    const state = openState(stateFolder);
    return { state, scanners: openConfig(state.configPath, () => state.lock("config", "editing the configuration")).load().console.scanners };
  } catch {
    // What is wrong with the state or its configuration, the console shows: it reads both.
    return undefined;
  }
}
