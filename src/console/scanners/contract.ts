import type { ScannerConfig } from "../../records/index.ts";

/** An open line to a scanner. */
export interface ScannerPort {
  close(): Promise<void>;
}

export interface PortListener {
  bytes(chunk: Uint8Array): void;
  /** Once, when the line is gone by itself: pulled out, switched off, failed. */
  closed(): void;
}

/**
 * Opens the line of a scanner. Rejects when it cannot be opened now. `closed` is only told of a line that was opened, and not of one that was closed
 * by its own `close`.
 */
export type OpenScannerPort = (settings: ScannerConfig, listener: PortListener) => Promise<ScannerPort>;

export interface ScannerListener {
  /** A code that was read: 1 to 64 printable characters without a blank. It never confirms anything by itself. */
  scan(code: string): void;
  /** What changed with a scanner: told once, until it changes again. `why` is as the machine says it. */
  changed(scanner: ScannerChange): void;
}

export type ScannerChange = { readonly path: string } & (
  | { readonly now: "there" }
  | { readonly now: "gone"; readonly why: string }
  /** Something arrived that is no code, as at a wrong speed. Nothing was taken from it. */
  | { readonly now: "garbled"; readonly baudRate: number }
);
