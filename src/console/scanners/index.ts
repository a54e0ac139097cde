export type { OpenScannerPort, PortListener, ScannerChange, ScannerListener, ScannerPort } from "./contract.ts";
export { type ScannerWatch, watchScanners } from "./watch.ts";
