import type { Scenario } from "../contract.ts";
import { exchangeByScanning } from "./exchange.ts";
import { firstDay } from "./first-day.ts";
import { loadAndUnload } from "./load-and-unload.ts";
import { restoreFromShelf } from "./restore.ts";
import { tapeFailure } from "./tape-failure.ts";
import { killedConsole, loadRequest } from "./waiting.ts";

export const scenarios: readonly Scenario[] = [firstDay, loadRequest, tapeFailure, restoreFromShelf, exchangeByScanning({ cartridges: 20, mailSlots: 5 }), loadAndUnload, killedConsole];
