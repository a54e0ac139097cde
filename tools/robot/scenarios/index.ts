import type { Scenario } from "../contract.ts";
import { firstDay } from "./first-day.ts";
import { loadAndUnload } from "./load-and-unload.ts";

export const scenarios: readonly Scenario[] = [firstDay, loadAndUnload];
