import type { ScannerChange } from "../scanners/index.ts";
import type { ConsoleState } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { shownRows } from "../views/index.ts";
import { withPlace } from "./browsing.ts";
import { scannedIntoExchange } from "./exchange.ts";
import { type Step, step } from "./contract.ts";

/**
 * A scan leads to that cartridge and shows what can be done with it; it never does anything itself. At a confirmation it is taken as the barcode that
 * was asked for, at a question as what was typed, and a key is needed still.
 */
export function scanned(state: ConsoleState, code: string, words: Tongue): Step {
  const { overlay } = state;
  if (overlay?.kind === "confirm") return step({ ...state, overlay: { ...overlay, typed: code } });
  if (overlay?.kind === "form") return step(overlay.secretCharacters > 0 ? state : { ...state, overlay: { ...overlay, text: code } });
  if (state.appliance === undefined) return step(state);
  if (state.exchange !== undefined) return scannedIntoExchange(state, state.exchange, code, words);
  const cleared = withPlace({ ...state, overlay: undefined, view: "cartridges" }, "cartridges", { filter: "" });
  const rows = shownRows({ appliance: state.appliance, state: cleared, words }, "cartridges");
  const at = rows.findIndex(({ barcode }) => barcode === code);
  // A cartridge that came in a moment ago may not be read yet.
  if (at < 0) return step({ ...state, overlay: undefined, notice: { severity: "warn", text: words.frame.scannedUnknown(code) } }, { kind: "refresh" });
  const row = rows[at]!;
  const placed = withPlace(cleared, "cartridges", { selected: row.key, at });
  return step({ ...placed, notice: { severity: "note", text: words.frame.scanned(code) }, overlay: { kind: "menu", row: row.key, at: 0 } });
}

/** A scanner that went, came back or cannot be read is told of below the view; nothing else changes. */
export function withScanner(state: ConsoleState, change: ScannerChange, words: Tongue): ConsoleState {
  const { scanners } = words;
  switch (change.now) {
    case "there": return { ...state, notice: { severity: "ok", text: scanners.there(change.path) } };
    case "gone": return { ...state, notice: { severity: "warn", text: scanners.gone(change.path, change.why) } };
    case "garbled": return { ...state, notice: { severity: "warn", text: scanners.garbled(change.path, change.baudRate) } };
  }
}
